/**
 * Price books: what one hour of an instance type costs, as a table people can write.
 *
 * CSV with a header. Columns by name, in any order and case: the type (`type` or `InstanceType`),
 * the price (`usdPerHour` or `PriceUSDPerHour`), and optionally `region` and `date`; others are
 * ignored. JSON: `{"date": "2026-07-20", "prices": {"m5.large": 0.096}}`.
 * Two types are not instances: `gp3`, a GiB of disk for a month, and `public-ipv4`, an address for
 * an hour. Where they are missing, Amazon's list prices of us-east-1 are taken.
 */
import { failure } from '../../base/failure.ts';
import { scaledInteger } from '../../base/units.ts';

/** In millionths of a US dollar. */
export interface PriceTable {
  /** In words: `price book /etc/prices.csv`. */
  readonly source: string;
  readonly asOfMs: number;
  /** Per hour, by type; spot prices by type and zone, with a space between. */
  readonly microsPerHour: Readonly<Record<string, number>>;
  readonly diskMicrosPerGiBMonth: number;
  readonly addressMicrosPerHour: number;
}

/** Amazon's list prices in us-east-1: gp3 0.08 USD per GiB and month, an address 0.005 USD/h. */
export const listPrices = { diskMicrosPerGiBMonth: 80_000, addressMicrosPerHour: 5_000 } as const;

/** What one hour of the type costs in the zone; `undefined`: no price is known. */
export function priceOf(table: PriceTable, type: string, zone: string): number | undefined {
  return table.microsPerHour[`${type} ${zone}`] ?? table.microsPerHour[type];
}

/** Per hour, rounded up; a month has 730 hours, as in Amazon's own bills. */
export function diskMicrosPerHour(
  extras: Pick<PriceTable, 'diskMicrosPerGiBMonth'>,
  diskGiB: number,
): number {
  return Math.ceil((extras.diskMicrosPerGiBMonth * diskGiB) / 730);
}

export interface BookSource {
  readonly path: string;
  readonly region: string;
  /** The age of a book that bears no date. */
  readonly modifiedMs: number;
}

/** Fails with VENDOR.SETTINGS_INVALID, naming the line. */
export function parsePriceBook(text: string, from: BookSource): PriceTable {
  const entries = text.trimStart().startsWith('{')
    ? jsonEntries(text, from)
    : csvEntries(text, from);
  return tableOf(entries, from);
}

interface Entry {
  readonly where: string;
  readonly type: string;
  readonly usd: string;
  readonly date?: string;
}

function tableOf(entries: readonly Entry[], from: BookSource): PriceTable {
  const micros: Record<string, number> = {};
  let asOfMs = Number.NEGATIVE_INFINITY;
  for (const { where, type, usd, date } of entries) {
    const price = scaledInteger(usd, 6);
    if (price === undefined || price.value < 0) {
      throw invalid(from, where, `"${usd.slice(0, 40)}" is no price`);
    }
    micros[type] = price.value;
    if (date !== undefined) asOfMs = Math.max(asOfMs, dateMs(date, where, from));
  }
  const { gp3, 'public-ipv4': address, ...microsPerHour } = micros;
  if (Object.keys(microsPerHour).length === 0) {
    throw invalid(from, 'the file', `no prices for ${from.region}`);
  }
  return {
    source: `price book ${from.path}`,
    asOfMs: Number.isFinite(asOfMs) ? asOfMs : from.modifiedMs,
    microsPerHour,
    diskMicrosPerGiBMonth: gp3 ?? listPrices.diskMicrosPerGiBMonth,
    addressMicrosPerHour: address ?? listPrices.addressMicrosPerHour,
  };
}

function csvEntries(text: string, from: BookSource): Entry[] {
  const [head = '', ...lines] = text.split(/\r?\n/);
  const columns = head.split(',').map((column) => column.trim().toLowerCase());
  const indexOf = (...names: readonly string[]): number =>
    columns.findIndex((column) => names.includes(column));
  const type = indexOf('type', 'instancetype');
  const price = indexOf('usdperhour', 'priceusdperhour');
  if (type < 0 || price < 0) {
    throw invalid(from, 'line 1', 'a header names at least the columns type and usdPerHour');
  }
  const region = indexOf('region');
  const date = indexOf('date');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const cells = line.split(',').map((cell) => cell.trim());
    const ours = region < 0 || ['', from.region].includes(cells[region] ?? '');
    const day = cells[date] ?? '';
    const entry = { where: `line ${index + 2}`, type: cells[type] ?? '', usd: cells[price] ?? '' };
    return ours ? [day === '' ? entry : { ...entry, date: day }] : [];
  });
}

function jsonEntries(text: string, from: BookSource): Entry[] {
  const { prices, date }: JsonBook = parseJson(text, from);
  if (typeof prices !== 'object' || prices === null) {
    throw invalid(from, 'the file', 'it has no object `prices`');
  }
  const dated = typeof date === 'string' ? { date } : {};
  return Object.entries(prices).map(([type, usd]) => ({
    where: `prices.${type}`,
    type,
    usd: String(usd),
    ...dated,
  }));
}

interface JsonBook {
  readonly prices?: unknown;
  readonly date?: unknown;
}

function parseJson(text: string, from: BookSource): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw invalid(from, 'the file', 'it is neither CSV nor JSON');
}

function dateMs(date: string, where: string, from: BookSource): number {
  const at = Date.parse(date);
  if (Number.isNaN(at)) throw invalid(from, where, `"${date.slice(0, 40)}" is no date`);
  return at;
}

function invalid({ path }: BookSource, where: string, found: string): Error {
  return failure('VENDOR.SETTINGS_INVALID', `price book ${path}: ${where}: ${found}`, {
    facts: { path },
    next: 'write lines such as m5.large,0.096 below the header type,usdPerHour',
  });
}
