/**
 * Whether the content of a message can be read: it is data, and has what its reader looks at, in
 * the types of values.ts. What it says may still be refused. So neither an agent of another platform
 * nor a transport that garbles can crash a reader: its model says what follows.
 */
import { listItems, type Term } from '../lcc/term.ts';
import { onFailures, policies } from './values.ts';

/** `items` is a list of what `item` is; all else is one of the shapes below. */
export function isReadable(term: Term | undefined, as: string): boolean {
  if (as === 'items') {
    const items = term === undefined ? undefined : listItems(term);
    return items?.every((item) => isReadable(item, 'item')) ?? false;
  }
  if (typeof term !== 'object' || term.kind !== 'data') return false;
  return shapes.get(as)?.(term.value) ?? false;
}

type Shape = (value: unknown) => boolean;

const text: Shape = (value) => typeof value === 'string';
const number: Shape = (value) => typeof value === 'number' && Number.isFinite(value);
const anything: Shape = () => true;

function oneOf(words: readonly string[]): Shape {
  return (value) => typeof value === 'string' && words.includes(value);
}

function optional(shape: Shape): Shape {
  return (value) => value === undefined || shape(value);
}

function either(left: Shape, right: Shape): Shape {
  return (value) => left(value) || right(value);
}

function listOf(shape: Shape): Shape {
  return (value) => Array.isArray(value) && value.every(shape);
}

/** Fields beyond these are nobody's concern. */
function record(fields: Readonly<Record<string, Shape>>): Shape {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const found = new Map<string, unknown>(Object.entries(value));
    return Object.entries(fields).every(([name, shape]) => shape(found.get(name)));
  };
}

const price = record({ micros: Number.isSafeInteger, currency: text });

const objective = record({
  name: text,
  count: number,
  cpus: number,
  memoryMiB: number,
  diskGiB: number,
  image: text,
  place: record({ sites: listOf(text), vendors: listOf(text), not: listOf(text) }),
  promises: listOf(record({ metric: text, bound: text, value: number, windowMs: number })),
  amend: listOf(record({ parameter: text, upTo: number })),
});

const proposal = record({
  kind: oneOf(['proposal']),
  id: text,
  vendor: text,
  objective: text,
  site: text,
  shape: text,
  pricePerHour: price,
  offered: record({ cpus: number, memoryMiB: number, diskGiB: number, image: text }),
  units: number,
  uses: listOf(record({ resource: text, amount: number, available: number })),
  promises: listOf(record({ metric: text, bound: text, value: number, windowMs: number })),
  predicted: record({ cpuSpeed: number, bindMs: number }),
  validUntilMs: number,
});

const refusal = record({ kind: oneOf(['refusal']), vendor: text, reason: text, detail: text });
const part = record({ machine: text, objective: text, proposal, unit: number });
const contract = record({ id: text, proposal, unit: number });
const machine = record({ name: text, objective: text, vendor: text, contract: text });
const kept = record({ part, machine, since: oneOf(['this', 'replaced']) });
const order = record({ machine: text, part, contract: optional(contract) });

/** A Request: whom it is for, and what it names. Its objectives are read one by one. */
const request = record({
  sla: text,
  transaction: text,
  currency: text,
  createdMs: number,
  replyWithinMs: number,
  kept: listOf(kept),
  template: record({ name: text, objectives: listOf(anything) }),
});

/** What composing goes by of a Request. */
const terms = record({
  policy: oneOf(policies),
  onFailure: oneOf(onFailures),
  accept: oneOf(['ask', 'when-met']),
  excluded: listOf(record({ vendor: text, site: text, shape: text })),
  template: record({
    limits: record({ pricePerHour: optional(price) }),
    prefer: record({ price: number, speed: number, trust: number }),
    objectives: listOf(objective),
  }),
});

/** What a look-up goes by of an Ask. */
const ask = record({ transaction: text, currency: text, objective });

/** All of an Ask that a vendor is told. */
const call = record({
  transaction: text,
  currency: text,
  objective,
  replyByMs: number,
  round: number,
  rounds: number,
});

/** A VendorBid. */
const bid = record({ vendor: text, objective: text, answer: either(listOf(proposal), refusal) });

/** An Offer. */
const offer = record({
  request,
  accept: oneOf(['ask', 'now']),
  composite: record({
    status: oneOf(['OK', 'FAILURE']),
    parts: listOf(part),
    pricePerHour: price,
    validUntilMs: number,
  }),
});

/** A Winner. */
const winner = record({ agent: text, vendor: text, objective: text, machines: listOf(order) });

/** An Item. */
const item = record({
  vendor: text,
  objective: text,
  machines: listOf(
    record({
      machine: text,
      part,
      contract: optional(contract),
      binding: optional(record({ endpoint: text })),
      failed: optional(record({ code: text, detail: text })),
    }),
  ),
});

/** A Final. */
const final = record({ state: text, machines: listOf(machine) });

const shapes: ReadonlyMap<string, Shape> = new Map([
  ['request', request],
  ['terms', terms],
  ['objective', objective],
  ['ask', ask],
  ['call', call],
  ['bid', bid],
  ['proposal', offer],
  ['order', winner],
  ['item', item],
  ['final', final],
]);
