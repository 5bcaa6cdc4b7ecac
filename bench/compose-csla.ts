/** The csla instances (real prices and round-trip times, synthetic requests) as programs of ours. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Group, Item, PairRule, Problem } from '../src/negotiation/compose/problem.ts';

/** Where the instances lie: beside the repository, unless SKYPACT_BENCH_DATA says otherwise. */
const dataFolder = new URL(
  process.env['SKYPACT_BENCH_DATA'] ?? '../../shared/data/',
  import.meta.url,
);

/** What csla_nN_v50_s1.json holds. */
interface Instance {
  readonly regions: readonly string[];
  readonly offers: readonly (readonly (readonly [usdPerHour: number, type: string] | null)[])[];
  readonly latencyMaxMs: readonly (readonly [i: number, j: number, ms: number])[];
  readonly antiAffinity: readonly (readonly number[])[];
  readonly affinity: readonly (readonly [i: number, j: number])[];
  /** Objectives per region. */
  readonly regionCapacity: number;
}

/** The instance with so many objectives; undefined when the data is not there. Costs in micros. */
export function cslaProblem(objectives: number): Problem | undefined {
  const json = unpacked(`csla/csla_n${objectives}_v50_s1.json.gz`);
  const csv = plain('catalogs/latency/azure_inter_region_rtt_p50_ms.csv');
  if (json === undefined || csv === undefined) return undefined;
  const instance: Instance = JSON.parse(json);
  return problemOf(instance, roundTrips(instance.regions, csv));
}

/** The same instance as a plain integer program in LP format. */
export function cslaProgram(objectives: number): string | undefined {
  return unpacked(`csla/csla_n${objectives}_v50_s1.lp.gz`);
}

/** Objectives of one affinity become one group, whose items take the place of several. */
function problemOf(instance: Instance, rttMs: readonly Float64Array[]): Problem {
  const { regions, offers, regionCapacity } = instance;
  const placeCount = regions.length;
  const groupOf = groupsByAffinity(instance);
  const groupCount = Math.max(...groupOf) + 1;
  const rows = regions.map((name) => ({ name, available: regionCapacity }));
  const members = Array.from({ length: groupCount }, (_, g) =>
    offers.filter((_, objective) => groupOf[objective] === g),
  );
  const apartRows: number[][] = Array.from({ length: groupCount }, () => []);
  for (const apart of instance.antiAffinity) {
    for (const objective of apart) apartRows[groupOf[objective] ?? 0]?.push(rows.length);
    regions.forEach((name) => {
      rows.push({ name: `${apart.join(', ')} apart in ${name}`, available: 1 });
    });
  }
  const groups = members.map((merged, g): Group => {
    const items = regions.flatMap((_, place): Item[] => {
      const prices = merged.map((offer) => offer[place]?.[0]);
      if (prices.some((price) => price === undefined)) return [];
      const cost = prices.reduce<number>((sum, price) => sum + Math.round((price ?? 0) * 1e6), 0);
      const apart = (apartRows[g] ?? []).map((row) => ({ row: row + place, amount: 1 }));
      const uses = [{ row: place, amount: merged.length }, ...apart];
      return [{ cost, units: 1, fixed: 0, place, vendor: place, uses }];
    });
    return { name: `group ${g}`, count: 1, items };
  });
  const rules = instance.latencyMaxMs.map(([i, j, ms]): PairRule => {
    const compatible = new Uint8Array(placeCount ** 2);
    for (let a = 0; a < placeCount; a++) {
      for (let b = 0; b < placeCount; b++) {
        compatible[a * placeCount + b] = (rttMs[a]?.[b] ?? Infinity) <= ms ? 1 : 0;
      }
    }
    return { left: groupOf[i] ?? 0, right: groupOf[j] ?? 0, compatible };
  });
  return { groups, rows, rules, placeCount };
}

function groupsByAffinity({ offers, affinity }: Instance): readonly number[] {
  const leader = offers.map((_, objective) => objective);
  const find = (objective: number): number => {
    const up = leader[objective] ?? objective;
    return up === objective ? objective : find(up);
  };
  for (const [i, j] of affinity) leader[find(j)] = find(i);
  const numbers = new Map<number, number>();
  return offers.map((_, objective) => {
    const first = find(objective);
    const number = numbers.get(first) ?? numbers.size;
    numbers.set(first, number);
    return number;
  });
}

/** 1 ms within a region; where one direction was not measured, the other stands for it. */
function roundTrips(regions: readonly string[], csv: string): readonly Float64Array[] {
  const key = (name: string): string => name.toLowerCase().replaceAll(' ', '');
  const [head = [], ...lines] = csv
    .trim()
    .split('\n')
    .map((line) => line.trim().split(','));
  const measured = new Map<string, number>();
  for (const [from = '', ...times] of lines) {
    times.forEach((time, n) => {
      if (time !== '') measured.set(`${key(from)} ${key(head[n + 1] ?? '')}`, Number(time));
    });
  }
  return regions.map((a) =>
    Float64Array.from(regions, (b) =>
      a === b ? 1 : (measured.get(`${a} ${b}`) ?? measured.get(`${b} ${a}`) ?? Infinity),
    ),
  );
}

function unpacked(path: string): string | undefined {
  const url = new URL(path, dataFolder);
  return existsSync(url) ? gunzipSync(readFileSync(url)).toString('utf8') : undefined;
}

function plain(path: string): string | undefined {
  const url = new URL(path, dataFolder);
  return existsSync(url) ? readFileSync(url, 'utf8') : undefined;
}
