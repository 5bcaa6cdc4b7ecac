import { scaledInteger } from '../../base/units.ts';
import type { Call } from '../vendor.ts';
import { type Account, allPages } from './account.ts';
import { listPrices, type PriceTable } from './price-book.ts';

/** What spot machines cost now, by type and zone; with `type`, of that one only. */
export async function fetchSpotPrices(
  account: Account,
  call: Call,
  type?: string,
): Promise<PriceTable> {
  call.progress('reading spot prices');
  const { ec2, clock, asked } = account;
  const entries = await allPages(
    (token) =>
      ec2.read(async ({ sdk, client }, options) => {
        const request = new sdk.DescribeSpotPriceHistoryCommand({
          ...token,
          MaxResults: 1000,
          // From now on: EC2 then answers with the price in force of each type and zone.
          StartTime: new Date(clock.nowMs()),
          ProductDescriptions: ['Linux/UNIX', 'Linux/UNIX (Amazon VPC)'],
          // Not among the types that the SDK lists, perhaps; a filter takes any.
          ...(type === undefined ? {} : { Filters: [{ Name: 'instance-type', Values: [type] }] }),
        });
        const { SpotPriceHistory, NextToken } = await client.send(request, options);
        return { items: SpotPriceHistory, nextToken: NextToken };
      }, call),
    asked,
  );
  const newest = new Map<string, { readonly atMs: number; readonly micros: number }>();
  for (const { InstanceType, AvailabilityZone, SpotPrice = '', Timestamp } of entries) {
    const micros = scaledInteger(SpotPrice, 6)?.value;
    if (InstanceType === undefined || AvailabilityZone === undefined || !micros) continue;
    const key = `${InstanceType} ${AvailabilityZone}`;
    const atMs = Timestamp?.getTime() ?? 0;
    if (atMs >= (newest.get(key)?.atMs ?? 0)) newest.set(key, { atMs, micros });
  }
  return {
    source: `spot prices of ${account.settings.region}`,
    asOfMs: clock.nowMs(),
    microsPerHour: Object.fromEntries([...newest].map(([key, { micros }]) => [key, micros])),
    ...listPrices,
  };
}
