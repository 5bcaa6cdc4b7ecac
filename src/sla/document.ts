/** The other direction of the schema: a template as the plain data of an SLA document. */
import { formatDuration, formatGiB, formatMbps, formatMiB, formatPercent } from '../base/units.ts';
import { metricKinds, promiseMetrics } from './metrics.ts';
import { formatPrice } from './money.ts';
import type { Amendment, Objective, Place, PromiseMetric, ServicePromise } from './objective.ts';
import type { Template } from './template.ts';

export type Document = { readonly [field: string]: DocumentValue };
type DocumentValue = string | number | readonly DocumentValue[] | Document;

/** What the schema reads back to the same template; optional fields that say nothing are left out. */
export function toDocument(template: Template): Document {
  const { pricePerHour } = template.limits;
  return {
    sla: 'skypact/v1',
    name: template.name,
    ...(pricePerHour === undefined ? {} : { limits: { price: formatPrice(pricePerHour) } }),
    prefer: { ...template.prefer },
    objectives: Object.fromEntries(
      template.objectives.map((objective) => [objective.name, objectiveDocument(objective)]),
    ),
  };
}

function objectiveDocument(objective: Objective): Document {
  const { networkMbps } = objective;
  return {
    ...(objective.count === 1 ? {} : { count: objective.count }),
    cpus: objective.cpus,
    memory: formatMiB(objective.memoryMiB),
    disk: formatGiB(objective.diskGiB),
    ...(networkMbps === undefined ? {} : { network: formatMbps(networkMbps) }),
    image: objective.image,
    ...unlessEmpty('place', placeDocument(objective.place)),
    ...unlessEmpty('promises', promisesDocument(objective.promises)),
    ...unlessEmpty('amend', amendDocument(objective.amend)),
  };
}

function placeDocument({ near, sites, vendors, not, ...relations }: Place): Document {
  return {
    ...relations,
    ...(near === undefined ? {} : { near: `${near.objective} (<= ${near.withinMs} ms)` }),
    ...(sites.length === 0 ? {} : { sites }),
    ...(vendors.length === 0 ? {} : { vendors }),
    ...(not.length === 0 ? {} : { not }),
  };
}

/** A floor and a ceiling of one metric share their window and penalty, as they do when written. */
function promisesDocument(promises: readonly ServicePromise[]): Document {
  const metrics = promiseMetrics.filter((metric) => promises.some((p) => p.metric === metric));
  const document = (metric: PromiseMetric): Document => {
    const own = promises.filter((promise) => promise.metric === metric);
    const [first] = own;
    const { unit } = metricKinds[metric];
    const written = own.map(({ bound, value }) => {
      return [bound, 'most' in unit ? value : unit.format(value)] as const;
    });
    return {
      ...Object.fromEntries(written),
      ...(first === undefined ? {} : { over: formatDuration(first.windowMs) }),
      ...(first?.penaltyPercent === undefined
        ? {}
        : { penalty: formatPercent(first.penaltyPercent) }),
    };
  };
  return Object.fromEntries(metrics.map((metric) => [metric, document(metric)]));
}

function amendDocument(amend: readonly Amendment[]): Document {
  return Object.fromEntries(
    amend.map((amendment) => {
      const [field, upTo] = amendmentField(amendment);
      const rise = amendment.pricePerHourAtMost;
      return [field, { upTo, ...(rise === undefined ? {} : { for: `+${formatPrice(rise)}` }) }];
    }),
  );
}

function amendmentField({ parameter, upTo }: Amendment): readonly [string, string | number] {
  switch (parameter) {
    case 'cpus':
      return ['cpus', upTo];
    case 'memoryMiB':
      return ['memory', formatMiB(upTo)];
    case 'diskGiB':
      return ['disk', formatGiB(upTo)];
    case 'networkMbps':
      return ['network', formatMbps(upTo)];
  }
}

function unlessEmpty(field: string, document: Document): Document {
  return Object.keys(document).length === 0 ? {} : { [field]: document };
}
