/**
 * What a message is about, in a few words: for traces. Only names, counts, prices and codes of what
 * values.ts has are told, so that neither a catalogue nor a machine's address fills a diagram. The
 * values are read by their shape: a user's own model may carry anything under any name.
 */
import { type Json, listItems, type Term } from '../lcc/term.ts';
import { formatPrice } from '../sla/money.ts';

/** Longer texts of a model, such as the reason of a failure, are cut. */
const longestTextChars = 120;
const mostItems = 4;

/** Empty when there is nothing to tell. */
export function summaryOf(args: readonly Term[]): string {
  return joined(args.map(ofTerm), ', ');
}

function ofTerm(term: Term): string {
  if (typeof term === 'string') return cut(term);
  if (typeof term === 'number') return String(Number(term.toFixed(4)));
  switch (term.kind) {
    case 'data':
      return ofValue(term.value);
    case 'nil':
      return '';
    case 'cons':
      return ofList((listItems(term) ?? [term.head]).map(ofTerm));
    case 'struct': {
      const inner = joined(term.args.map(ofTerm), ', ');
      return inner === '' ? term.name : `${term.name}(${inner})`;
    }
  }
}

function ofList(items: readonly string[]): string {
  const told = [...new Set(items.filter((item) => item !== ''))];
  const by = told.some((item) => item.includes(',')) ? '; ' : ', ';
  const more = told.length - mostItems;
  return [...told.slice(0, mostItems), ...(more > 0 ? [`${more} more`] : [])].join(by);
}

type Fields = { readonly [key: string]: Json };

function ofValue(value: Json): string {
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'number') return String(value);
  if (!isFields(value)) return '';
  for (const tell of tellers) {
    const told = tell(value);
    if (told !== undefined) return told;
  }
  return '';
}

/** One for each kind of value that values.ts has; the first that knows the shape tells it. */
const tellers: readonly ((value: Fields) => string | undefined)[] = [
  // Offer
  ({ composite }) => (isFields(composite) ? priceOf(composite['pricePerHour']) : undefined),
  // Request
  ({ template }) => (isFields(template) ? ofTemplate(template) : undefined),
  // VendorCall
  ({ agent, ask }) => (typeof agent === 'string' && isFields(ask) ? ofAsk(ask) : undefined),
  ofAsk,
  // VendorBid
  ({ objective, answer }) =>
    typeof objective === 'string' && answer !== undefined
      ? `${objective}: ${ofAnswer(answer)}`
      : undefined,
  // ObjectiveBids
  ({ objective, answers }) =>
    typeof objective === 'string' && isFields(answers)
      ? `${objective}: ${ofAnswers(answers)}`
      : undefined,
  // Winner, Item, WithdrawalRequest, and the end of a negotiation
  ({ machines, state }) =>
    Array.isArray(machines)
      ? joined([typeof state === 'string' ? state : '', ofList(machines.map(ofMachine))], ': ')
      : undefined,
  // Loser
  ({ agent, reason }) =>
    typeof agent === 'string' && typeof reason === 'string' ? cut(reason) : undefined,
];

function ofTemplate({ name, objectives }: Fields): string {
  const asked = Array.isArray(objectives) ? ofList(objectives.map(ofObjective)) : '';
  return joined([typeof name === 'string' ? name : '', asked], ': ');
}

function ofAsk({ objective }: Fields): string | undefined {
  return isFields(objective) ? ofObjective(objective) : undefined;
}

function ofObjective(value: Json): string {
  if (!isFields(value)) return '';
  const { name, count } = value;
  if (typeof name !== 'string') return '';
  return typeof count === 'number' && count > 1 ? `${count} ${name}` : name;
}

function ofAnswer(answer: Json): string {
  if (Array.isArray(answer)) return ofProposals(answer);
  const reason = isFields(answer) ? answer['reason'] : undefined;
  return typeof reason === 'string' ? `no, ${reason}` : 'no';
}

function ofProposals(proposals: readonly Json[]): string {
  const prices = proposals.flatMap((proposal) => {
    const price = isFields(proposal) ? proposal['pricePerHour'] : undefined;
    return isPrice(price) ? [price] : [];
  });
  const cheapest = prices.toSorted((a, b) => a.micros - b.micros)[0];
  const from = cheapest === undefined ? '' : `, from ${formatPrice(cheapest)}`;
  return `${counted(proposals.length, 'proposal')}${from}`;
}

function ofAnswers({ proposals, refusals }: Fields): string {
  const yes = Array.isArray(proposals) ? ofProposals(proposals) : '';
  const no = Array.isArray(refusals) ? refusals.length : 0;
  return no === 0 ? yes : `${yes}, ${counted(no, 'refusal')}`;
}

function ofMachine(value: Json): string {
  if (!isFields(value)) return '';
  const { machine, name, failed } = value;
  const called = [machine, name].find((each) => typeof each === 'string') ?? '';
  const code = isFields(failed) ? failed['code'] : undefined;
  return typeof code === 'string' ? `${called} failed (${code})` : called;
}

function priceOf(value: Json | undefined): string {
  return isPrice(value) ? formatPrice(value) : '';
}

function isPrice(
  value: Json | undefined,
): value is { readonly micros: number; readonly currency: string } {
  if (!isFields(value)) return false;
  const { micros, currency } = value;
  return Number.isSafeInteger(micros) && typeof currency === 'string';
}

function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function joined(parts: readonly string[], by: string): string {
  return parts.filter((part) => part !== '').join(by);
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > longestTextChars ? `${line.slice(0, longestTextChars - 1)}…` : line;
}
