import { formatDuration } from '../../base/units.ts';
import { formatBound, metricKinds } from '../../sla/metrics.ts';
import type { Objective, PromisedLevel, PromiseMetric, ServicePromise } from '../vendor.ts';
import type { Settings } from './settings.ts';

/** Amazon's agreement is by the month (EC2 SLA, "Instance-Level SLA"); templates say 30 days. */
const monthMs = 30 * 86_400_000;

type Promising = Pick<Settings, 'market' | 'availability' | 'promises'>;

/** The level at which the promise is given; `undefined` when it cannot be. */
function levelFor(asked: ServicePromise, settings: Promising): PromisedLevel | undefined {
  const { metric, bound, value, windowMs } = asked;
  const vouched = settings.promises[metric];
  const own = metric === 'availability' && windowMs >= monthMs ? agreed(settings) : undefined;
  const level = vouched ?? own;
  if (level === undefined || !metricKinds[metric].bounds.includes(bound)) return undefined;
  const enough = bound === 'atLeast' ? level >= value : level <= value;
  return enough ? { metric, bound, value: level, windowMs } : undefined;
}

/** Amazon may end a spot machine at any time. */
function agreed({ market, availability }: Promising): number | undefined {
  return market === 'spot' ? undefined : availability;
}

/** The promises that cannot be given, in words; empty when all can. */
export function brokenPromises({ promises }: Objective, settings: Promising): readonly string[] {
  return promises
    .filter((asked) => levelFor(asked, settings) === undefined)
    .map((asked) => {
      const { metric, windowMs } = asked;
      const over = `${metric} ${formatBound(asked)} over ${formatDuration(windowMs)}`;
      return `${over} asked, ${best(metric, settings)}`;
    });
}

/** Every promise that a proposal makes: what was asked, and what goes without asking. */
export function promisesOf({ promises }: Objective, settings: Promising): readonly PromisedLevel[] {
  const given = promises.flatMap((asked) => levelFor(asked, settings) ?? []);
  const value = agreed(settings);
  const named = given.some(({ metric }) => metric === 'availability');
  if (value === undefined || named) return given;
  return [...given, { metric: 'availability', bound: 'atLeast', value, windowMs: monthMs }];
}

function best(metric: PromiseMetric, settings: Promising): string {
  const vouched = settings.promises[metric];
  if (vouched !== undefined) return `${vouched} is vouched for`;
  const value = metric === 'availability' ? agreed(settings) : undefined;
  const hint = `the setting promises.${metric} can vouch for it`;
  return value === undefined
    ? `EC2 promises none; ${hint}`
    : `EC2 promises ${value} % over ${formatDuration(monthMs)}; ${hint}`;
}
