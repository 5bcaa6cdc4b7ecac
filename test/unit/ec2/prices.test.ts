import { expect, test } from 'vitest';
import { isFailure } from '../../../src/base/failure.ts';
import { builtInPrices } from '../../../src/vendors/ec2/price-book.generated.ts';
import { diskMicrosPerHour, parsePriceBook, priceOf } from '../../../src/vendors/ec2/price-book.ts';

const from = { path: 'book', region: 'us-east-1', modifiedMs: 5 };

function problem(text: string): string {
  try {
    parsePriceBook(text, from);
  } catch (thrown) {
    if (isFailure(thrown)) return `${thrown.code} ${thrown.message}`;
  }
  return 'it was read';
}

test('columns are found by name, whatever their order; others are ignored', () => {
  const table = parsePriceBook(
    'Region,vCPUs,PriceUSDPerHour,InstanceType\nus-east-1,2,0.096000,m5.large\neu-west-1,2,0.107,m5.large\n',
    from,
  );
  expect(table.microsPerHour).toEqual({ 'm5.large': 96_000 });
  expect(table.asOfMs).toBe(5);
});

test('the newest date is the age of the book; gp3 and public-ipv4 are no machines', () => {
  const table = parsePriceBook(
    'type,usdPerHour,date\r\nm5.large,0.096,2026-07-20\r\nt3.nano,0.0052,2026-07-21\r\ngp3,0.0952,\r\npublic-ipv4,0,\r\n',
    from,
  );
  expect(table.asOfMs).toBe(Date.parse('2026-07-21'));
  expect(Object.keys(table.microsPerHour)).toEqual(['m5.large', 't3.nano']);
  expect([table.diskMicrosPerGiBMonth, table.addressMicrosPerHour]).toEqual([95_200, 0]);
});

test('JSON is read as well', () => {
  const table = parsePriceBook('{"date":"2026-07-20","prices":{"m5.large":0.096,"x":"1.5"}}', from);
  expect(table.microsPerHour).toEqual({ 'm5.large': 96_000, x: 1_500_000 });
  expect(table.source).toBe('price book book');
});

test('prices are exact, and rounded up where they are finer than a millionth', () => {
  const table = parsePriceBook('type,usdPerHour\na,0.0000001\nb,12345.678901', from);
  expect(table.microsPerHour).toEqual({ a: 1, b: 12_345_678_901 });
});

test('a price by type and zone comes before that of the type', () => {
  const table = parsePriceBook('type,usdPerHour\nm5.large,0.096\nm5.large us-east-1b,0.03', from);
  expect(priceOf(table, 'm5.large', 'us-east-1a')).toBe(96_000);
  expect(priceOf(table, 'm5.large', 'us-east-1b')).toBe(30_000);
  expect(priceOf(table, 'm6.large', 'us-east-1b')).toBeUndefined();
});

test('a disk costs its share of a month of 730 hours, rounded up', () => {
  expect(diskMicrosPerHour({ diskMicrosPerGiBMonth: 80_000 }, 100)).toBe(10_959);
  expect(diskMicrosPerHour({ diskMicrosPerGiBMonth: 80_000 }, 0)).toBe(0);
});

test.each([
  ['type,cost\nm5.large,1', 'line 1'],
  ['type,usdPerHour\nm5.large,cheap', 'line 2: "cheap" is no price'],
  ['type,usdPerHour\nm5.large,-1', 'line 2: "-1" is no price'],
  ['type,usdPerHour,date\nm5.large,1,soon', 'line 2: "soon" is no date'],
  ['type,usdPerHour,region\nm5.large,1,eu-west-1', 'no prices for us-east-1'],
  ['type,usdPerHour', 'no prices for us-east-1'],
  ['{"m5.large": 1}', 'it has no object `prices`'],
  ['{"prices": ', 'it is neither CSV nor JSON'],
  ['', 'line 1'],
])('a book that cannot be read says where: %j', (text, where) => {
  expect(problem(text)).toContain('VENDOR.SETTINGS_INVALID price book book: ');
  expect(problem(text)).toContain(where);
});

test('the built-in book is one, and knows more than a thousand types', () => {
  const { region, csv, date } = builtInPrices;
  const table = parsePriceBook(csv, { path: 'built in', region, modifiedMs: Date.parse(date) });
  expect(Object.keys(table.microsPerHour).length).toBeGreaterThan(1_300);
  expect(priceOf(table, 'm5.large', 'us-east-1a')).toBe(96_000);
  expect(Number.isNaN(table.asOfMs)).toBe(false);
});
