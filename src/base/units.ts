/**
 * Quantities as people write them, exact: `4 GiB`, `1 Gbit/s`, `30 d`, `99.9 %`, `<= 5 ms`.
 * A text that is no such quantity is answered with a problem that says what was found and what is
 * allowed. What a formatter writes, its parser reads back to the same value.
 */
import { quote } from './quote.ts';
import { didYouMean } from './suggest.ts';

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  /** `found "4 GO"; allowed is a size with its unit, such as 4 GiB`, without a full stop. */
  | { readonly ok: false; readonly problem: string };

/** Memory: a whole number of MiB. Decimal units such as GB are taken where that is exact. */
export function parseMiB(text: string): Parsed<number> {
  return wholeQuantity(text, { ...sizes, base: 'MiB' });
}

/** Disks: a whole number of GiB. */
export function parseGiB(text: string): Parsed<number> {
  return wholeQuantity(text, { ...sizes, base: 'GiB', example: '20 GiB' });
}

/** A connection's speed: a whole number of Mbit/s. */
export function parseMbps(text: string): Parsed<number> {
  return wholeQuantity(text, bitRates);
}

/** A duration: a whole number of milliseconds. */
export function parseDurationMs(text: string): Parsed<number> {
  return wholeQuantity(text, durations);
}

/** A latency's upper bound in milliseconds: `5 ms`, also written `<= 5 ms`. */
export function parseLatencyMs(text: string): Parsed<number> {
  const bare = text.trim().replace(/^(<=|≤)\s*/, '');
  return quantity(bare, latencies);
}

/** A share from 0 to 100. */
export function parsePercent(text: string): Parsed<number> {
  return quantity(text, percents);
}

/** A disk's throughput in MiB/s. */
export function parseMiBps(text: string): Parsed<number> {
  return quantity(text, byteRates);
}

/** A rate of a connection in Mbit/s; unlike an asked speed it need not be whole. */
export function parseMbpsRate(text: string): Parsed<number> {
  return quantity(text, { ...bitRates, units: multiples(bitRates) });
}

/** An amount of memory in MiB that was measured, so it need not be whole. */
export function parseMiBAmount(text: string): Parsed<number> {
  const scale = { ...sizes, base: 'MiB' };
  return quantity(text, { ...scale, units: multiples(scale) });
}

export function formatMiB(amountMiB: number): string {
  return inLargestUnit(amountMiB, { TiB: 1_048_576, GiB: 1024, MiB: 1 });
}

export function formatGiB(amountGiB: number): string {
  return inLargestUnit(amountGiB, { TiB: 1024, GiB: 1 });
}

export function formatMbps(rateMbps: number): string {
  return inLargestUnit(rateMbps, { 'Tbit/s': 1_000_000, 'Gbit/s': 1000, 'Mbit/s': 1 });
}

/** Exact, in the largest unit that needs no decimals: `5 min`, `36 h`, `1500 ms`. */
export function formatDuration(durationMs: number): string {
  for (const [unit, unitMs] of Object.entries(durationUnitsMs)) {
    if (durationMs >= unitMs && durationMs % unitMs === 0) return `${durationMs / unitMs} ${unit}`;
  }
  return `${durationMs} ms`;
}

/** Rounded to what a reader takes in at a glance: `850 ms`, `43 s`, `4 min 32 s`, `2 d 5 h`. */
export function roughDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.max(0, Math.round(durationMs))} ms`;
  const roundMs = durationMs < 3_600_000 ? 1000 : 60_000;
  const wholeMs = Math.round(durationMs / roundMs) * roundMs;
  const first = durationUnits.findIndex(([, unitMs]) => unitMs <= wholeMs);
  const [unit, unitMs] = durationUnits[first] ?? ['ms', 1];
  const [inner, innerMs] = durationUnits[first + 1] ?? ['ms', 1];
  const amount = Math.floor(wholeMs / unitMs);
  const rest = Math.floor((wholeMs % unitMs) / innerMs);
  return rest === 0 ? `${amount} ${unit}` : `${amount} ${unit} ${rest} ${inner}`;
}

export function formatPercent(share: number): string {
  return `${share} %`;
}

/**
 * A decimal number without floating point: `0.0104` with 6 decimals is 10400.
 * `exact` is false when it has more decimals than that; the result is then rounded up.
 * `undefined`: no such number, or beyond the safe integers.
 */
export function scaledInteger(
  text: string,
  decimals: number,
): { readonly value: number; readonly exact: boolean } | undefined {
  const [, sign = '', whole = '', fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === '') return undefined;
  const kept = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  const exact = /^0*$/.test(fraction.slice(decimals));
  const signed = sign === '-' ? -kept : kept;
  const value = Number(exact || sign === '-' ? signed : signed + 1n);
  return Number.isSafeInteger(value) ? { value: value === 0 ? 0 : value, exact } : undefined;
}

const DECIMAL = /^([+-]?)(\d{1,20})(?:\.(\d{1,30}))?$/;

/** A number and its unit; longer numbers are mistakes. */
const QUANTITY = /^([+-]?\d{1,15})(?:\.(\d{1,15}))?\s*([^\d\s.].*)?$/;

/** More is neither written nor measured, and with it every value survives a double. */
const maxDecimals = 6;

interface Scale {
  readonly what: string;
  readonly example: string;
  /** Each unit in a common smallest step; listed are those that messages offer. */
  readonly units: Readonly<Record<string, bigint>>;
  readonly listed: string;
  /** The unit of the result. */
  readonly base: string;
  /** The largest amount, in the smallest step and in words. */
  readonly most: readonly [bigint, string];
}

const sizes = {
  what: 'a size',
  example: '4 GiB',
  units: {
    KiB: 2n ** 10n,
    MiB: 2n ** 20n,
    GiB: 2n ** 30n,
    TiB: 2n ** 40n,
    kB: 10n ** 3n,
    MB: 10n ** 6n,
    GB: 10n ** 9n,
    TB: 10n ** 12n,
  },
  listed: 'MiB, GiB or TiB',
  most: [2n ** 49n, '512 TiB'],
} as const;

const bitRates: Scale = {
  what: 'a speed',
  example: '1 Gbit/s',
  units: { 'kbit/s': 10n ** 3n, 'Mbit/s': 10n ** 6n, 'Gbit/s': 10n ** 9n, 'Tbit/s': 10n ** 12n },
  listed: 'Mbit/s or Gbit/s',
  base: 'Mbit/s',
  most: [10n ** 14n, '100 Tbit/s'],
};

const byteRates: Scale = {
  what: 'a throughput',
  example: '100 MiB/s',
  units: { 'MiB/s': 1n, 'GiB/s': 1024n },
  listed: 'MiB/s or GiB/s',
  base: 'MiB/s',
  most: [2n ** 20n, '1024 GiB/s'],
};

const durations: Scale = {
  what: 'a duration',
  example: '5 min',
  units: { ms: 1n, s: 1000n, min: 60_000n, h: 3_600_000n, d: 86_400_000n },
  listed: 'ms, s, min, h or d',
  base: 'ms',
  most: [864_000_000_000n, '10000 d'],
};

const latencies: Scale = {
  ...durations,
  what: 'a latency',
  example: '<= 5 ms',
  listed: 'ms or s',
  most: [60_000n, '60 s'],
};

const percents: Scale = {
  what: 'a percentage',
  example: '99.9 %',
  units: { '%': 1n },
  listed: '%',
  base: '%',
  most: [100n, '100 %'],
};

/** For schemas: each matches whatever the parsers of such quantities accept. */
export const patterns: Readonly<
  Record<'size' | 'speed' | 'throughput' | 'duration' | 'latency' | 'percent', RegExp>
> = {
  size: patternOf(sizes.units),
  speed: patternOf(bitRates.units),
  throughput: patternOf(byteRates.units),
  duration: patternOf(durations.units),
  latency: patternOf(latencies.units, '(?:(?:<=|≤)\\s*)?'),
  percent: patternOf(percents.units),
};

const durationUnitsMs = { d: 86_400_000, h: 3_600_000, min: 60_000, s: 1000 };
const durationUnits = Object.entries(durationUnitsMs);

interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

function wholeQuantity(text: string, scale: Scale): Parsed<number> {
  const ratio = readRatio(text, scale);
  if (!ratio.ok) return ratio;
  const { numerator, denominator } = ratio.value;
  if (numerator % denominator === 0n) return { ok: true, value: Number(numerator / denominator) };
  const below = numerator / denominator;
  const near = below === 0n ? `1 ${scale.base}` : `${below} or ${below + 1n} ${scale.base}`;
  return no(text, `a whole number of ${scale.base}: the nearest are ${near}`);
}

/** Units that are a whole multiple of the base: a fraction of the base stays as short as written. */
function multiples(scale: Scale): Scale['units'] {
  const base = scale.units[scale.base] ?? 1n;
  return Object.fromEntries(Object.entries(scale.units).filter(([, unit]) => unit % base === 0n));
}

function quantity(text: string, scale: Scale): Parsed<number> {
  const ratio = readRatio(text, scale);
  if (!ratio.ok) return ratio;
  return { ok: true, value: Number(ratio.value.numerator) / Number(ratio.value.denominator) };
}

function readRatio(text: string, scale: Scale): Parsed<Ratio> {
  const allowed = `${scale.what} in ${scale.listed}, such as ${scale.example}`;
  const [, whole = '', fraction = '', unit] = QUANTITY.exec(text.trim()) ?? [];
  if (whole === '') return no(text, allowed);
  if (unit === undefined) return no(text, allowed, 'without a unit');
  const factor = Object.hasOwn(scale.units, unit) ? scale.units[unit] : undefined;
  const base = scale.units[scale.base];
  if (factor === undefined || base === undefined) {
    return no(text, `${allowed}${didYouMean(unit, Object.keys(scale.units))}`);
  }
  if (whole.startsWith('-')) return no(text, `${scale.what} that is not negative`);
  if (fraction.length > maxDecimals) return no(text, `at most ${maxDecimals} decimals`);
  const [most, mostText] = scale.most;
  const shift = 10n ** BigInt(fraction.length);
  const numerator = BigInt(whole + fraction) * factor;
  if (numerator > most * shift) return no(text, `at most ${mostText}`);
  return { ok: true, value: { numerator, denominator: shift * base } };
}

function no(found: string, allowed: string, how = ''): Parsed<never> {
  const written = how === '' ? quote(found) : `${quote(found)} ${how}`;
  return { ok: false, problem: `found ${written}; allowed is ${allowed}` };
}

function patternOf(units: Scale['units'], before = ''): RegExp {
  const listed = Object.keys(units).join('|');
  return new RegExp(
    `^\\s*${before}\\+?\\d{1,15}(?:\\.\\d{1,${maxDecimals}})?\\s*(?:${listed})\\s*$`,
  );
}

function inLargestUnit(amount: number, units: Readonly<Record<string, number>>): string {
  const entries = Object.entries(units);
  const [smallest = ''] = entries.at(-1) ?? [];
  for (const [unit, factor] of entries) {
    if (amount >= factor && (amount * 1000) % factor === 0) return `${amount / factor} ${unit}`;
  }
  return `${amount} ${smallest}`;
}
