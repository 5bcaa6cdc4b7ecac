import { expect, test } from 'vitest';
import { contradictions } from '../../../src/sla/contradictions.ts';
import type { Objective } from '../../../src/sla/objective.ts';
import type { Template } from '../../../src/sla/template.ts';

const usd = (micros: number) => ({ micros, currency: 'USD' });

type Changes = Partial<Omit<Objective, 'place'>> & { readonly place?: Partial<Objective['place']> };

function objective(changes: Changes): Objective {
  const { place, ...rest } = changes;
  return {
    name: 'web',
    count: 3,
    cpus: 2,
    memoryMiB: 4096,
    diskGiB: 20,
    image: 'debian-12',
    promises: [],
    amend: [],
    ...rest,
    place: { sites: [], vendors: [], not: [], ...place },
  };
}

function template(...objectives: readonly Changes[]): Template {
  const prefer = { price: 1, speed: 0, trust: 0 };
  return { name: 'x', limits: {}, prefer, objectives: objectives.map(objective) };
}

/** The contradictions of one objective, `web` with three machines, beside another called `db`. */
function ofWeb(changes: Changes): readonly string[] {
  return contradictions(template(changes, { name: 'db' })).map(
    ({ path, detail }) => `${path.join('.')}: ${detail}`,
  );
}

test('an ordinary template contradicts nothing', () => {
  expect(ofWeb({ place: { apart: 'host', near: { objective: 'db', withinMs: 5 } } })).toEqual([]);
});

test('near wants another objective, which exists', () => {
  const near = (name: string) => ofWeb({ place: { near: { objective: name, withinMs: 5 } } });
  expect(near('web')).toEqual([
    'objectives.web.place.near: found web near itself; allowed is another objective, or together',
  ]);
  expect(near('bd')).toEqual([
    'objectives.web.place.near: found near bd; allowed are db; did you mean db?',
  ]);
  const alone = template({ place: { near: { objective: 'db', withinMs: 5 } } });
  expect(contradictions(alone)[0]?.detail).toBe(
    'found near db; allowed is none, as there is no other',
  );
  const crowd = Array.from({ length: 12 }, (_, n) => ({ name: `o${n}` }));
  const lost = template({ place: { near: { objective: 'queue', withinMs: 5 } } }, ...crowd);
  expect(contradictions(lost)[0]?.detail).toContain('o9 and 2 more');
});

test.each([
  ['site', 'site', true],
  ['vendor', 'vendor', true],
  ['vendor', 'site', true],
  ['site', 'vendor', false],
  ['host', 'site', false],
  ['host', 'vendor', false],
] as const)('apart: %s beside together: %s contradicts: %s', (apart, together, contradicts) => {
  const found = ofWeb({ place: { apart, together } });
  expect(found).toEqual(
    contradicts
      ? [
          `objectives.web.place.apart: found together: ${together} beside apart: ${apart} ` +
            'for 3 machines; allowed is either of them',
        ]
      : [],
  );
  expect(ofWeb({ count: 1, place: { apart, together } })).toEqual([]);
});

test('what is both named and excluded is a contradiction, patterns included', () => {
  expect(ofWeb({ place: { vendors: ['aws', 'kvm'], not: ['aws'] } })).toEqual([
    'objectives.web.place.vendors.0: found aws, which not: aws excludes; allowed is one of the two',
  ]);
  expect(ofWeb({ place: { sites: ['eu-n*', 'us-*'], not: ['eu-*'] } })).toEqual([
    'objectives.web.place.sites.0: found eu-n*, which not: eu-* excludes; allowed is one of the two',
  ]);
  expect(ofWeb({ place: { sites: ['eu-*'], not: ['eu-west'] } })).toEqual([]);
  expect(ofWeb({ place: { not: ['*'] } })).toEqual([
    'objectives.web.place.not: found *, which leaves no place at all; allowed are some names or patterns',
  ]);
});

test('machines apart need as many listed places as there are machines', () => {
  expect(ofWeb({ place: { apart: 'vendor', vendors: ['a', 'b'] } })).toEqual([
    'objectives.web.count: found 3 machines in a vendor of their own; ' +
      'allowed are at most 2, the vendors that are listed',
  ]);
  expect(ofWeb({ place: { apart: 'site', vendors: ['a', 'b'], sites: ['x'] } })).toEqual([
    'objectives.web.count: found 3 machines in a site of their own; ' +
      'allowed are at most 2, the sites that are listed',
  ]);
  expect(ofWeb({ place: { apart: 'site', vendors: ['a', 'b'], sites: ['x', 'y'] } })).toEqual([]);
  expect(ofWeb({ place: { apart: 'site', vendors: ['a'], sites: ['x*'] } })).toEqual([]);
  expect(ofWeb({ place: { apart: 'site', sites: ['x'] } })).toEqual([]);
  expect(ofWeb({ place: { apart: 'host', vendors: ['a'] } })).toEqual([]);
});

test('a floor above its ceiling is a contradiction', () => {
  const used = (bound: 'atLeast' | 'atMost', value: number) => {
    return { metric: 'cpu.used', bound, value, windowMs: 1000 } as const;
  };
  expect(ofWeb({ promises: [used('atLeast', 80), used('atMost', 20)] })).toEqual([
    'objectives.web.promises.cpu.used.atLeast: found at least 80 % and at most 20 %; ' +
      'allowed is a floor below the ceiling',
  ]);
  expect(ofWeb({ promises: [used('atLeast', 20), used('atMost', 20)] })).toEqual([]);
  expect(ofWeb({ promises: [used('atLeast', 20)] })).toEqual([]);
});

test.each([
  ['cpus', 'cpus', '1', '2'],
  ['memoryMiB', 'memory', '1 MiB', '4 GiB'],
  ['diskGiB', 'disk', '1 GiB', '20 GiB'],
  ['networkMbps', 'network', '1 Mbit/s', '1 Gbit/s'],
] as const)('an amendment of %s below what is asked is a contradiction', (...row) => {
  const [parameter, field, found, asked] = row;
  expect(ofWeb({ networkMbps: 1000, amend: [{ parameter, upTo: 1 }] })).toEqual([
    `objectives.web.amend.${field}.upTo: found ${found}; allowed is no less than the ${asked} asked`,
  ]);
});

test('an amendment of a connection that nobody asked for is a contradiction', () => {
  expect(ofWeb({ amend: [{ parameter: 'networkMbps', upTo: 1000 }] })).toEqual([
    'objectives.web.amend.network.upTo: found a bound on network, of which any will do; ' +
      'allowed is none',
  ]);
});

test('one SLA has one currency', () => {
  const euros = { micros: 1, currency: 'EUR' };
  const amend = [{ parameter: 'cpus', upTo: 4, pricePerHourAtMost: euros }] as const;
  const priced = { ...template({ amend }), limits: { pricePerHour: usd(1) } };
  expect(contradictions(priced)).toEqual([
    {
      path: ['objectives', 'web', 'amend', 'cpus', 'for'],
      detail: 'found EUR beside USD; allowed is one currency in an SLA',
    },
  ]);
  expect(contradictions(template({ amend }))).toEqual([]);
  const dollars = [{ parameter: 'cpus', upTo: 4, pricePerHourAtMost: usd(1) }] as const;
  expect(contradictions(template({ amend }, { name: 'db', amend: dollars }))).toHaveLength(1);
});

test('an SLA of more machines than can be kept is refused', () => {
  const objectives = ['a', 'b', 'c'].map((name) => ({ name, count: 1000 }));
  expect(contradictions(template(...objectives))).toEqual([
    {
      path: ['objectives'],
      detail: 'found 3000 machines in all; allowed are 2000 in one SLA',
    },
  ]);
});
