import { formatBound, formatMetric } from '../../sla/metrics.ts';
import type { Objective, PromisedLevel, ServicePromise } from '../vendor.ts';
import type { Pool } from './market.ts';

const dayMs = 86_400_000;

/** What a pool promises of every machine, asked or not; it promises nothing else. */
function levelsOf({ site, class: hostClass }: Pick<Pool, 'site' | 'class'>): Levels {
  return [
    {
      metric: 'availability',
      bound: 'atLeast',
      value: site.availabilityPercent,
      windowMs: 30 * dayMs,
    },
    { metric: 'cpu.steal', bound: 'atMost', value: hostClass.stealPercent, windowMs: dayMs },
  ];
}

type Levels = readonly (PromisedLevel & { readonly metric: 'availability' | 'cpu.steal' })[];

export function keeps(pool: Pool, { metric, bound, value }: ServicePromise): boolean {
  const level = levelsOf(pool).find((one) => one.metric === metric);
  if (level?.bound !== bound) return false;
  return bound === 'atLeast' ? level.value >= value : level.value <= value;
}

/** Each asked promise at the level and over the window that it gets, and what goes without asking. */
export function promisesOf(pool: Pool, { promises }: Objective): readonly PromisedLevel[] {
  const levels = levelsOf(pool);
  const asked = promises.flatMap(({ metric, windowMs }) =>
    levels.filter((level) => level.metric === metric).map((level) => ({ ...level, windowMs })),
  );
  return [...asked, ...levels.filter(({ metric }) => !asked.some((one) => one.metric === metric))];
}

/** Why no pool keeps what is asked: `availability at least 99.99 % asked, at best 99.95 %`. */
export function brokenPromise(promises: readonly ServicePromise[], pools: readonly Pool[]): string {
  const alone = promises.find((promise) => !pools.some((pool) => keeps(pool, promise)));
  if (alone === undefined) return `no site keeps all of ${promises.map(inWords).join(', ')}`;
  const { metric, bound } = alone;
  const levels = pools.flatMap((pool) => levelsOf(pool));
  const values = levels
    .filter((level) => level.metric === metric && level.bound === bound)
    .map(({ value }) => value);
  if (values.length === 0) {
    const known = [...new Set(levels.map((level) => level.metric))].join(' and ');
    return `${inWords(alone)} asked; only ${known} are promised`;
  }
  const best = bound === 'atLeast' ? Math.max(...values) : Math.min(...values);
  return `${inWords(alone)} asked, at best ${formatMetric(metric, best)}`;
}

function inWords(promise: ServicePromise): string {
  return `${promise.metric} ${formatBound(promise)}`;
}
