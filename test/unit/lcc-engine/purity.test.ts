import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFailure } from '../../../src/base/failure.ts';
import { compile } from '../../../src/lcc/compile.ts';
import { constraintTable } from '../../../src/lcc/constraint.ts';
import { initialState, startAgent, step } from '../../../src/lcc/engine.ts';
import type { Sink } from '../../../src/lcc/guards.ts';
import { Machine } from '../../../src/lcc/machine.ts';
import { parseModel } from '../../../src/lcc/parser.ts';
import type { Program } from '../../../src/lcc/program.ts';
import type { AgentState } from '../../../src/lcc/state.ts';
import { decodeState } from '../../../src/lcc/state-decode.ts';
import { encodeState } from '../../../src/lcc/state-encode.ts';
import type { Effect, Event } from '../../../src/lcc/step.ts';
import { asked, computed, line } from './actor.ts';

const table = constraintTable([
  ...asked('wait later(-)', 'act act(+)', 'compute solve(+-)'),
  computed('small(+)', ([n]) => (Number(n) < 2 ? [] : undefined)),
  computed('next(+-)', ([n]) => (typeof n === 'number' ? [n + 1] : undefined)),
]);

const variable = fc.constantFrom('N', 'M', 'P', 'Q');
const term = fc.oneof(
  { weight: 4, arbitrary: variable },
  fc.constantFrom('0', '1', 'x', '[]', '_'),
  fc.tuple(variable, variable).map(([a, b]) => `[${a} | ${b}]`),
  variable.map((name) => `f(${name})`),
);
const input = fc.oneof(fc.constantFrom('N', '1', '[N]'));
const call = fc.oneof(
  fc.tuple(term, term).map(([a, b]) => `${a} = ${b}`),
  fc.tuple(input, input).map(([a, b]) => `${a} == ${b}`),
  input.map((n) => `small(${n})`),
  fc.tuple(input, variable).map(([n, m]) => `next(${n}, ${m})`),
  variable.map((n) => `later(${n})`),
  input.map((n) => `act(${n})`),
  fc.tuple(input, variable).map(([n, m]) => `solve(${n}, ${m})`),
  fc.constantFrom('timeout(5)', 'within(9)', 'getPeers("other", Q)', 'deadline(4, M)'),
);
const constraint = fc.oneof(
  { weight: 3, arbitrary: call },
  fc.tuple(call, call).map(([a, b]) => `${a} and ${b}`),
  fc.tuple(call, call).map(([a, b]) => `( ${a} or ${b} )`),
  call.map((a) => `not ${a}`),
);
const guard = fc.option(constraint, { nil: undefined }).map((text) => (text ? ` <- ${text}` : ''));
const agent = fc.constantFrom('b', 'S', '_');
const def = fc.oneof(
  guard.map((text) => `null${text}`),
  fc
    .tuple(fc.constantFrom('m', 'k'), term, agent, guard)
    .map(([name, arg, id, text]) => `${name}(${arg}) <= a(other, ${id})${text}`),
  fc
    .tuple(fc.constantFrom('m', 'k'), input, agent, guard)
    .map(([name, arg, id, text]) => `${name}(${arg}) => a(other, ${id})${text}`),
  fc
    // Asked first: so no model spins.
    .tuple(fc.constantFrom('r', 'sub'), term, variable)
    .map(([role, arg, out]) => `a(${role}(${arg}), X) <- later(${out})`),
);
const body = fc.letrec<{ body: string }>((tie) => ({
  body: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    def,
    fc
      .tuple(tie('body'), fc.constantFrom('then', 'then', 'or', 'par'), tie('body'))
      .map(([left, op, right]) => `( ${left} ) ${op} ( ${right} )`),
  ),
})).body;
const model = fc
  .tuple(body, body)
  .map(([first, second]) => `a(r(N), X) :: ${first}\na(sub(N), X) :: ${second}\n`);

const commit = fc.constantFrom('rewrite', 'message');

/** Events in words: what they are about depends on what the agent asked so far. */
const happening = fc.record({
  kind: fc.constantFrom('message', 'message', 'yes', 'no', 'time'),
  name: fc.constantFrom('m', 'k'),
  role: fc.constantFrom('r', 'sub'),
  from: fc.constantFrom('b', 'c'),
  value: fc.integer({ min: 0, max: 3 }),
  pick: fc.nat(),
});

type Happening = typeof happening extends fc.Arbitrary<infer Type> ? Type : never;

/** The event that a happening is for an agent that has these questions open. */
function eventOf(open: ReadonlyMap<number, Effect>, what: Happening): Event {
  const asks = [...open.entries()];
  const [ask, effect] = asks[what.pick % Math.max(1, asks.length)] ?? [];
  if (what.kind === 'message') {
    return {
      kind: 'message',
      message: {
        from: { role: 'other', id: what.from },
        to: { role: what.role, id: 'me' },
        name: what.name,
        args: [what.value],
      },
    };
  }
  if (what.kind === 'time' || ask === undefined || effect === undefined) return { kind: 'time' };
  if (effect.kind === 'peer')
    return { kind: 'peers', ask, ids: ['b', 'c'].slice(0, what.value % 2) };
  if (effect.kind === 'peers') return { kind: 'peers', ask, ids: ['b', 'c'].slice(0, what.value) };
  if (what.kind === 'no' || effect.kind !== 'ask')
    return { kind: 'answer', ask, answer: { no: true } };
  const outputs = effect.arity - effect.args.length;
  return { kind: 'answer', ask, answer: { yes: outputs === 1 ? [what.value] : [] } };
}

interface Driver {
  start(): readonly Effect[];
  handle(event: Event, nowMs: number): readonly Effect[];
}

function stepping(program: Program, between: (state: AgentState) => AgentState): Driver {
  let state: AgentState | undefined;
  return {
    start() {
      const outcome = startAgent(program, { id: 'me', role: 'r', args: [1] }, 0);
      state = between(outcome.state);
      return outcome.effects;
    },
    handle(event, nowMs) {
      if (state === undefined) return [];
      const outcome = step(state, event, nowMs);
      state = between(outcome.state);
      return outcome.effects;
    },
  };
}

/** As the in-memory net drives it: one machine that changes in place. */
function inPlace(program: Program): Driver {
  let effects: Effect[] = [];
  const sink: Sink = {
    send: (message) => effects.push({ kind: 'send', message }),
    emit: (effect) => effects.push(effect),
  };
  const machine = new Machine(initialState(program, { id: 'me', role: 'r', args: [1] }), sink);
  const drain = (): readonly Effect[] => {
    const drained = withoutDropped(effects);
    effects = [];
    return drained;
  };
  return {
    start() {
      machine.start(0);
      return drain();
    },
    handle(event, nowMs) {
      machine.handle(event, nowMs);
      return drain();
    },
  };
}

function withoutDropped(effects: readonly Effect[]): readonly Effect[] {
  const asked = new Set(
    effects.flatMap((each) => (each.kind !== 'drop' && 'ask' in each ? each.ask : [])),
  );
  const gone = new Set(
    effects.flatMap((each) => (each.kind === 'drop' && asked.has(each.ask) ? each.ask : [])),
  );
  return effects.filter((each) => !('ask' in each) || !gone.has(each.ask));
}

/** What an agent does, line by line; a failure ends it. */
function run(driver: Driver, happenings: readonly Happening[]): readonly string[] {
  const lines: string[] = [];
  const open = new Map<number, Effect>();
  const note = (effects: readonly Effect[]): void => {
    for (const effect of effects) {
      lines.push(line(effect));
      if (effect.kind === 'drop') open.delete(effect.ask);
      else if ('ask' in effect) open.set(effect.ask, effect);
    }
    lines.push('.');
  };
  try {
    note(driver.start());
    happenings.forEach((what, index) => {
      const event = eventOf(open, what);
      if ('ask' in event) open.delete(event.ask);
      note(driver.handle(event, index * 3));
    });
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    lines.push(thrown.code);
  }
  return lines;
}

test('a run that is saved and restored after every step is the same run', () => {
  fc.assert(
    fc.property(model, fc.array(happening, { maxLength: 12 }), commit, (text, happenings, rule) => {
      const program = compile(parseModel(text), table, { commit: rule });
      const plain = run(
        stepping(program, (state) => state),
        happenings,
      );
      const saved = run(
        stepping(program, (state) => decodeState(program, encodeState(state))),
        happenings,
      );
      expect(saved).toEqual(plain);
    }),
    { numRuns: 800 },
  );
});

test('a step leaves the state before it as it was, and changing in place gives the same run', () => {
  fc.assert(
    fc.property(model, fc.array(happening, { maxLength: 12 }), commit, (text, happenings, rule) => {
      const program = compile(parseModel(text), table, { commit: rule });
      const seen: { state: AgentState; text: string }[] = [];
      const plain = run(
        stepping(program, (state) => {
          seen.push({ state, text: encodeState(state) });
          return state;
        }),
        happenings,
      );
      for (const { state, text: before } of seen) expect(encodeState(state)).toBe(before);
      expect(run(inPlace(program), happenings)).toEqual(plain);
    }),
    { numRuns: 800 },
  );
});
