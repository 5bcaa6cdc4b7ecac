import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bug } from '../../../src/base/failure.ts';
import {
  addMoney,
  compareMoney,
  formatPrice,
  fromDecimalText,
  money,
  parsePrice,
  sumMoney,
  timesMoney,
} from '../../../src/sla/money.ts';

const usd = (micros: number) => ({ micros, currency: 'USD' });

test('prices add up exactly where doubles would drift', () => {
  const tenCents = usd(100_000);
  expect(sumMoney([tenCents, tenCents, tenCents], 'USD')).toEqual(usd(300_000));
  expect(sumMoney([], 'EUR')).toEqual({ micros: 0, currency: 'EUR' });
  expect(timesMoney(usd(10_400), 3)).toEqual(usd(31_200));
  expect(addMoney(usd(1), usd(2))).toEqual(usd(3));
  expect(compareMoney(usd(1), usd(2))).toBeLessThan(0);
});

test('two currencies in one sum, and a sum beyond exact counting, are bugs', () => {
  expect(() => addMoney(usd(1), { micros: 1, currency: 'EUR' })).toThrow(Bug);
  expect(() => compareMoney(usd(1), { micros: 1, currency: 'EUR' })).toThrow(Bug);
  expect(() => timesMoney(usd(Number.MAX_SAFE_INTEGER), 2)).toThrow(Bug);
  expect(() => money(0.5, 'USD')).toThrow(Bug);
});

test("a provider's decimals are read exactly, and finer ones rounded up", () => {
  expect(fromDecimalText('0.0104000000', 'USD')).toEqual({ ok: true, value: usd(10_400) });
  expect(fromDecimalText('0.0000001', 'USD')).toEqual({ ok: true, value: usd(1) });
  expect(fromDecimalText('1e-5', 'USD')).toEqual({
    ok: false,
    problem: 'found "1e-5" "USD"; allowed is an amount such as 0.0104 USD',
  });
  expect(fromDecimalText('1', 'dollars').ok).toBe(false);
});

test('a price is written with three to six decimals', () => {
  expect([600_000, 10_400, 1, 12_345_678, 0, -5000].map((n) => formatPrice(usd(n)))).toEqual([
    '0.600 USD/h',
    '0.0104 USD/h',
    '0.000001 USD/h',
    '12.345678 USD/h',
    '0.000 USD/h',
    '-0.005 USD/h',
  ]);
});

test.each([
  ['0.60', 'a price per hour, such as 0.60 USD/h'],
  ['0.60 usd/h', 'a price per hour, such as 0.60 USD/h'],
  ['$0.60/h', 'a price per hour, such as 0.60 USD/h'],
  ['100 USD/month', 'a price per hour, such as 0.60 USD/h: that is about 0.136986 USD/h'],
  ['1 USD/fortnight', 'a price per hour, such as 0.60 USD/h'],
  ['-1 USD/h', 'a price that is not negative'],
  ['1000001 USD/h', 'at most 1000000 an hour'],
])('a price of %s is refused', (text, allowed) => {
  expect(parsePrice(text)).toEqual({
    ok: false,
    problem: `found "${text}"; allowed is ${allowed}`,
  });
});

test('a price finer than a millionth is refused, since it could not be kept', () => {
  expect(parsePrice('0.0000001 USD/h')).toEqual({
    ok: false,
    problem: 'found "0.0000001 USD/h"; allowed are at most 6 decimals',
  });
});

test('what is written as a price is read back as the same money', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), (micros) => {
      expect(parsePrice(formatPrice(usd(micros)))).toEqual({ ok: true, value: usd(micros) });
    }),
  );
});
