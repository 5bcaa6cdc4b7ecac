import type { Bench } from './bench.ts';
import type { Subject } from './subject.ts';

export const ruleNames = [
  'V1',
  'V2',
  'V3',
  'V4',
  'V5',
  'V6',
  'V7',
  'V8',
  'V9',
  'V10',
  'V11',
  'V12',
  'V13',
  'V14',
] as const;

export type Rule = (typeof ruleNames)[number];

/** The rules of docs/vendor-contract.md, in one line each. */
export const rules: Readonly<Record<Rule, string>> = {
  V1: 'name and version never change in a process',
  V2: 'what it describes, and which optional roles it has, is constant while it is open',
  V3: 'a bid changes nothing at the provider',
  V4: 'a proposal gives no less than was asked; a refusal is an answer with a reason',
  V5: 'accepting one proposal any number of times signs one contract, until it expires',
  V6: 'binding again gives the same binding: one machine, never two',
  V7: 'withdrawing succeeds at every stage, and returns when the machine is seen gone',
  V8: 'contracts lists exactly what is held for us',
  V9: 'an aborted call settles within 5 s and leaks nothing',
  V10: "measurements: only what was asked, finite, in the metric's unit, stamped within the call",
  V11: 'offering a move changes nothing',
  V12: 'during a move the machine runs on at most one side, after it on exactly one',
  V13: 'every throw is a Failure with a VendorCode',
  V14: 'no secret in an endpoint, a fact, a message or an error',
};

/** The checks of one rule: at least one, or it would be kept without having been looked at. */
export type RuleChecks = readonly [Check, ...Check[]];

/** One test of a rule. It fails by throwing; the kit puts rule and claim before the message. */
export interface Check {
  /** In words, as a claim: `a bid changes nothing at the provider`. */
  readonly claim: string;
  /** Why this subject cannot be tested so; `undefined` when it can. Absent: it always can. */
  readonly unless?: (subject: Subject) => string | undefined;
  readonly run: (bench: Bench) => Promise<void>;
}
