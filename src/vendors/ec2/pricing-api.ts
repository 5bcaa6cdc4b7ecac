import { z } from 'zod';
import { failure } from '../../base/failure.ts';
import { scaledInteger } from '../../base/units.ts';
import type { Call } from '../vendor.ts';
import { type Account, allPages } from './account.ts';
import { listPrices, type PriceTable } from './price-book.ts';

/** What the Pricing API asks of Linux machines on shared hardware; with `type`, of that one only. */
export async function fetchListPrices(
  account: Account,
  call: Call,
  type?: string,
): Promise<PriceTable> {
  call.progress('reading list prices');
  const machines = await products(account, call, {
    ...machineFilters,
    ...(type === undefined ? {} : { instanceType: type }),
  });
  const disks = type === undefined ? await products(account, call, diskFilters) : [];
  const microsPerHour: Record<string, number> = {};
  for (const { attributes, micros } of machines) {
    if (attributes.instanceType !== undefined) microsPerHour[attributes.instanceType] = micros;
  }
  return {
    source: `Pricing API for ${account.settings.region}`,
    asOfMs: account.clock.nowMs(),
    microsPerHour,
    diskMicrosPerGiBMonth: disks[0]?.micros ?? listPrices.diskMicrosPerGiBMonth,
    addressMicrosPerHour: listPrices.addressMicrosPerHour,
  };
}

const machineFilters = {
  operatingSystem: 'Linux',
  tenancy: 'Shared',
  preInstalledSw: 'NA',
  capacitystatus: 'Used',
  licenseModel: 'No License required',
};
const diskFilters = { productFamily: 'Storage', volumeApiName: 'gp3' };

async function products(
  account: Account,
  call: Call,
  filters: Readonly<Record<string, string>>,
): Promise<readonly Product[]> {
  const wanted = { regionCode: account.settings.region, ...filters };
  const Filters = Object.entries(wanted).map(([Field, Value]) => ({
    Type: 'TERM_MATCH' as const,
    Field,
    Value,
  }));
  const texts = await allPages(
    (token) =>
      account.pricing.read(async ({ sdk, client }, options) => {
        const request = { ServiceCode: 'AmazonEC2', MaxResults: 100, Filters, ...token };
        const answer = await client.send(new sdk.GetProductsCommand(request), options);
        const list: readonly unknown[] = Array.isArray(answer.PriceList) ? answer.PriceList : [];
        return { items: list.map(String), nextToken: answer.NextToken };
      }, call),
    account.asked,
  );
  return texts.flatMap((text) => parseProduct(text, account) ?? []);
}

interface Product {
  readonly attributes: { readonly instanceType?: string | undefined };
  readonly micros: number;
}

const dimension = z.object({ pricePerUnit: z.object({ USD: z.string() }) });
const term = z.object({ priceDimensions: z.record(z.string(), dimension) });
const product = z.object({
  product: z.object({ attributes: z.object({ instanceType: z.string().optional() }) }),
  terms: z.object({ OnDemand: z.record(z.string(), term).default({}) }),
});

/** `undefined` for a product that is not sold by the hour or costs nothing, such as a reservation. */
function parseProduct(text: string, { name }: Account): Product | undefined {
  const parsed = product.safeParse(parseJson(text));
  if (!parsed.success) {
    const what = `vendor ${name}: the Pricing API answered an unreadable product`;
    throw failure('VENDOR.REPLY_MALFORMED', what, { retry: 'later' });
  }
  const { product: found, terms } = parsed.data;
  const dimensions = Object.values(terms.OnDemand).flatMap(({ priceDimensions }) =>
    Object.values(priceDimensions),
  );
  const prices = dimensions.flatMap(({ pricePerUnit }) => {
    const price = scaledInteger(pricePerUnit.USD, 6);
    return price === undefined || price.value <= 0 ? [] : [price.value];
  });
  const [micros] = prices.toSorted((a, b) => b - a);
  return micros === undefined ? undefined : { attributes: found.attributes, micros };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
