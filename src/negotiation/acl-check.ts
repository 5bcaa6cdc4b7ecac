import { type Failure, failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { oneLine, quote } from '../base/quote.ts';
import { didYouMean } from '../base/suggest.ts';
import {
  type AclMessage,
  type AgentIdentifier,
  type Expression,
  isPerformative,
  type OwnParameter,
  type Performative,
  performatives,
} from './acl.ts';
import { readDateTime } from './acl-time.ts';

/**
 * ACL.MALFORMED: no message, or one with parameters that are none. ACL.UNKNOWN_ACT: a message whose
 * act none of our protocols has; it deserves a `not-understood`. ACL.TOO_LONG: not looked at.
 */
export type AclCode = 'ACL.MALFORMED' | 'ACL.UNKNOWN_ACT' | 'ACL.TOO_LONG';

/** Reads the JSON form of a message. Throws a failure with an {@link AclCode}. */
export function parseAclJson(text: string): AclMessage {
  checkLength(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw aclFailure('ACL.MALFORMED', 'the message is not JSON', cause);
  }
  return checkAcl(value);
}

/** The value of a message from outside, whatever its representation was, as a true message. */
export function checkAcl(value: unknown): AclMessage {
  return record<AclMessage>(value, [ofMessage, 'performative'], { name: 'the message', depth: 0 });
}

export function checkLength(text: string): void {
  const bytes = text.length > limits.aclMessageBytes ? text.length : Buffer.byteLength(text);
  if (bytes <= limits.aclMessageBytes) return;
  const allowed = `allowed are ${limits.aclMessageBytes}`;
  throw aclFailure('ACL.TOO_LONG', `the message has ${bytes} bytes; ${allowed}`);
}

export function aclFailure(code: AclCode, message: string, cause?: unknown): Failure {
  return failure(code, message, cause === undefined ? {} : { cause });
}

interface Spot {
  /** The parameter, for the message of what is wrong. */
  readonly name: string;
  readonly depth: number;
}

type Read<Value> = (value: unknown, spot: Spot) => Value;
type Readers<Whole> = {
  readonly [Name in keyof Whole as Name extends OwnParameter ? never : Name]-?: Read<
    NonNullable<Whole[Name]>
  >;
};

const ofIdentifier: Readers<AgentIdentifier> = {
  name: text,
  addresses: listOf(text),
  resolvers: listOf(agent),
};

const ofMessage: Readers<AclMessage> = {
  performative: act,
  sender: agent,
  receiver: someOf(agent),
  'reply-to': someOf(agent),
  content: anyText,
  language: expression,
  encoding: expression,
  ontology: expression,
  protocol: text,
  'conversation-id': expression,
  'reply-with': expression,
  'in-reply-to': expression,
  'reply-by': time,
};

/** The parameters that `readers` know and those of one's own; `needed` must be among them. */
function record<Whole extends object>(
  value: unknown,
  [readers, needed]: readonly [Readers<Whole>, string],
  spot: Spot,
): Whole {
  if (spot.depth > limits.aclDepth) throw malformed(`${spot.name} is nested too deeply`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`${spot.name} is ${quote(value)}; allowed is a mapping`);
  }
  const known: ReadonlyMap<string, Read<unknown>> = new Map(Object.entries(readers));
  const values = new Map<string, unknown>();
  for (const [written, each] of Object.entries(value)) {
    const name = canonical(written);
    const reader = known.get(name) ?? (name.startsWith('X-') ? expression : undefined);
    if (reader === undefined) {
      const allowed = `allowed are ${[...known.keys()].join(', ')} and what begins with X-`;
      throw malformed(`found the parameter ${quote(written)}; ${allowed}`);
    }
    if (values.has(name)) throw malformed(`found the parameter ${quote(name)} twice`);
    values.set(name, reader(each, { name, depth: spot.depth + 1 }));
  }
  if (!values.has(needed)) throw malformed(`${spot.name} is without its ${needed}`);
  // Every value was made by its own parameter's reader, and what is needed is there.
  return Object.fromEntries(values) as Whole;
}

/** Names of parameters are equal in any case; those of one's own keep theirs after the X. */
function canonical(name: string): string {
  if (!/^x-/i.test(name)) return name.toLowerCase();
  if (!/^x-[^\s\p{Cc}()]+$/iu.test(name)) {
    throw malformed(`found the parameter ${quote(name)}; allowed are letters after X-`);
  }
  return `X${name.slice(1)}`;
}

function act(value: unknown, spot: Spot): Performative {
  const name = text(value, spot).toLowerCase();
  if (isPerformative(name)) return name;
  const message = `found the act ${quote(name)}, which none of our protocols has`;
  throw aclFailure('ACL.UNKNOWN_ACT', `${message}${didYouMean(name, performatives)}`);
}

function agent(value: unknown, spot: Spot): AgentIdentifier {
  return record<AgentIdentifier>(value, [ofIdentifier, 'name'], spot);
}

function anyText(value: unknown, { name }: Spot): string {
  if (typeof value === 'string') return value.toWellFormed();
  throw malformed(`${name} is ${quote(value)}; allowed is a text`);
}

function text(value: unknown, spot: Spot): string {
  const found = anyText(value, spot);
  if (found !== '') return found;
  throw malformed(`${spot.name} is empty`);
}

function time(value: unknown, spot: Spot): string {
  const found = text(value, spot);
  if (readDateTime(found, 0) !== undefined) return found;
  const allowed = 'allowed is a time such as 20260131T235959999Z';
  throw malformed(`${spot.name} is ${quote(found)}; ${allowed}`);
}

function expression(value: unknown, spot: Spot): Expression {
  if (!Array.isArray(value)) return anyText(value, spot);
  if (spot.depth > limits.aclDepth) throw malformed(`${spot.name} is nested too deeply`);
  return value.map((item) => expression(item, { ...spot, depth: spot.depth + 1 }));
}

function listOf<Value>(read: Read<Value>): Read<readonly Value[]> {
  return (value, spot) => {
    if (Array.isArray(value)) return value.map((item) => read(item, spot));
    throw malformed(`${spot.name} is ${quote(value)}; allowed is a list`);
  };
}

function someOf<Value>(read: Read<Value>): Read<readonly Value[]> {
  return (value, spot) => {
    const items = listOf(read)(value, spot);
    if (items.length > 0) return items;
    throw malformed(`${spot.name} is an empty set; allowed is one agent or more`);
  };
}

function malformed(what: string): Failure {
  return aclFailure('ACL.MALFORMED', `the message cannot be read: ${oneLine(what)}`);
}
