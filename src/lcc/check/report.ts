import type { Position } from '../ast.ts';

/** What `model check` can find. docs/lcc.md has an example of each. */
export const findingCodes = {
  'LCC.CLAUSE_DUPLICATE': 'a role has one clause',
  'LCC.ROLE_DUPLICATE': 'a role is declared once',
  'LCC.ROLE_BOUNDS': 'a role is played at most max times, and max is at least min and 1',
  'LCC.ROLE_UNDECLARED': 'every role that is used is declared',
  'LCC.ROLE_WITHOUT_CLAUSE': 'every role that is declared has a clause',
  'LCC.ROLE_UNREACHABLE': 'every role is played by somebody',
  'LCC.ROLE_ARITY': 'a role has as many arguments everywhere as its clause has parameters',
  'LCC.ROLE_OF_ANOTHER': 'an agent changes its own role, not that of another',
  'LCC.ROLE_CANNOT_FINISH': 'a role that something follows comes to an end',
  'LCC.INITIAL_ROLE_MISSING': 'one role at least is initial',
  'LCC.CONSTRAINT_UNKNOWN': 'every constraint is answered by somebody',
  'LCC.CONSTRAINT_ARITY': 'a constraint has the arguments that its answerer expects',
  'LCC.MODE_INPUT_UNBOUND': 'an input of a constraint is bound on every way to it',
  'LCC.MODE_OUTPUT_BOUND': 'an output of a constraint is not bound before it answers',
  'LCC.MESSAGE_UNBOUND': 'what a message carries is bound on every way to it',
  'LCC.MESSAGE_NEVER_RECEIVED': 'every message is awaited where it is sent',
  'LCC.MESSAGE_NEVER_SENT': 'every message that is awaited is sent by somebody',
  'LCC.WAIT_WITHOUT_TIMEOUT': 'every wait ends, also when nothing comes',
  'LCC.VARIABLE_USED_ONCE': 'a variable is there to be used again',
  'LCC.DEADLOCK': 'no run ends with somebody waiting for ever',
  'LCC.ORPHAN_MESSAGE': 'no message lies where nobody will read it',
} as const;

export type FindingCode = keyof typeof findingCodes;

export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly at: Position;
  /** For what only a run shows: a shortest one that leads there, a line for each step. */
  readonly trace?: readonly string[];
}

/** The runs that were looked at: all of them, or those within `limits.modelStates`. */
export interface Exploration {
  readonly kind: 'complete' | 'bounded';
  readonly states: number;
}

export interface Report {
  /** Sorted by place. */
  readonly findings: readonly Finding[];
  readonly exploration: Exploration;
}

const WARNINGS: ReadonlySet<FindingCode> = new Set([
  'LCC.ROLE_UNREACHABLE',
  'LCC.VARIABLE_USED_ONCE',
]);

export function finding(code: FindingCode, at: Position, message: string): Finding {
  return { code, severity: WARNINGS.has(code) ? 'warning' : 'error', message, at };
}

export function byPlace(left: Finding, right: Finding): number {
  return (
    left.at.line - right.at.line ||
    left.at.column - right.at.column ||
    left.code.localeCompare(right.code)
  );
}
