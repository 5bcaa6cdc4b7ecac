import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Contract, Refusal, Vendor } from '../../src/vendors/vendor.ts';
import {
  callOf,
  cfpOf,
  failureOf,
  type Lab,
  proposalsOf,
  signedBy,
  startLab,
  timeouts,
} from './ec2-lab.ts';
import { image, oursAt, region, withMoto } from './moto.ts';
import { placementGroups } from './placement-groups.ts';

/** Offers from a real catalogue, prices, and what a contract turns into at the provider. */
withMoto(() => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
  });
  beforeEach(() => lab.renew());
  afterAll(() => lab[Symbol.asyncDispose]());

  const refusalOf = async (
    vendor: Vendor,
    changes: Parameters<typeof cfpOf>[0],
  ): Promise<Refusal> => {
    const answer = await vendor.bid(cfpOf(changes), callOf());
    if ('kind' in answer) return answer;
    throw new Error('it proposed something');
  };

  const book = async (name: string, lines: readonly string[]): Promise<string> => {
    const path = join(lab.folder, name);
    await writeFile(path, ['type,usdPerHour,date', ...lines].join('\n'));
    return path;
  };

  /** Settings that no other test has: whether there are groups is part of the kept catalogue. */
  const openWithGroups = (): ReturnType<Lab['open']> => lab.open({ user: 'apart' });

  test('the whole catalogue is read, and kept so that the next process asks nothing', async () => {
    await using first = await lab.open();
    const { sites, images, largest } = await first.describe(callOf());
    expect(sites.map(({ name }) => name)).toContain('us-east-1a');
    expect(images).toEqual(['debian-12']);
    const { InstanceTypes = [] } = await lab.moto.client.send(new DescribeInstanceTypesCommand({}));
    expect(InstanceTypes.length).toBeGreaterThan(1_000);
    expect(largest.cpus).toBeGreaterThan(400);
    const offers = await proposalsOf(first, callOf());
    lab.proxy.forget();
    await using second = await lab.open();
    expect((await proposalsOf(second, callOf())).length).toBe(offers.length);
    expect(lab.proxy.seen).toEqual([]);
    const files = await readdir(lab.folder);
    expect(files.some((file) => /^ec2-aws-[0-9a-f]{12}-shapes[.]json$/.test(file))).toBe(true);
  });

  test('a kept catalogue that is damaged is read anew', async () => {
    for (const file of await readdir(lab.folder)) await writeFile(join(lab.folder, file), '{"x":');
    await using vendor = await lab.open();
    expect((await proposalsOf(vendor, callOf())).length).toBeGreaterThan(0);
    expect(lab.proxy.count('DescribeInstanceTypes')).toBe(1);
  });

  test('alternatives are the cheapest, no more than asked for, and none beaten in its zone', async () => {
    await using vendor = await lab.open({ alternatives: 12 });
    const offers = await proposalsOf(vendor, callOf());
    expect(offers.length).toBe(12);
    const prices = offers.map(({ pricePerHour }) => pricePerHour.micros);
    expect(prices).toEqual(prices.toSorted((a, b) => a - b));
    for (const one of offers) {
      const beaten = offers.some(
        (other) =>
          other.id !== one.id &&
          other.site === one.site &&
          other.pricePerHour.micros <= one.pricePerHour.micros &&
          other.predicted.cpuSpeed >= one.predicted.cpuSpeed,
      );
      expect([one.shape, one.site, beaten]).toEqual([one.shape, one.site, false]);
    }
  });

  test('a price is that of the type, its disk and its address', async () => {
    const prices = await book('exact.csv', [
      'm5.large,0.096,2026-07-20',
      'gp3,0.073,',
      'public-ipv4,0.005,',
    ]);
    await using vendor = await lab.open({ prices });
    const [offer] = await proposalsOf(vendor, callOf(), cfpOf({ diskGiB: 100 }));
    expect([offer?.shape, offer?.pricePerHour.micros]).toEqual([
      'm5.large',
      96_000 + 10_000 + 5_000,
    ]);
    await using hidden = await lab.open({ prices, address: 'private' });
    const [without] = await proposalsOf(hidden, callOf(), cfpOf({ diskGiB: 100 }));
    expect(without?.pricePerHour.micros).toBe(96_000 + 10_000);
  });

  test.each([
    ['capacity', { cpus: 3_000 }, /3000 vCPUs.* none of \d+ instance types/],
    ['image', { image: 'plan9' }, /plan9 is not in the settings; there are debian-12/],
    ['image', { image: 'ubuntu-24.04' }, /ubuntu-24.04 is not found/],
    ['place', { place: { sites: ['eu-*'], vendors: [], not: [] } }, /us-east-1a is none of eu-/],
    ['place', { place: { sites: [], vendors: [], not: ['aws'] } }, /excluded by not: aws/],
    [
      'place',
      { count: 2, place: { sites: [], vendors: [], not: [], apart: 'host' } },
      /2 machines on different hosts asked; .* no placement groups/,
    ],
    [
      'promise',
      {
        promises: [
          { metric: 'availability', bound: 'atLeast', value: 99.9, windowMs: 2_592_000_000 },
        ],
      },
      /99.9 % over 30 d asked, EC2 promises 99.5 % over 30 d/,
    ],
    [
      'promise',
      { promises: [{ metric: 'cpu.steal', bound: 'atMost', value: 5, windowMs: 300_000 }] },
      /cpu.steal at most 5 % over 5 min asked, EC2 promises none/,
    ],
  ] as const)('what it cannot give is refused: %s, %j', async (reason, changes, detail) => {
    await using vendor = await lab.open();
    const refusal = await refusalOf(vendor, changes);
    expect(refusal.reason).toBe(reason);
    expect(refusal.detail).toMatch(detail);
  });

  test('a region without any prices is refused, not guessed', async () => {
    await using vendor = await lab.open({ region: 'eu-west-1', images: { 'debian-12': image } });
    const refusal = await refusalOf(vendor, {});
    expect([refusal.reason, refusal.detail]).toEqual([
      'unsupported',
      'no prices for eu-west-1; set `prices` to the path of a price book',
    ]);
  });

  test('types without a price are left out', async () => {
    const prices = await book('few.csv', ['c5.large,0.085,2026-07-20', 't3.nano,0.005,']);
    await using vendor = await lab.open({ prices });
    const offers = await proposalsOf(vendor, callOf());
    expect(new Set(offers.map(({ shape }) => shape))).toEqual(new Set(['c5.large']));
    const refusal = await refusalOf(vendor, { cpus: 64 });
    expect([refusal.reason, refusal.detail]).toEqual([
      'unsupported',
      expect.stringMatching(/no price in price book .*few.csv, \d+ d/),
    ]);
  });

  test('the age of the prices is said', async () => {
    const prices = await book('old.csv', ['m5.large,0.096,2020-01-01']);
    await using vendor = await lab.open({ prices });
    const heard: string[] = [];
    await proposalsOf(vendor, callOf({ progress: (step) => heard.push(step) }));
    expect(heard.join('\n')).toMatch(/of 2020-01-01, \d{4} days old; they may have changed since/);
  });

  test('a price that rose is VENDOR.PRICE_MOVED with both, and signs nothing', async () => {
    const prices = await book('moving.csv', ['m5.large,0.096,2026-07-20']);
    await using vendor = await lab.open({ prices });
    const call = callOf();
    const [first, second] = await proposalsOf(vendor, call);
    if (first === undefined || second === undefined) throw new Error('too few proposals');
    const signed = await vendor.accept(first, 0, call);
    await book('moving.csv', ['m5.large,0.120,2026-07-21']);
    const failure = await failureOf(vendor.accept(second, 0, call));
    expect(failure.code).toBe('VENDOR.PRICE_MOVED');
    expect(failure.facts).toMatchObject({
      quotedMicros: second.pricePerHour.micros,
      currentMicros: second.pricePerHour.micros + 24_000,
      currency: 'USD',
    });
    expect(await vendor.accept(first, 0, call)).toEqual(signed);
    await book('moving.csv', ['m5.large,0.090,2026-07-22']);
    const third = await vendor.accept(second, 0, call);
    expect(third.proposal.pricePerHour).toEqual(second.pricePerHour);
    expect((await oursAt(lab.moto)).templates.length).toBe(2);
  });

  test('prices come from the Pricing API, and a quote is held to it', async () => {
    const state = { usd: '0.0960000000' };
    lab.proxy.hooks = {
      interfere: ({ action, parameters }) =>
        action === 'GetProducts'
          ? { kind: 'answer', status: 200, body: products(`${parameters}`, state.usd) }
          : undefined,
    };
    await using vendor = await lab.open({ prices: 'api' });
    const call = callOf();
    const [offer] = await proposalsOf(vendor, call);
    if (offer === undefined) throw new Error('no proposal');
    // 20 GiB of gp3 at 0.0730 USD a month, and an address.
    expect([offer.shape, offer.pricePerHour.micros]).toEqual(['m5.large', 96_000 + 2_000 + 5_000]);
    state.usd = '0.0970000000';
    const failure = await failureOf(vendor.accept(offer, 0, call));
    expect(failure.facts['currentMicros']).toBe(offer.pricePerHour.micros + 1_000);
    state.usd = '0.0950000000';
    await vendor.accept(offer, 0, call);
    await using next = await lab.open({ prices: 'api' });
    lab.proxy.forget();
    await proposalsOf(next, callOf());
    expect(lab.proxy.count('GetProducts')).toBe(0);
  });

  test('without a Pricing API nothing is guessed: the bid fails and says why', async () => {
    await using vendor = await lab.open({ prices: 'api', catalogueHours: 0.000_001 });
    lab.proxy.hooks = {
      interfere: ({ action }) =>
        action === 'GetProducts' ? { kind: 'answer', status: 501, body: 'none' } : undefined,
    };
    const failure = await failureOf(vendor.bid(cfpOf(), callOf()));
    expect(failure.code).toBe('VENDOR.UNREACHABLE');
  });

  test('with waitForSsh a machine is bound when its ssh server greets', async () => {
    const greeting = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const server = createServer((socket) => {
      asked.resolve();
      greeting.promise.then(
        () => socket.end('SSH-2.0-lab\r\n'),
        () => socket.destroy(),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await using vendor = await lab.open({
      waitForSsh: true,
      endpoints: { web: `127.0.0.1:${port}` },
    });
    const call = callOf();
    const contract = await signedBy(vendor, call);
    const binding = vendor.bind(contract, call);
    await asked.promise;
    const early = await Promise.race([binding, Promise.resolve('not yet')]);
    expect(early).toBe('not yet');
    greeting.resolve();
    expect((await binding).endpoint).toBe(`ssh://admin@127.0.0.1:${port}`);
    server.close();
    await vendor.withdraw(contract.id, call);
  });

  test('with waitForSsh a machine that never greets is VENDOR.TIMEOUT, and is left behind', async () => {
    const waits = { ...timeouts, bindMs: 300 };
    const settings = { waitForSsh: true, endpoints: { '*': '127.0.0.1:9' }, timeouts: waits };
    await using vendor = await lab.open(settings);
    const call = callOf();
    const contract = await signedBy(vendor, call);
    const failure = await failureOf(vendor.bind(contract, call));
    expect(failure.code).toBe('VENDOR.TIMEOUT');
    expect(failure.leftBehind).toContain(contract.id);
    await vendor.withdraw(contract.id, call);
    expect(await oursAt(lab.moto)).toEqual({ machines: [], templates: [] });
  });

  test('machines that stand apart are in one spread group, which ends with the last of them', async () => {
    const groups = placementGroups(lab.moto);
    lab.proxy.hooks = { interfere: groups.interfere };
    await using vendor = await openWithGroups();
    const call = callOf();
    const cfp = cfpOf({ count: 3, place: { sites: [], vendors: [], not: [], apart: 'host' } });
    const [one] = await proposalsOf(vendor, call, cfp);
    if (one === undefined) throw new Error('no proposal');
    expect(one.units).toBe(3);
    expect(one.uses).toMatchObject([{ amount: 1, available: 7 }]);
    const contracts: Contract[] = [];
    for (const unit of [0, 1, 2]) contracts.push(await vendor.accept(one, unit, call));
    expect(groups.groups.size).toBe(0);
    await Promise.all(contracts.map((contract) => vendor.bind(contract, call)));
    expect([...groups.groups.values()].map((tokens) => tokens.length)).toEqual([3]);
    const [first, ...others] = contracts;
    if (first !== undefined) await vendor.withdraw(first.id, call);
    expect(groups.groups.size).toBe(1);
    await Promise.all(others.map(({ id }) => vendor.withdraw(id, call)));
    expect(groups.groups.size).toBe(0);
  });

  test('a group that ended with its only machine is made again for the next', async () => {
    const groups = placementGroups(lab.moto);
    lab.proxy.hooks = { interfere: groups.interfere };
    await using vendor = await openWithGroups();
    const call = callOf();
    const cfp = cfpOf({ count: 2, place: { sites: [], vendors: [], not: [], apart: 'host' } });
    const [one] = await proposalsOf(vendor, call, cfp);
    if (one === undefined) throw new Error('no proposal');
    const [first, second] = [await vendor.accept(one, 0, call), await vendor.accept(one, 1, call)];
    await vendor.bind(first, call);
    await vendor.withdraw(first.id, call);
    expect(groups.groups.size).toBe(0);
    await vendor.bind(second, call);
    expect(groups.groups.size).toBe(1);
    await vendor.withdraw(second.id, call);
    expect(groups.groups.size).toBe(0);
  });

  test('spot machines are priced by spot history, capped at it, and promise no availability', async () => {
    await using vendor = await lab.open({ market: 'spot' });
    const call = callOf();
    const [offer] = await proposalsOf(vendor, call);
    // Moto's spot prices are 0.00001 USD/h, all of them.
    const extras = Math.ceil((80_000 * 20) / 730) + 5_000;
    expect(offer?.pricePerHour.micros).toBe(10 + extras);
    expect(offer?.promises).toEqual([]);
    const contract = await signedBy(vendor, call);
    const { LaunchTemplateVersions = [] } = await lab.moto.client.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName: contract.id }),
    );
    const [version] = LaunchTemplateVersions;
    expect(version?.LaunchTemplateData?.InstanceMarketOptions).toMatchObject({
      MarketType: 'spot',
      SpotOptions: { MaxPrice: '0.000010' },
    });
    await vendor.bind(contract, call);
    const [machine] = (await oursAt(lab.moto)).machines;
    expect(machine?.Tags).toContainEqual({ Key: 'skypact:contract', Value: contract.id });
    expect(
      lab.proxy.seen
        .findLast(({ action }) => action === 'RunInstances')
        ?.parameters.get('InstanceMarketOptions.MarketType'),
    ).toBe('spot');
    const refusal = await refusalOf(vendor, {
      promises: [{ metric: 'availability', bound: 'atLeast', value: 90, windowMs: 2_592_000_000 }],
    });
    expect(refusal.reason).toBe('promise');
  });

  test('subnet, group, key, disk and zone of the settings reach the machine', async () => {
    const { Subnets = [] } = await lab.moto.client.send(new DescribeSubnetsCommand({}));
    const subnet = Subnets.find(({ AvailabilityZone }) => AvailabilityZone === 'us-east-1b');
    const { GroupId = '' } = await lab.moto.client.send(
      new CreateSecurityGroupCommand({
        GroupName: 'lab',
        Description: 'lab',
        VpcId: subnet?.VpcId,
      }),
    );
    await using vendor = await lab.open({
      subnet: subnet?.SubnetId,
      securityGroup: GroupId,
      keyName: 'lab-key',
    });
    const call = callOf();
    const offers = await proposalsOf(vendor, call, cfpOf({ diskGiB: 33 }));
    expect(new Set(offers.map(({ site }) => site))).toEqual(new Set(['us-east-1b']));
    const contract = await signedBy(vendor, call, cfpOf({ diskGiB: 33 }));
    const binding = await vendor.bind(contract, call);
    expect(binding).toMatchObject({ site: 'us-east-1b', credentialRef: 'aws:keypair/lab-key' });
    const { LaunchTemplateVersions = [] } = await lab.moto.client.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName: contract.id }),
    );
    expect(LaunchTemplateVersions[0]?.LaunchTemplateData).toMatchObject({
      KeyName: 'lab-key',
      ImageId: image,
      InstanceType: contract.proposal.shape,
      Placement: { AvailabilityZone: 'us-east-1b' },
      NetworkInterfaces: [{ SubnetId: subnet?.SubnetId, Groups: [GroupId] }],
    });
    const { Volumes = [] } = await lab.moto.client.send(
      new DescribeVolumesCommand({
        Filters: [{ Name: 'attachment.instance-id', Values: [binding.machine] }],
      }),
    );
    expect(Volumes.map(({ Size }) => Size)).toContain(33);
    await vendor.withdraw(contract.id, call);
    const { Reservations = [] } = await lab.moto.client.send(
      new DescribeInstancesCommand({ InstanceIds: [binding.machine] }),
    );
    expect(Reservations[0]?.Instances?.[0]?.State?.Name).toBe('terminated');
  });

  test('endpoints of the settings stand for the addresses of machines', async () => {
    const table = join(lab.folder, 'guests.json');
    await writeFile(table, JSON.stringify({ 'web/0': '127.0.0.1:2201' }));
    await using vendor = await lab.open({ endpoints: table });
    const call = callOf();
    const contract = await signedBy(vendor, call);
    const { endpoint, machine } = await vendor.bind(contract, call);
    expect(endpoint).toBe('ssh://admin@127.0.0.1:2201');
    await writeFile(table, JSON.stringify({ 'web/0': '127.0.0.1:2201', [machine]: 'localhost' }));
    expect((await vendor.bind(contract, call)).endpoint).toBe('ssh://admin@localhost:22');
    expect(await readFile(table, 'utf8')).toContain(machine);
  });

  test('CloudWatch and status checks are asked in bulk, and what they do not know is left out', async () => {
    await using vendor = await lab.open();
    const call = callOf();
    const [proposal] = await proposalsOf(vendor, call, cfpOf({ count: 2 }));
    if (proposal === undefined) throw new Error('no proposal');
    const bindings = await Promise.all(
      [0, 1].map(async (unit) => vendor.bind(await vendor.accept(proposal, unit, call), call)),
    );
    const [first, second] = bindings;
    if (first === undefined || second === undefined) throw new Error('no machines');
    const watch = new CloudWatchClient({ region, endpoint: lab.moto.endpoint });
    const Dimensions = [{ Name: 'InstanceId', Value: first.machine }];
    const Timestamp = new Date(Date.now() - 60_000);
    await watch.send(
      new PutMetricDataCommand({
        Namespace: 'AWS/EC2',
        MetricData: [
          { MetricName: 'CPUUtilization', Value: 42.5, Unit: 'Percent', Dimensions, Timestamp },
          { MetricName: 'NetworkIn', Value: 37_500_000, Unit: 'Bytes', Dimensions, Timestamp },
          { MetricName: 'EBSReadBytes', Value: 314_572_800, Unit: 'Bytes', Dimensions, Timestamp },
        ],
      }),
    );
    lab.proxy.forget();
    const unknown = { ...second, contract: first.contract, machine: 'i-0123456789abcdef0' };
    const samples = await Array.fromAsync(
      vendor.measure(
        [...bindings, unknown],
        ['cpu.used', 'net.in', 'net.out', 'disk.read', 'power', 'reachable', 'memory.used'],
        call,
      ),
    );
    const values = samples.map(({ contract, metric, value }) => [contract, metric, value]);
    expect(new Set(values.map(String))).toEqual(
      new Set(
        [
          [first.contract, 'cpu.used', 42.5],
          [first.contract, 'net.in', 1],
          [first.contract, 'disk.read', 1],
          [first.contract, 'power', 1],
          [first.contract, 'reachable', 1],
          [second.contract, 'power', 1],
          [second.contract, 'reachable', 1],
        ].map(String),
      ),
    );
    expect(lab.proxy.count('GetMetricData')).toBe(1);
    watch.destroy();
  });
});

/** Two products in the form of the Pricing API, for a request in JSON: a machine, or a disk. */
function products(request: string, usd: string): string {
  const isDisk = decodeURIComponent(request).includes('gp3');
  const priced = (price: string): object => ({
    OnDemand: { 'X.Y': { priceDimensions: { 'X.Y.Z': { pricePerUnit: { USD: price } } } } },
  });
  const attributes = isDisk ? { volumeApiName: 'gp3' } : { instanceType: 'm5.large' };
  const product = { product: { attributes }, terms: priced(isDisk ? '0.0730000000' : usd) };
  const free = { product: { attributes: { instanceType: 'x.free' } }, terms: priced('0.0') };
  return JSON.stringify({
    FormatVersion: 'aws_v1',
    PriceList: [product, free].map((one) => JSON.stringify(one)),
  });
}
