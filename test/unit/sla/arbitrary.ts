import fc from 'fast-check';
import { metricKinds, promiseMetrics } from '../../../src/sla/metrics.ts';
import type { Money } from '../../../src/sla/money.ts';
import type {
  Amendment,
  Objective,
  Place,
  PromiseMetric,
  ServicePromise,
} from '../../../src/sla/objective.ts';
import type { Template } from '../../../src/sla/template.ts';

/** Names that YAML would rather read as something else are among them. */
const name = fc.oneof(
  fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/),
  fc.constantFrom('null', 'true', 'no', 'constructor', 'y', 'e1'),
);
const freeName = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/),
  fc.constantFrom('1', '0x10', '1e3', 'null', 'true', '1.5', '2024-01-01'),
);
const pattern = fc.oneof(
  fc.stringMatching(/^[a-z]{1,6}-\*$/),
  fc.stringMatching(/^\*-[a-z]{1,6}$/),
  freeName,
);
const decimals = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: most * 1_000_000 }).map((micros) => micros / 1_000_000);

const money = (currency: string): fc.Arbitrary<Money> =>
  fc.integer({ min: 1, max: 1e12 }).map((micros) => ({ micros, currency }));

const list = (item: fc.Arbitrary<string>): fc.Arbitrary<readonly string[]> =>
  fc.uniqueArray(item, { maxLength: 3 });

const anyPlace: fc.Arbitrary<Place> = fc.record(
  {
    apart: fc.constantFrom('host', 'site', 'vendor'),
    together: fc.constantFrom('site', 'vendor'),
    sites: list(pattern),
    vendors: list(freeName),
    not: list(pattern),
  },
  { requiredKeys: ['sites', 'vendors', 'not'] },
);

/** Without what would contradict: relations that exclude each other, places named and excluded. */
const place: fc.Arbitrary<Place> = anyPlace.map(({ apart, together, ...named }) => {
  if (together !== undefined) return { ...named, together, not: [] };
  if (apart === undefined) return { ...named, not: [] };
  return { apart, sites: [], vendors: [], not: named.not.filter((each) => each !== '*') };
});

function promisesOf(metric: PromiseMetric): fc.Arbitrary<readonly ServicePromise[]> {
  const { unit, bounds } = metricKinds[metric];
  const most = 'most' in unit ? unit.most : unit.example.endsWith('%') ? 100 : 60_000;
  const penalty = fc.option(decimals(100), { nil: undefined });
  const windowMs = fc.integer({ min: 1000, max: 31_622_400_000 });
  return fc
    .tuple(fc.subarray([...bounds], { minLength: 1 }), decimals(most), windowMs, penalty)
    .map(([chosen, value, window, penaltyPercent]) =>
      chosen.map((bound) => ({
        metric,
        bound,
        value,
        windowMs: window,
        ...(penaltyPercent === undefined ? {} : { penaltyPercent }),
      })),
    );
}

const promises = fc
  .subarray([...promiseMetrics], { maxLength: 4 })
  .chain((metrics) => fc.tuple(...metrics.map(promisesOf)))
  .map((each) => each.flat());

const shape = fc.record(
  {
    cpus: fc.integer({ min: 1, max: 4096 }),
    memoryMiB: fc.integer({ min: 1, max: 67_108_864 }),
    diskGiB: fc.integer({ min: 1, max: 262_144 }),
    networkMbps: fc.integer({ min: 1, max: 20_000_000 }),
  },
  { requiredKeys: ['cpus', 'memoryMiB', 'diskGiB'] },
);
type Shape = Pick<Objective, 'cpus' | 'memoryMiB' | 'diskGiB' | 'networkMbps'>;

function amendOf(asked: Shape, currency: string): fc.Arbitrary<readonly Amendment[]> {
  const parameters = (['cpus', 'memoryMiB', 'diskGiB', 'networkMbps'] as const).filter(
    (parameter) => asked[parameter] !== undefined,
  );
  return fc.subarray(parameters).chain((chosen) =>
    fc.tuple(
      ...chosen.map((parameter) =>
        fc.option(money(currency), { nil: undefined }).map((rise) => ({
          parameter,
          upTo: asked[parameter] ?? 1,
          ...(rise === undefined ? {} : { pricePerHourAtMost: rise }),
        })),
      ),
    ),
  );
}

/** An objective that contradicts nothing by itself. */
function arbitraryObjective(currency: string): fc.Arbitrary<Objective> {
  return shape.chain((asked: Shape) =>
    fc.record({
      name,
      count: fc.constantFrom(1, 1, 2, 3),
      cpus: fc.constant(asked.cpus),
      memoryMiB: fc.constant(asked.memoryMiB),
      diskGiB: fc.constant(asked.diskGiB),
      ...(asked.networkMbps === undefined ? {} : { networkMbps: fc.constant(asked.networkMbps) }),
      image: fc.oneof(freeName, fc.constantFrom('debian-12', 'ami-0123', 'registry/img:1')),
      place,
      promises,
      amend: amendOf(asked, currency),
    }),
  );
}

/** A template as the parser returns one. */
export const arbitraryTemplate: fc.Arbitrary<Template> = fc
  .constantFrom('USD', 'EUR')
  .chain((currency) => {
    const objectives = fc.uniqueArray(arbitraryObjective(currency), {
      minLength: 1,
      maxLength: 4,
      selector: (objective) => objective.name,
    });
    const weight = fc.oneof(
      fc.integer({ min: 0, max: 1000 }),
      fc.double({ min: 1e-9, max: 9, noNaN: true }),
    );
    return fc.record({
      name: freeName,
      limits: money(currency).map((pricePerHour) => ({ pricePerHour })),
      prefer: fc.record({ price: weight, speed: weight, trust: fc.constantFrom(1, 2) }),
      objectives,
    });
  })
  .chain((template) => nearOneAnother(template));

/** The last objective, when there are several, is near the first. */
function nearOneAnother(template: Template): fc.Arbitrary<Template> {
  const [first] = template.objectives;
  const last = template.objectives.at(-1);
  if (first === undefined || last === undefined || first === last) return fc.constant(template);
  return fc.option(decimals(60_000)).map((withinMs) => {
    if (withinMs === null) return template;
    const near = { objective: first.name, withinMs };
    const moved = { ...last, place: { ...last.place, near } };
    return { ...template, objectives: [...template.objectives.slice(0, -1), moved] };
  });
}
