import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { failure, isFailure } from '../../base/failure.ts';
import { limits } from '../../base/limits.ts';
import type { Call } from '../vendor.ts';
import type { Account } from './account.ts';
import type { Shelf } from './kept.ts';
import { Part } from './part.ts';
import { type PriceTable, parsePriceBook, priceOf } from './price-book.ts';
import { fetchListPrices } from './pricing-api.ts';
import { fetchSpotPrices } from './spot-prices.ts';

/** Where this instance's prices come from. */
export interface Prices {
  /** All that are known, for bidding; `undefined`: there is no source for the region. */
  table(call: Call): Promise<PriceTable | undefined>;
  /** What the type costs in the zone now, for holding a quote to it. */
  current(type: string, zone: string, call: Call): Promise<number | undefined>;
}

/** The source that the settings `prices` and `market` choose. */
export function openPrices(account: Account, shelf: Shelf): Prices {
  const { prices, market, endpoint } = account.settings;
  if (!['auto', 'api', 'built-in'].includes(prices)) return fromFile(account, prices);
  if (market === 'spot') return asked(account, shelf, spotPrices);
  if (prices === 'built-in') return builtIn(account);
  const api = asked(account, shelf, {
    ...listPrices,
    maxAgeMs: account.settings.catalogueHours * 3_600_000,
  });
  if (prices === 'api') return api;
  // The Pricing API knows Amazon's prices, and those of no other endpoint.
  return endpoint === undefined ? eitherOf(api, builtIn(account)) : builtIn(account);
}

interface AskedSource {
  readonly part: string;
  readonly maxAgeMs: number;
  readonly fetch: (account: Account, call: Call, type?: string) => Promise<PriceTable>;
}

const listPrices = { part: 'list-prices', fetch: fetchListPrices };
/** Spot prices move every few minutes; a bid need not be newer, since accepting asks again. */
const spotPrices: AskedSource = { part: 'spot-prices', maxAgeMs: 600_000, fetch: fetchSpotPrices };

const keptTable: z.ZodType<PriceTable> = z.object({
  source: z.string(),
  asOfMs: z.number(),
  microsPerHour: z.record(z.string(), z.number()),
  diskMicrosPerGiBMonth: z.number(),
  addressMicrosPerHour: z.number(),
});

function asked(account: Account, shelf: Shelf, { part, maxAgeMs, fetch }: AskedSource): Prices {
  const all = new Part(
    {
      name: part,
      maxAgeMs,
      schema: keptTable,
      keep: (table) => table,
      fetch: (call) => fetch(account, call),
    },
    shelf,
    account.clock,
  );
  return {
    table: async (call) => (await all.get(call)).value,
    current: async (type, zone, call) => priceOf(await fetch(account, call, type), type, zone),
  };
}

/** Reads the file again whenever it has changed. */
function fromFile({ settings }: Account, path: string): Prices {
  let read: { readonly modifiedMs: number; readonly table: PriceTable } | undefined;
  const table = async (): Promise<PriceTable> => {
    const modifiedMs = await modified(path);
    if (read?.modifiedMs === modifiedMs) return read.table;
    const text = await readFile(path, 'utf8').catch((cause) => Promise.reject(unread(path, cause)));
    const book = parsePriceBook(text, { path, region: settings.region, modifiedMs });
    read = { modifiedMs, table: book };
    return book;
  };
  return { table, current: async (type, zone) => priceOf(await table(), type, zone) };
}

async function modified(path: string): Promise<number> {
  const { mtimeMs, size } = await stat(path).catch((cause) => Promise.reject(unread(path, cause)));
  if (size <= limits.ec2PriceBookBytes) return mtimeMs;
  throw unread(path, new Error(`it has ${size} bytes; at most ${limits.ec2PriceBookBytes}`));
}

function unread(path: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : 'unreadable';
  return failure('VENDOR.SETTINGS_INVALID', `price book ${path}: ${why}`, {
    facts: { path },
    next: 'set `prices` to auto, api, built-in, or the path of a price book',
  });
}

/** The list that we ship, for its one region. */
function builtIn({ settings }: Account): Prices {
  let read: PriceTable | undefined;
  const table = async (): Promise<PriceTable | undefined> => {
    const { builtInPrices } = await import('./price-book.generated.ts');
    const { region, date, csv } = builtInPrices;
    if (region !== settings.region) return undefined;
    const from = { path: 'built in', region, modifiedMs: Date.parse(date) };
    read ??= { ...parsePriceBook(csv, from), source: 'built-in price book' };
    return read;
  };
  return {
    table,
    current: async (type, zone) => {
      const known = await table();
      return known === undefined ? undefined : priceOf(known, type, zone);
    },
  };
}

/** The first; while it cannot be asked, the second, if that has prices for the region at all. */
function eitherOf(first: Prices, second: Prices): Prices {
  const other = async <T>(work: Promise<T>, instead: () => Promise<T | undefined>): Promise<T> => {
    try {
      return await work;
    } catch (thrown) {
      if (!isFailure(thrown) || thrown.code === 'VENDOR.ABORTED') throw thrown;
      const value = await instead();
      if (value === undefined) throw thrown;
      return value;
    }
  };
  return {
    table: (call) => other(first.table(call), () => second.table(call)),
    current: (type, zone, call) =>
      other(first.current(type, zone, call), () => second.current(type, zone, call)),
  };
}
