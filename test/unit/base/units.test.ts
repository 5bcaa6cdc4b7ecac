import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatDuration,
  formatGiB,
  formatMbps,
  formatMiB,
  formatPercent,
  type Parsed,
  parseDurationMs,
  parseGiB,
  parseLatencyMs,
  parseMbps,
  parseMbpsRate,
  parseMiB,
  parseMiBAmount,
  parseMiBps,
  parsePercent,
  roughDuration,
  scaledInteger,
} from '../../../src/base/units.ts';

const problemOf = (parsed: Parsed<unknown>): string => (parsed.ok ? 'no problem' : parsed.problem);

test.each([
  ['512 MiB', 512],
  ['4 GiB', 4096],
  ['4GiB', 4096],
  [' 4  GiB ', 4096],
  ['1.5 GiB', 1536],
  ['0.5 GiB', 512],
  ['1 TiB', 1_048_576],
  ['2048 KiB', 2],
  ['2048 GB', 1_953_125],
  ['256 TB', 244_140_625],
])('memory of %s is %d MiB, exactly', (text, value) => {
  expect(parseMiB(text)).toEqual({ ok: true, value });
});

test('a decimal unit is taken where it is exact, and otherwise names its neighbours', () => {
  expect(problemOf(parseMiB('4 GB'))).toBe(
    'found "4 GB"; allowed is a whole number of MiB: the nearest are 3814 or 3815 MiB',
  );
  expect(problemOf(parseGiB('512 MiB'))).toBe(
    'found "512 MiB"; allowed is a whole number of GiB: the nearest are 1 GiB',
  );
});

test.each([
  ['4', 'found "4" without a unit; allowed is a size in MiB, GiB or TiB, such as 4 GiB'],
  ['much', 'found "much"; allowed is a size in MiB, GiB or TiB, such as 4 GiB'],
  ['', 'found ""; allowed is a size in MiB, GiB or TiB, such as 4 GiB'],
  ['-4 GiB', 'found "-4 GiB"; allowed is a size that is not negative'],
  ['4.1234567 GiB', 'found "4.1234567 GiB"; allowed is at most 6 decimals'],
  ['9999999 TiB', 'found "9999999 TiB"; allowed is at most 512 TiB'],
  ['4 constructor', 'found "4 constructor"; allowed is a size in MiB, GiB or TiB, such as 4 GiB'],
  ['4,5 GiB', 'found "4,5 GiB"; allowed is a size in MiB, GiB or TiB, such as 4 GiB'],
  ['1e3 MiB', 'found "1e3 MiB"; allowed is a size in MiB, GiB or TiB, such as 4 GiB'],
])('a size of %j is refused with what was found and what is allowed', (text, problem) => {
  expect(problemOf(parseMiB(text))).toBe(problem);
});

test('a unit that is nearly right is named', () => {
  expect(problemOf(parseMiB('4 gib'))).toContain('did you mean GiB?');
  expect(problemOf(parseDurationMs('5 mins'))).toContain('did you mean min?');
  expect(problemOf(parseMbps('1 Gbits/s'))).toContain('did you mean Gbit/s?');
});

test.each([
  ['100 Mbit/s', 100],
  ['1 Gbit/s', 1000],
  ['2.5 Gbit/s', 2500],
  ['1 Tbit/s', 1_000_000],
])('a speed of %s is %d Mbit/s', (text, value) => {
  expect(parseMbps(text)).toEqual({ ok: true, value });
});

test.each([
  ['250 ms', 250],
  ['1.5 s', 1500],
  ['5 min', 300_000],
  ['2 h', 7_200_000],
  ['30 d', 2_592_000_000],
])('a duration of %s is %d ms', (text, value) => {
  expect(parseDurationMs(text)).toEqual({ ok: true, value });
});

test('a latency may carry its relation', () => {
  expect(parseLatencyMs('<= 5 ms')).toEqual({ ok: true, value: 5 });
  expect(parseLatencyMs('≤5 ms')).toEqual({ ok: true, value: 5 });
  expect(parseLatencyMs('0.25 ms')).toEqual({ ok: true, value: 0.25 });
  expect(problemOf(parseLatencyMs('>= 5 ms'))).toContain('such as <= 5 ms');
});

test('a percentage has its sign and ends at 100', () => {
  expect(parsePercent('99.9 %')).toEqual({ ok: true, value: 99.9 });
  expect(parsePercent('5%')).toEqual({ ok: true, value: 5 });
  expect(problemOf(parsePercent('0.999'))).toContain('found "0.999" without a unit');
  expect(problemOf(parsePercent('100.1 %'))).toBe('found "100.1 %"; allowed is at most 100 %');
});

test('measured rates and amounts need not be whole', () => {
  expect(parseMiBps('12.5 MiB/s')).toEqual({ ok: true, value: 12.5 });
  expect(parseMiBps('1.5 GiB/s')).toEqual({ ok: true, value: 1536 });
  expect(parseMbpsRate('0.1 Mbit/s')).toEqual({ ok: true, value: 0.1 });
  expect(parseMiBAmount('0.5 MiB')).toEqual({ ok: true, value: 0.5 });
  expect(parseMiBAmount('1.1 GiB')).toEqual({ ok: true, value: 1126.4 });
  expect(parseMiBAmount('512 KiB').ok).toBe(false);
  expect(parseMbpsRate('1 kbit/s').ok).toBe(false);
});

test('a table shows the largest unit that stays exact', () => {
  expect([512, 1536, 4096, 1_048_576, 100, 0].map(formatMiB)).toEqual([
    '512 MiB',
    '1.5 GiB',
    '4 GiB',
    '1 TiB',
    '100 MiB',
    '0 MiB',
  ]);
  expect([20, 1024, 1536].map(formatGiB)).toEqual(['20 GiB', '1 TiB', '1.5 TiB']);
  expect([100, 2500, 1_000_000].map(formatMbps)).toEqual(['100 Mbit/s', '2.5 Gbit/s', '1 Tbit/s']);
  expect([1500, 90_000, 129_600_000, 2_592_000_000, 0].map(formatDuration)).toEqual([
    '1500 ms',
    '90 s',
    '36 h',
    '30 d',
    '0 ms',
  ]);
  expect(formatPercent(99.9)).toBe('99.9 %');
});

test.each([
  [-3, '0 ms'],
  [0, '0 ms'],
  [849.6, '850 ms'],
  [43_210, '43 s'],
  [272_000, '4 min 32 s'],
  [3_599_999, '1 h'],
  [7_500_000, '2 h 5 min'],
  [190_800_000, '2 d 5 h'],
  [86_400_000 + 60_000, '1 d'],
])('%d ms read as %s', (durationMs, text) => {
  expect(roughDuration(durationMs)).toBe(text);
});

test('what a formatter writes, its parser reads back', () => {
  const pairs: readonly (readonly [(n: number) => string, (t: string) => Parsed<number>])[] = [
    [formatMiB, parseMiB],
    [formatGiB, parseGiB],
    [formatMbps, parseMbps],
    [formatDuration, parseDurationMs],
  ];
  const whole = fc.oneof(fc.integer({ min: 0, max: 524_288 }), fc.integer({ min: 0, max: 5000 }));
  fc.assert(
    fc.property(whole, fc.constantFrom(...pairs), (value, [format, parse]) => {
      expect(parse(format(value))).toEqual({ ok: true, value });
    }),
  );
});

test('any text is read or refused, and never throws', () => {
  const parsers = [parseMiB, parseGiB, parseMbps, parseDurationMs, parseLatencyMs, parsePercent];
  const almost = fc
    .tuple(fc.string(), fc.constantFrom('GiB', 'ms', '%', 'Gbit/s', ''))
    .map(([text, unit]) => `${text} ${unit}`);
  fc.assert(
    fc.property(fc.oneof(fc.string(), almost), fc.constantFrom(...parsers), (text, parse) => {
      const parsed = parse(text);
      if (parsed.ok) expect(parsed.value).toBeGreaterThanOrEqual(0);
      else expect(parsed.problem).toMatch(/^found .+; allowed (is|are) /);
    }),
  );
});

test('a decimal becomes an integer of its smallest part without floating error', () => {
  expect(scaledInteger('0.0104', 6)).toEqual({ value: 10_400, exact: true });
  expect(scaledInteger('0.29', 2)).toEqual({ value: 29, exact: true });
  expect(scaledInteger('-1.5', 1)).toEqual({ value: -15, exact: true });
  expect(scaledInteger('-0', 6)).toEqual({ value: 0, exact: true });
  expect(scaledInteger('0.0000001', 6)).toEqual({ value: 1, exact: false });
  expect(scaledInteger('-0.0000001', 6)).toEqual({ value: 0, exact: false });
  expect(scaledInteger('99999999999999999999', 6)).toBeUndefined();
  expect(scaledInteger('1e3', 6)).toBeUndefined();
});
