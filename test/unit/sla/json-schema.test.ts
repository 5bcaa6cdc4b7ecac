import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Parsed,
  parseDurationMs,
  parseGiB,
  parseLatencyMs,
  parseMbps,
  parseMbpsRate,
  parseMiB,
  parseMiBps,
  parsePercent,
  patterns,
} from '../../../src/base/units.ts';
import { slaSchemaText } from '../../../src/sla/json-schema.ts';
import { parsePrice, pricePattern } from '../../../src/sla/money.ts';

test('the committed schema is the one that the parser enforces', () => {
  const file = new URL('../../../schema/sla.schema.json', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(slaSchemaText());
});

test("an editor's pattern accepts whatever the parser accepts", () => {
  const pairs: readonly (readonly [RegExp, (text: string) => Parsed<unknown>])[] = [
    [patterns.size, parseMiB],
    [patterns.size, parseGiB],
    [patterns.speed, parseMbps],
    [patterns.speed, parseMbpsRate],
    [patterns.throughput, parseMiBps],
    [patterns.duration, parseDurationMs],
    [patterns.latency, parseLatencyMs],
    [patterns.percent, parsePercent],
    [pricePattern, parsePrice],
  ];
  const units = ['KiB', 'MiB', 'GB', 'Gbit/s', 'Mbit/s', 'MiB/s', 'ms', 'min', 'd', '%', 'USD/h'];
  const amount = fc.constantFrom('1', '+2', '0.5', '2048', '1.000000', '<= 5', '≤ 1.5', '-1', '');
  const space = fc.constantFrom('', ' ', '  ', '\t');
  const text = fc
    .tuple(space, amount, space, fc.constantFrom(...units), space)
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.constantFrom(...pairs), (written, [pattern, parse]) => {
      if (parse(written).ok) expect(written).toMatch(pattern);
    }),
    { numRuns: 2000 },
  );
});

test('the examples of the schema are accepted by their own patterns', () => {
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('pattern' in node && 'examples' in node && Array.isArray(node.examples)) {
      for (const example of node.examples)
        expect(example).toMatch(new RegExp(`${node.pattern}`, 'u'));
    }
    for (const child of Object.values(node)) walk(child);
  };
  walk(JSON.parse(slaSchemaText()));
});
