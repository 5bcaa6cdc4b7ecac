/** The GENIUS domains of data/anac: two parties' preferences over the same issues, as XML. */
import { existsSync, readFileSync } from 'node:fs';
import { type Preference, preferenceOf } from '../src/negotiation/bargain.ts';
import type { Row } from './harness.ts';

/** Where the domains lie: beside the repository, unless SKYPACT_BENCH_DATA says otherwise. */
const dataFolder = new URL(
  process.env['SKYPACT_BENCH_DATA'] ?? '../../shared/data/',
  import.meta.url,
);

export interface Domain {
  readonly name: string;
  readonly first: Preference;
  readonly second: Preference;
}

/** The row of a figure that could not be measured. */
export function missingDomains(what: string): Row {
  return {
    what,
    figure: Number.NaN,
    unit: '',
    goal: '',
    met: false,
    reference: 'input missing: ../shared/data, or set SKYPACT_BENCH_DATA to its URL',
    conditions: 'not measured',
  };
}

/** Undefined when the data is not there. */
export function itexVersusCypress(): Domain | undefined {
  const folder = 'anac/ItexvsCypress/ItexvsCypress';
  return domain('ItexvsCypress', [`${folder}_Cypress.xml`, `${folder}_Itex.xml`]);
}

export function englandZimbabwe(): Domain | undefined {
  const folder = 'anac/EnglandZimbabwe';
  return domain('EnglandZimbabwe', [`${folder}/England.xml`, `${folder}/Zimbabwe.xml`]);
}

/**
 * Utilities on one scale, as NegMAS normalises a scenario: the best outcome of each party is worth
 * 1 to it, and the wider of the two ranges is 1 wide, so that a step means the same to both.
 */
function domain(name: string, files: readonly [string, string]): Domain | undefined {
  const urls = files.map((file) => new URL(file, dataFolder));
  if (!urls.every((url) => existsSync(url))) return undefined;
  const spaces = urls.map((url) => spaceOf(readFileSync(url, 'utf8')));
  const ranges = spaces.map(({ values }) => Math.max(...values) - Math.min(...values));
  const widest = Math.max(...ranges);
  const [first, second] = spaces.map(({ values, reservation }) => {
    const best = Math.max(...values);
    const scaled = (value: number): number => 1 - (best - value) / widest;
    // A reservation of 0 is GENIUS's way to say that there is none.
    const terms = reservation > 0 ? { reservation: scaled(reservation) } : {};
    return preferenceOf(values.map(scaled), terms);
  });
  return first === undefined || second === undefined ? undefined : { name, first, second };
}

interface Space {
  /** By outcome: the weighted sum of the evaluations. The last issue varies fastest. */
  readonly values: Float64Array;
  readonly reservation: number;
}

function spaceOf(xml: string): Space {
  const weights = new Map<string, number>();
  for (const tag of xml.match(/<weight\b[^>]*>/g) ?? []) {
    weights.set(attribute(tag, 'index'), Number(attribute(tag, 'value')));
  }
  let values = [0];
  for (const issue of xml.match(/<issue\b[\s\S]*?<\/issue>/g) ?? []) {
    const weight = weights.get(attribute(issue, 'index')) ?? 0;
    const items = issue.match(/<item\b[^>]*>/g) ?? [];
    const worths = items.map((item) => weight * Number(attribute(item, 'evaluation')));
    values = values.flatMap((sum) => worths.map((worth) => sum + worth));
  }
  const [reservation = ''] = xml.match(/<reservation\b[^>]*>/) ?? [];
  return {
    values: Float64Array.from(values),
    reservation: Number(attribute(reservation, 'value')),
  };
}

function attribute(tag: string, name: string): string {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
}
