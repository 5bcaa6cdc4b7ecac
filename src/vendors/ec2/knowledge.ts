import { z } from 'zod';
import type { Call } from '../vendor.ts';
import type { Account } from './account.ts';
import { type Catalogue, keepShapes, keptImages, keptShapes } from './catalogue.ts';
import { fetchImages, fetchShapes, fetchSubnets } from './catalogue-source.ts';
import { shelf } from './kept.ts';
import type { Stock } from './launch.ts';
import { Part } from './part.ts';
import type { PriceTable } from './price-book.ts';
import { openPrices, type Prices } from './prices.ts';

/** What is known of the provider without asking it: catalogue and prices, each with its own age. */
export interface Knowledge {
  readonly prices: Prices;
  stock(call: Call): Promise<Stock>;
  /** The prices for a bid; tells the user how old they are. */
  priceTable(call: Call): Promise<PriceTable | undefined>;
}

export function openKnowledge(account: Account): Knowledge {
  const { name, settings, clock } = account;
  const files = shelf(name, settings);
  const maxAgeMs = settings.catalogueHours * 3_600_000;
  const shapes = new Part(
    {
      name: 'shapes',
      maxAgeMs,
      schema: keptShapes,
      keep: keepShapes,
      fetch: (call) => fetchShapes(account, call),
    },
    files,
    clock,
  );
  const images = new Part(
    {
      name: 'images',
      maxAgeMs,
      schema: keptImages,
      keep: (value: Catalogue['images']) => value,
      fetch: (call) => fetchImages(account, call),
    },
    files,
    clock,
  );
  const subnets = new Part(
    {
      name: 'subnets',
      maxAgeMs,
      schema: z.record(z.string(), z.string()),
      keep: (value: Stock['subnets']) => value,
      fetch: (call) => fetchSubnets(account, call),
    },
    files,
    clock,
  );
  const prices = openPrices(account, files);
  return {
    prices,
    stock: async (call) => {
      const [region, known, byZone] = await Promise.all([
        shapes.get(call),
        images.get(call),
        settings.subnet === undefined ? undefined : subnets.get(call),
      ]);
      const catalogue = { ...region.value, images: known.value };
      return { catalogue, subnets: byZone?.value ?? {} };
    },
    priceTable: async (call) => {
      const table = await prices.table(call);
      if (table !== undefined) call.progress(ageOf(table, account));
      return table;
    },
  };
}

/** `prices: built-in price book of 2026-07-20, 125 days old` */
function ageOf({ source, asOfMs }: PriceTable, { clock, settings }: Account): string {
  const days = Math.floor((clock.nowMs() - asOfMs) / 86_400_000);
  const of = `prices: ${source} of ${new Date(asOfMs).toISOString().slice(0, 10)}`;
  if (days < 1) return of;
  const old = days > settings.pricesOldAfterDays ? '; they may have changed since' : '';
  return `${of}, ${days} ${days === 1 ? 'day' : 'days'} old${old}`;
}
