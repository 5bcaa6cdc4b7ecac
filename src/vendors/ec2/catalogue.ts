/**
 * What a region offers, digested to what a bid reads. It is kept on disk in this form, so that a
 * new process answers from it in milliseconds.
 */
import { z } from 'zod';
import { matchesPattern } from '../../sla/place.ts';
import type { Settings } from './settings.ts';

export type Arch = 'x86_64' | 'arm64';

export interface Catalogue extends Region {
  /** By the names that templates use; several when a name covers several architectures. */
  readonly images: Readonly<Record<string, readonly Image[]>>;
}

export interface Region {
  /** Zones in the order that `Shape.zones` counts them. */
  readonly zones: readonly string[];
  /** True when the endpoint has placement groups, which hold machines apart. */
  readonly spread: boolean;
  readonly shapes: readonly Shape[];
}

/** An instance type. */
export interface Shape {
  readonly name: string;
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly arch: Arch;
  /** What its network sustains; 0: EC2 says nothing exact, or only what it can burst to. */
  readonly networkMbps: number;
  /** Speed of one vCPU in the long run, against a thread of a 3 GHz processor. */
  readonly cpuSpeed: number;
  /** What it can do, as a sum of {@link can}. */
  readonly can: number;
  /** The zones that offer it: bit n is zone n. */
  readonly zones: number;
}

/** What decides whether an image boots on a shape, and how the shape can be had. */
export const can = {
  hvm: 1,
  paravirtual: 2,
  legacyBios: 4,
  uefi: 8,
  onDemand: 16,
  spot: 32,
  spread: 64,
  burst: 128,
  withoutEna: 256,
} as const;

export interface Image {
  readonly ami: string;
  readonly arch: Arch;
  /** Of {@link can}: the image boots when the shape can do one of each non-zero pair. */
  readonly needs: number;
  readonly rootDevice: string;
  /** Least size of the root disk. */
  readonly rootGiB: number;
  readonly user: string;
}

export function shapeNamed({ shapes }: Catalogue, name: string): Shape | undefined {
  return shapes.find((shape) => shape.name === name);
}

/** The image of that name that boots on the shape. */
export function imageFor(catalogue: Catalogue, name: string, shape: Shape): Image | undefined {
  return (catalogue.images[name] ?? []).find((image) => boots(image, shape));
}

/** Whether it boots: same architecture, and every group of abilities that it needs is met. */
export function boots(image: Image, shape: Shape): boolean {
  const met = (group: number): boolean => {
    const needed = image.needs & group;
    return needed === 0 || (needed & shape.can) !== 0;
  };
  return (
    image.arch === shape.arch &&
    met(can.hvm | can.paravirtual) &&
    met(can.legacyBios | can.uefi) &&
    met(can.withoutEna)
  );
}

export function zonesOf({ zones }: Catalogue, shape: Shape): readonly string[] {
  return zones.filter((_, index) => (shape.zones & (1 << index)) !== 0);
}

/** Whether the settings leave the shape: its type, and how it is paid for. */
export function isAllowed({ name, can: abilities }: Shape, { types, market }: Settings): boolean {
  const paid = market === 'spot' ? can.spot : can.onDemand;
  return (abilities & paid) !== 0 && types.some((pattern) => matchesPattern(pattern, name));
}

/** The zones that the settings leave. */
export function allowedZones(zones: readonly string[], settings: Settings): readonly string[] {
  return zones.filter((zone) => settings.zones === undefined || settings.zones.includes(zone));
}

const arch = z.enum(['x86_64', 'arm64']);
const row = z.tuple([
  z.string(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
]);
type Row = z.output<typeof row>;

/** The kept form of zones and shapes: a row per shape, a tenth of the size of EC2's own answer. */
export const keptShapes: z.ZodType<Region, unknown> = z
  .object({ zones: z.array(z.string()).max(30), spread: z.boolean(), rows: z.array(row) })
  .transform(({ zones, spread, rows }) => ({ zones, spread, shapes: rows.map(shapeOf) }));

export function keepShapes({ zones, spread, shapes }: Region): unknown {
  return { zones, spread, rows: shapes.map(rowOf) };
}

export const keptImages: z.ZodType<Catalogue['images']> = z.record(
  z.string(),
  z.array(
    z.object({
      ami: z.string(),
      arch,
      needs: z.number(),
      rootDevice: z.string(),
      rootGiB: z.number(),
      user: z.string(),
    }),
  ),
);

function rowOf(shape: Shape): Row {
  const { name, cpus, memoryMiB, arch, networkMbps, cpuSpeed, can: abilities, zones } = shape;
  return [name, cpus, memoryMiB, arch === 'arm64' ? 1 : 0, networkMbps, cpuSpeed, abilities, zones];
}

function shapeOf([
  name,
  cpus,
  memoryMiB,
  arm,
  networkMbps,
  cpuSpeed,
  abilities,
  zones,
]: Row): Shape {
  const shapeArch = arm === 1 ? 'arm64' : 'x86_64';
  return { name, cpus, memoryMiB, arch: shapeArch, networkMbps, cpuSpeed, can: abilities, zones };
}
