import { expect, test } from 'vitest';
import { boots, can, keepShapes, keptShapes } from '../../../src/vendors/ec2/catalogue.ts';
import { digestImage, digestOfferings, digestShape } from '../../../src/vendors/ec2/digest.ts';
import { catalogue, shape } from './fixture.ts';

const m5 = {
  InstanceType: 'm5.large',
  VCpuInfo: { DefaultVCpus: 2 },
  MemoryInfo: { SizeInMiB: 8_192 },
  ProcessorInfo: { SupportedArchitectures: ['x86_64'], SustainedClockSpeedInGhz: 3.1 },
  SupportedUsageClasses: ['on-demand', 'spot'],
  SupportedVirtualizationTypes: ['hvm'],
  SupportedBootModes: ['legacy-bios', 'uefi'],
  PlacementGroupInfo: { SupportedStrategies: ['cluster', 'spread'] },
  NetworkInfo: {
    EnaSupport: 'required',
    NetworkPerformance: 'Up to 10 Gigabit',
    NetworkCards: [{ BaselineBandwidthInGbps: 0.75 }],
  },
} as const;
type Type = Parameters<typeof digestShape>[0];

function digested(changes: object): ReturnType<typeof digestShape> {
  return digestShape({ ...m5, ...changes } as unknown as Type, 0b11);
}

test('a type becomes a row: size, speed against 3 GHz, sustained network, abilities, zones', () => {
  expect(digested({})).toEqual({
    name: 'm5.large',
    cpus: 2,
    memoryMiB: 8_192,
    arch: 'x86_64',
    networkMbps: 750,
    cpuSpeed: 1.033,
    can: can.hvm | can.legacyBios | can.uefi | can.onDemand | can.spot | can.spread,
    zones: 0b11,
  });
});

test.each([
  ['10 Gigabit', 10_000],
  ['12.5 Gigabit', 12_500],
  ['100 Megabit', 100],
  ['Up to 10 Gigabit', 0],
  ['Low to Moderate', 0],
  ['4x 100 Gigabit', 0],
])('without a baseline, %s sustains %i Mbit/s', (NetworkPerformance, networkMbps) => {
  expect(digested({ NetworkInfo: { NetworkPerformance } })?.networkMbps).toBe(networkMbps);
});

test.each([
  ['t3.micro', 0.1],
  ['t3.large', 0.3],
  ['t4g.2xlarge', 0.4],
  ['t2.xlarge', 0.225],
])('%s counts as the share of a vCPU that it sustains without credits', (InstanceType, share) => {
  const row = digested({
    InstanceType,
    BurstablePerformanceSupported: true,
    ProcessorInfo: { SupportedArchitectures: ['x86_64'], SustainedClockSpeedInGhz: 3 },
  });
  expect(row?.cpuSpeed).toBe(share);
  expect((row?.can ?? 0) & can.burst).toBe(can.burst);
});

test('what no Linux image boots on, or has no size, is left out', () => {
  expect(digested({ ProcessorInfo: { SupportedArchitectures: ['x86_64_mac'] } })).toBeUndefined();
  expect(digested({ VCpuInfo: {} })).toBeUndefined();
  expect(digested({ MemoryInfo: undefined })).toBeUndefined();
});

test('offerings are counted by zone; those of other places are left out', () => {
  const bits = digestOfferings(
    [
      { InstanceType: 'm5.large', Location: 'us-east-1a' },
      { InstanceType: 'm5.large', Location: 'us-east-1c' },
      { InstanceType: 'm5.large', Location: 'us-east-1-bos-1a' },
    ],
    ['us-east-1a', 'us-east-1b', 'us-east-1c'],
  );
  expect(bits.get('m5.large')).toBe(0b101);
});

test('an image keeps its root disk and what it needs to boot', () => {
  const ami = {
    ImageId: 'ami-1',
    Architecture: 'x86_64',
    RootDeviceName: '/dev/xvda',
    RootDeviceType: 'ebs',
    State: 'available',
    VirtualizationType: 'hvm',
    BootMode: 'uefi',
    BlockDeviceMappings: [
      { DeviceName: '/dev/sdb', Ebs: { VolumeSize: 500 } },
      { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8 } },
    ],
  } as const;
  expect(
    digestImage({ ...ami, BlockDeviceMappings: [...ami.BlockDeviceMappings] }, 'admin'),
  ).toEqual({
    ami: 'ami-1',
    arch: 'x86_64',
    needs: can.hvm | can.uefi,
    rootDevice: '/dev/xvda',
    rootGiB: 8,
    user: 'admin',
  });
  for (const changes of [
    { Platform: 'Windows' },
    { State: 'pending' },
    { RootDeviceType: 'instance-store' },
  ] as const) {
    expect(
      digestImage(
        { ImageId: 'ami-1', Architecture: 'x86_64', RootDeviceName: '/', ...changes },
        'x',
      ),
    ).toBeUndefined();
  }
});

test('an image boots only where its virtualization, firmware and network driver are', () => {
  const image = {
    ami: 'ami-1',
    arch: 'x86_64',
    needs: can.hvm | can.uefi | can.withoutEna,
    rootDevice: '/dev/xvda',
    rootGiB: 8,
    user: 'admin',
  } as const;
  const all = can.hvm | can.uefi | can.withoutEna;
  expect(boots(image, shape('a', { can: all }))).toBe(true);
  for (const missing of [can.hvm, can.uefi, can.withoutEna]) {
    expect(boots(image, shape('a', { can: all - missing }))).toBe(false);
  }
  expect(boots(image, shape('a', { can: all, arch: 'arm64' }))).toBe(false);
});

test('the kept form of a region is read back as it was', () => {
  const { zones, spread, shapes } = catalogue;
  const kept: unknown = JSON.parse(JSON.stringify(keepShapes({ zones, spread, shapes })));
  expect(keptShapes.parse(kept)).toEqual({ zones, spread, shapes });
});
