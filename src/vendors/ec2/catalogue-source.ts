import type { Call } from '../vendor.ts';
import { type Account, allPages } from './account.ts';
import type { Catalogue, Image, Region, Shape } from './catalogue.ts';
import { digestImage, digestOfferings, digestShape } from './digest.ts';
import { providerError } from './provider-error.ts';
import { notEc2 } from './reply-check.ts';

/** Zones, placement groups and instance types with the zones that offer them. */
export async function fetchShapes(account: Account, call: Call): Promise<Region> {
  call.progress('reading the instance types');
  const [zones, spread, types, offerings] = await Promise.all([
    fetchZones(account, call),
    fetchSpread(account, call),
    fetchTypes(account, call),
    fetchOfferings(account, call),
  ]);
  const offered = digestOfferings(offerings, zones);
  const shapes = types.flatMap((type): Shape[] => {
    const shape = digestShape(type, offered.get(type.InstanceType ?? '') ?? 0);
    return shape === undefined || shape.zones === 0 ? [] : [shape];
  });
  return { zones, spread, shapes };
}

/** The newest image of each architecture for every name in the settings. */
export async function fetchImages(account: Account, call: Call): Promise<Catalogue['images']> {
  call.progress('looking up images');
  const images = Object.entries(account.settings.images);
  const found = await Promise.all(
    images.map(async ([name, wanted]): Promise<[string, Image[]]> => {
      const user = wanted.user ?? account.settings.user;
      const amis = await fetchAmis(account, wanted, call);
      const newestFirst = amis.toSorted((a, b) => (created(a) < created(b) ? 1 : -1));
      const rows = newestFirst.flatMap((ami): Image[] => {
        const image = digestImage(ami, user);
        return image === undefined ? [] : [image];
      });
      return [
        name,
        rows.filter(({ arch }, at) => rows.findIndex((row) => row.arch === arch) === at),
      ];
    }),
  );
  return Object.fromEntries(found.filter(([, rows]) => rows.length > 0));
}

type Ami = Parameters<typeof digestImage>[0];

function created({ CreationDate = '', ImageId = '' }: Ami): string {
  return `${CreationDate} ${ImageId}`;
}

async function fetchAmis(
  { ec2 }: Account,
  wanted: Account['settings']['images'][string],
  call: Call,
): Promise<readonly Ami[]> {
  // A filter finds nothing where a list of ids would fail for all of them.
  const request =
    'ami' in wanted
      ? { Filters: [{ Name: 'image-id', Values: [wanted.ami] }] }
      : { Owners: [wanted.owner], Filters: [{ Name: 'name', Values: [wanted.name] }] };
  const { Images = [] } = await ec2.read(
    ({ sdk, client }, options) => client.send(new sdk.DescribeImagesCommand(request), options),
    call,
  );
  return Images;
}

/** Zones that are ours to use: local and wavelength zones have shapes and prices of their own. */
async function fetchZones({ ec2, settings }: Account, call: Call): Promise<readonly string[]> {
  const { AvailabilityZones = [] } = await ec2.read(
    ({ sdk, client }, options) =>
      client.send(new sdk.DescribeAvailabilityZonesCommand({}), options),
    call,
  );
  const usual = AvailabilityZones.filter(
    ({ ZoneType = 'availability-zone', State = 'available', RegionName = settings.region }) =>
      ZoneType === 'availability-zone' && State === 'available' && RegionName === settings.region,
  );
  return usual.flatMap(({ ZoneName = '' }) => (ZoneName === '' ? [] : [ZoneName])).toSorted();
}

/** Not every EC2-like endpoint has placement groups, and not every account may ask for them. */
async function fetchSpread({ ec2 }: Account, call: Call): Promise<boolean> {
  try {
    await ec2.read(
      ({ sdk, client }, options) =>
        client.send(new sdk.DescribePlacementGroupsCommand({}), options),
      call,
    );
    return true;
  } catch (thrown) {
    if (withoutGroups.has(providerError(thrown) ?? '')) return false;
    throw thrown;
  }
}

const withoutGroups = new Set([
  notEc2,
  'UnauthorizedOperation',
  'InvalidAction',
  'UnsupportedOperation',
  'NotImplemented',
]);

function fetchTypes(account: Account, call: Call): Promise<Parameters<typeof digestShape>[0][]> {
  return allPages(
    (token) =>
      account.ec2.read(async ({ sdk, client }, options) => {
        const request = new sdk.DescribeInstanceTypesCommand({ ...token, MaxResults: 100 });
        const { InstanceTypes: items, NextToken: nextToken } = await client.send(request, options);
        return { items, nextToken };
      }, call),
    account.asked,
  );
}

function fetchOfferings(
  account: Account,
  call: Call,
): Promise<Parameters<typeof digestOfferings>[0][number][]> {
  return allPages(
    (token) =>
      account.ec2.read(async ({ sdk, client }, options) => {
        const request = new sdk.DescribeInstanceTypeOfferingsCommand({
          ...token,
          MaxResults: 1000,
          LocationType: 'availability-zone',
        });
        const { InstanceTypeOfferings, NextToken } = await client.send(request, options);
        return { items: InstanceTypeOfferings, nextToken: NextToken };
      }, call),
    account.asked,
  );
}

/** By zone, the subnets named in the settings. */
export async function fetchSubnets(
  { ec2, settings }: Account,
  call: Call,
): Promise<Readonly<Record<string, string>>> {
  const ids = settings.subnet ?? [];
  if (ids.length === 0) return {};
  const { Subnets = [] } = await ec2.read(
    ({ sdk, client }, options) =>
      client.send(new sdk.DescribeSubnetsCommand({ SubnetIds: [...ids] }), options),
    call,
  );
  const zones = Subnets.flatMap(({ AvailabilityZone, SubnetId }): [string, string][] =>
    AvailabilityZone === undefined || SubnetId === undefined ? [] : [[AvailabilityZone, SubnetId]],
  );
  return Object.fromEntries(zones);
}
