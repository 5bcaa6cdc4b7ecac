import { checkModel, type Report } from '../../../src/lcc/check/check.ts';
import type { FindingCode } from '../../../src/lcc/check/report.ts';
import {
  type ConstraintSpec,
  type ConstraintTable,
  constraintTable,
} from '../../../src/lcc/constraint.ts';
import { parseModel } from '../../../src/lcc/parser.ts';

/** A contract net as it should be: every wait ends, every loser is told, every id is repeated. */
export const contractNet = `r(initiator, initial)
r(caller, auxiliary)
r(collector, auxiliary)
r(rejecter, auxiliary)
r(vendor, necessary, 1, 50)

a(initiator, I) ::
  null <- objective(Obj) and getPeers("vendor", Vs)
  then a(caller(Obj, Vs), I)
  then a(collector(Vs, Bids), I)
  then
  (
    (
      null <- evaluate(Obj, Bids, Winner, Losers)
      then a(rejecter(Losers), I)
      then accept_proposal(Obj) => a(vendor, Winner)
      then
      (
        ( inform_done(Machine) <= a(vendor, Winner) then null <- show(Machine) )
        or
        ( failure(Why) <= a(vendor, Winner) then null <- show(Why) )
        or
        null <- timeout(60000) and show("silent")
      )
    )
    or
    a(rejecter(Vs), I)
  )

a(caller(Obj, Vs), I) ::
  null <- Vs = []
  or
  ( null <- Vs = [V | Rest] then cfp(Obj) => a(vendor, V) then a(caller(Obj, Rest), I) )

a(collector(Vs, Bids), I) ::
  null <- Vs = [] and Bids = []
  or
  (
    null <- Vs = [V | Rest]
    then
    (
      propose(Bid) <= a(vendor, V)
      or
      refuse(Bid) <= a(vendor, V)
      or
      null <- timeout(5000) and noBid(V, Bid)
    )
    then a(collector(Rest, More), I)
    then null <- Bids = [Bid | More]
  )

a(rejecter(Vs), I) ::
  null <- Vs = []
  or
  ( null <- Vs = [V | Rest] then reject_proposal() => a(vendor, V) then a(rejecter(Rest), I) )

a(vendor, V) ::
  (
    cfp(Obj) <= a(caller, I)
    then
    (
      (
        propose(Bid) => a(collector, I) <- price(Obj, Bid)
        then
        (
          (
            accept_proposal(Obj) <= a(initiator, I)
            then ( inform_done(M) => a(initiator, I) <- start(Obj, M) or failure("full") => a(initiator, I) )
          )
          or
          reject_proposal() <= a(rejecter, I)
          or
          null <- timeout(30000)
        )
      )
      or
      refuse("no") => a(collector, I)
    )
  )
  then a(vendor, V)
`;

function spec(kind: ConstraintSpec['kind'], name: string, modes: string): ConstraintSpec {
  const list = [...modes].map((mode) => (mode === '+' ? '+' : '-'));
  return { name, modes: list, kind, summary: name };
}

const table: ConstraintTable = constraintTable([
  spec('act', 'objective', '-'),
  spec('compute', 'evaluate', '++--'),
  spec('act', 'show', '+'),
  spec('compute', 'noBid', '+-'),
  spec('compute', 'price', '+-'),
  spec('act', 'start', '+-'),
  spec('wait', 'sensor', '-'),
  spec('compute', 'test', '+'),
  spec('compute', 'items', '-'),
  spec('compute', 'ready', ''),
]);

/** Checks a text in which `§` may mark a place. */
export function check(marked: string): Report {
  return checkModel(parseModel(marked.replace('§', '')), table);
}

/** The line and column of `§`. */
export function place(marked: string): { line: number; column: number } {
  const before = marked.slice(0, marked.indexOf('§')).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** The contract net with one thing changed. */
export function spoilt(from: string, to: string): string {
  if (!contractNet.includes(from)) throw new Error(`no ${from}`);
  return contractNet.replace(from, () => to);
}

export function found(report: Report, code: FindingCode): Report['findings'] {
  return report.findings.filter((finding) => finding.code === code);
}
