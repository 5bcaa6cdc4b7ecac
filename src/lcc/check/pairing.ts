import type { ReceiveDef, SendDef } from '../ast.ts';
import { type Program, type Step, signature } from './program.ts';
import { type Finding, finding } from './report.ts';

/**
 * What one role sends, the other awaits, under the name of the role that sends: `m => a(r, _)` in
 * role q pairs with `m <= a(q, _)` in role r, with the same number of arguments.
 */
export function checkPairing(program: Program): readonly Finding[] {
  return [
    ...program.sends.filter((send) => !isAwaited(program, send)).map((s) => unheard(program, s)),
    ...program.receives
      .filter((receive) => !isSent(program, receive))
      .map((r) => unsaid(program, r)),
  ];
}

/** The platform itself answers so when nobody takes a message. */
const FROM_PLATFORM = 'not_understood';

function pairs(send: Step<SendDef>, receive: Step<ReceiveDef>): boolean {
  return (
    signature(send.def.message) === signature(receive.def.message) &&
    send.def.target.role === receive.clause.role &&
    receive.def.target.role === send.clause.role
  );
}

function isAwaited(program: Program, send: Step<SendDef>): boolean {
  const known = program.clauses.has(send.def.target.role);
  return !known || program.receives.some((receive) => pairs(send, receive));
}

function isSent(program: Program, receive: Step<ReceiveDef>): boolean {
  const known = program.clauses.has(receive.def.target.role);
  const exempt = !known || receive.def.message.name === FROM_PLATFORM;
  return exempt || program.sends.some((send) => pairs(send, receive));
}

function unheard(program: Program, send: Step<SendDef>): Finding {
  const { message, target, at } = send.def;
  const near = program.receives.filter((receive) => receive.def.message.name === message.name);
  const what = `${signature(message)} from ${send.clause.role} is never received by ${target.role}`;
  const why =
    describe(near, (receive) => {
      const { role } = receive.def.target;
      const same = receive.clause.role === target.role && role === send.clause.role;
      return same ? `it awaits ${signature(receive.def.message)}` : undefined;
    }) ??
    describe(near, (receive) => {
      const other = receive.clause.role === target.role;
      return other ? `it awaits that from ${receive.def.target.role}` : undefined;
    }) ??
    describe(near, (receive) => {
      const other = receive.def.target.role === send.clause.role;
      return other ? `${receive.clause.role} awaits it` : undefined;
    }) ??
    'nobody awaits it';
  return finding('LCC.MESSAGE_NEVER_RECEIVED', at, `${what}: ${why}`);
}

function unsaid(program: Program, receive: Step<ReceiveDef>): Finding {
  const { message, target, at } = receive.def;
  const near = program.sends.filter((send) => send.def.message.name === message.name);
  const what = `${signature(message)} is never sent by ${target.role} to ${receive.clause.role}`;
  const why =
    describe(near, (send) => {
      const same = send.clause.role === target.role && send.def.target.role === receive.clause.role;
      return same ? `it sends ${signature(send.def.message)}` : undefined;
    }) ??
    describe(near, (send) => {
      const other = send.def.target.role === receive.clause.role;
      return other ? `${send.clause.role} sends it` : undefined;
    }) ??
    describe(near, (send) => {
      const other = send.clause.role === target.role;
      return other ? `it sends that to ${send.def.target.role}` : undefined;
    }) ??
    'nobody sends it';
  return finding('LCC.MESSAGE_NEVER_SENT', at, `${what}: ${why}`);
}

/** The first near miss with its line, which is where the mistake most often is. */
function describe<Near extends Step>(
  candidates: readonly Near[],
  say: (candidate: Near) => string | undefined,
): string | undefined {
  for (const candidate of candidates) {
    const said = say(candidate);
    if (said !== undefined) return `${said} (line ${candidate.def.at.line})`;
  }
  return undefined;
}
