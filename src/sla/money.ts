import { invariant } from '../base/failure.ts';
import { quote } from '../base/quote.ts';
import { type Parsed, scaledInteger } from '../base/units.ts';

/** A sum of money. Integers only: floating money drifts when bids are summed. */
export interface Money {
  /** Millionths of one unit of `currency`; a safe integer (docs/adr/money.md). */
  readonly micros: number;
  /** ISO 4217, three capital letters. */
  readonly currency: string;
}

/** A checked value; a {@link Bug} when `micros` is no safe integer: a sum that overflowed. */
export function money(micros: number, currency: string): Money {
  invariant(Number.isSafeInteger(micros), `${micros} micros ${currency} are beyond exact counting`);
  return { micros, currency };
}

/** One SLA has one currency; two of them in one sum are a {@link Bug}, as are overflows. */
export function addMoney(a: Money, b: Money): Money {
  return money(a.micros + sameCurrency(a, b).micros, a.currency);
}

export function timesMoney(price: Money, count: number): Money {
  return money(price.micros * count, price.currency);
}

/** Zero for no items. */
export function sumMoney(items: Iterable<Money>, currency: string): Money {
  let sum = money(0, currency);
  for (const item of items) sum = addMoney(sum, item);
  return sum;
}

/** Negative when `a` is less. */
export function compareMoney(a: Money, b: Money): number {
  return a.micros - sameCurrency(a, b).micros;
}

/**
 * A provider's decimal text, such as `0.0104000000`, without floating error. What is finer than a
 * micro is rounded up: a price is never understated.
 */
export function fromDecimalText(text: string, currency: string): Parsed<Money> {
  const scaled = scaledInteger(text.trim(), 6);
  if (scaled !== undefined && CURRENCY.test(currency)) {
    return { ok: true, value: { micros: scaled.value, currency } };
  }
  const found = `${quote(text)} ${quote(currency)}`;
  return { ok: false, problem: `found ${found}; allowed is an amount such as 0.0104 USD` };
}

/** `0.60 USD/h`, to a millionth. Other periods are refused: months differ in length. */
export function parsePrice(text: string): Parsed<Money> {
  const allowed = 'a price per hour, such as 0.60 USD/h';
  const [, amount = '', currency = '', period = ''] = PRICE.exec(text.trim()) ?? [];
  if (period === '') return { ok: false, problem: `found ${quote(text)}; allowed is ${allowed}` };
  const scaled = scaledInteger(amount, 6);
  if (scaled === undefined || Math.abs(scaled.value) > maxMicros) {
    return { ok: false, problem: `found ${quote(text)}; allowed is at most ${maxPrice} an hour` };
  }
  if (period !== 'h') {
    const hours = PERIOD_HOURS.get(period);
    const perHour = { micros: Math.round(scaled.value / (hours ?? 1)), currency };
    const hint = hours === undefined ? '' : `: that is about ${formatPrice(perHour)}`;
    return { ok: false, problem: `found ${quote(text)}; allowed is ${allowed}${hint}` };
  }
  if (!scaled.exact) {
    return { ok: false, problem: `found ${quote(text)}; allowed are at most 6 decimals` };
  }
  if (scaled.value < 0) {
    return { ok: false, problem: `found ${quote(text)}; allowed is a price that is not negative` };
  }
  return { ok: true, value: { micros: scaled.value, currency } };
}

/** Exact, with at least three decimals: `0.600 USD/h`, `0.0104 USD/h`. */
export function formatPrice(pricePerHour: Money): string {
  return `${formatAmount(pricePerHour.micros)} ${pricePerHour.currency}/h`;
}

const CURRENCY = /^[A-Z]{3}$/;

/** Matches whatever {@link parsePrice} accepts. */
export const pricePattern: RegExp = /^\s*\+?\d+(?:\.\d+)?\s*[A-Z]{3}\s*\/\s*h\s*$/;

const PRICE = /^([+-]?\d{1,15}(?:\.\d{1,15})?)\s*([A-Z]{3})\s*\/\s*([A-Za-z]{1,10})$/;

/** With it the price of a whole SLA stays a safe integer: 2,000 machines × 10^6 × 10^6 micros. */
const maxPrice = 1_000_000;
const maxMicros = maxPrice * 1_000_000;

/** To say what a refused period comes to: 730 hours a month, as clouds count. */
const PERIOD_HOURS: ReadonlyMap<string, number> = new Map([
  ['s', 1 / 3600],
  ['min', 1 / 60],
  ['hour', 1],
  ['d', 24],
  ['day', 24],
  ['month', 730],
  ['mo', 730],
  ['year', 8760],
  ['y', 8760],
]);

function sameCurrency(a: Money, b: Money): Money {
  invariant(a.currency === b.currency, `${a.currency} and ${b.currency} in one sum`);
  return b;
}

function formatAmount(micros: number): string {
  const digits = `${Math.abs(micros)}`.padStart(7, '0');
  const whole = digits.slice(0, -6);
  const decimals = digits.slice(-6).replace(/0{1,3}$/, '');
  return `${micros < 0 ? '-' : ''}${whole}.${decimals}`;
}
