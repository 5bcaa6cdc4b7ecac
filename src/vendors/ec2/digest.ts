/** EC2's answers to the catalogue's rows: what a bid does not read is dropped here. */
import type { Image as AmiInfo, InstanceTypeInfo, InstanceTypeOffering } from '@aws-sdk/client-ec2';
import { type Arch, can, type Image, type Shape } from './catalogue.ts';

/** The type's row; `undefined` for what no Linux image boots on, such as a Mac. */
export function digestShape(type: InstanceTypeInfo, zones: number): Shape | undefined {
  const { InstanceType: name, ProcessorInfo: processor, BurstablePerformanceSupported } = type;
  const cpus = type.VCpuInfo?.DefaultVCpus;
  const memoryMiB = type.MemoryInfo?.SizeInMiB;
  const arch = archOf(processor?.SupportedArchitectures ?? []);
  if (name === undefined || arch === undefined || !cpus || !memoryMiB) return undefined;
  const speed = (processor?.SustainedClockSpeedInGhz ?? usualGhz) / referenceGhz;
  const share = BurstablePerformanceSupported === true ? baselineShare(name) : 1;
  return {
    name,
    cpus,
    memoryMiB,
    arch,
    networkMbps: sustainedMbps(type),
    cpuSpeed: Math.round(speed * share * 1000) / 1000,
    can: abilities(type),
    zones,
  };
}

/** By type, the zones that offer it as bits. */
export function digestOfferings(
  offerings: readonly InstanceTypeOffering[],
  zones: readonly string[],
): ReadonlyMap<string, number> {
  const bits = new Map<string, number>();
  for (const { InstanceType = '', Location = '' } of offerings) {
    const zone = zones.indexOf(Location);
    if (zone >= 0) bits.set(InstanceType, (bits.get(InstanceType) ?? 0) | (1 << zone));
  }
  return bits;
}

/** The image's row; `undefined` for what is not a bootable machine image of ours to use. */
export function digestImage(ami: AmiInfo, user: string): Image | undefined {
  const { ImageId, RootDeviceName, RootDeviceType, State, Platform } = ami;
  const arch = archOf([ami.Architecture ?? '']);
  if (ImageId === undefined || arch === undefined || RootDeviceName === undefined) return undefined;
  if ((State !== undefined && State !== 'available') || Platform?.toLowerCase() === 'windows')
    return undefined;
  if (RootDeviceType !== undefined && RootDeviceType !== 'ebs') return undefined;
  const root = ami.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === RootDeviceName);
  return {
    ami: ImageId,
    arch,
    needs: imageNeeds(ami),
    rootDevice: RootDeviceName,
    rootGiB: root?.Ebs?.VolumeSize ?? 0,
    user,
  };
}

/** A vCPU of this speed is the reference of 1.0; most of today's sustain 2.5 to 4 GHz. */
const referenceGhz = 3;
const usualGhz = 2.5;

/**
 * What a burstable type sustains per vCPU when its credits are spent: EC2 user guide, "Key
 * concepts for burstable performance instances". We buy no surplus credits (launch.ts).
 */
function baselineShare(name: string): number {
  const [family = '', size = ''] = name.split('.');
  const percent = (family === 't2' ? t2Percent[size] : undefined) ?? percentBySize[size] ?? 20;
  return percent / 100;
}

const percentBySize: Readonly<Record<string, number>> = {
  nano: 5,
  micro: 10,
  small: 20,
  medium: 20,
  large: 30,
  xlarge: 40,
  '2xlarge': 40,
};
const t2Percent: Readonly<Record<string, number>> = { xlarge: 22.5, '2xlarge': 17 };

function archOf(architectures: readonly string[]): Arch | undefined {
  if (architectures.includes('x86_64')) return 'x86_64';
  return architectures.includes('arm64') ? 'arm64' : undefined;
}

/** `Up to 10 Gigabit` is a burst and promises nothing; the baseline of the first card does. */
function sustainedMbps({ NetworkInfo }: InstanceTypeInfo): number {
  const baseline = NetworkInfo?.NetworkCards?.[0]?.BaselineBandwidthInGbps;
  if (baseline !== undefined) return Math.floor(baseline * 1000);
  const [, amount = '', unit] =
    /^(\d+(?:\.\d+)?) (Giga|Mega)bit$/.exec(NetworkInfo?.NetworkPerformance ?? '') ?? [];
  return Math.floor(Number(amount) * (unit === 'Giga' ? 1000 : 1));
}

function abilities(type: InstanceTypeInfo): number {
  const usages: readonly string[] = type.SupportedUsageClasses ?? ['on-demand'];
  const kinds: readonly string[] = type.SupportedVirtualizationTypes ?? ['hvm'];
  const boots: readonly string[] = type.SupportedBootModes ?? ['legacy-bios'];
  const strategies: readonly string[] = type.PlacementGroupInfo?.SupportedStrategies ?? [];
  return sum([
    [can.hvm, kinds.includes('hvm')],
    [can.paravirtual, kinds.includes('paravirtual')],
    [can.legacyBios, boots.includes('legacy-bios')],
    [can.uefi, boots.includes('uefi')],
    [can.onDemand, usages.includes('on-demand')],
    [can.spot, usages.includes('spot')],
    [can.spread, strategies.includes('spread')],
    [can.burst, type.BurstablePerformanceSupported === true],
    [can.withoutEna, type.NetworkInfo?.EnaSupport !== 'required'],
  ]);
}

function imageNeeds(ami: AmiInfo): number {
  return sum([
    [can.hvm, ami.VirtualizationType !== 'paravirtual'],
    [can.paravirtual, ami.VirtualizationType === 'paravirtual'],
    [can.legacyBios, ami.BootMode === 'legacy-bios'],
    [can.uefi, ami.BootMode === 'uefi'],
    [can.withoutEna, ami.EnaSupport === false],
  ]);
}

function sum(bits: readonly (readonly [bit: number, set: boolean])[]): number {
  return bits.reduce((total, [bit, set]) => (set ? total + bit : total), 0);
}
