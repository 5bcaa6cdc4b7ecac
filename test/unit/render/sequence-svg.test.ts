import { expect, test } from 'vitest';
import { sequenceSvg } from '../../../src/render/sequence-svg.ts';
import { between, saying, shop } from './shop-sequence.ts';

test('a negotiation is one SVG document', async () => {
  await expect(sequenceSvg(shop)).toMatchFileSnapshot('golden/shop.svg');
});

test('what agents say is text, never markup', () => {
  const hostile = '</text><script>alert("1")</script>&\u0000';
  const drawn = sequenceSvg(saying({ summary: hostile, act: hostile, from: hostile }, hostile));
  expect(drawn).not.toContain('<script');
  expect(drawn).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;');
  expect(drawn).toMatch(/^[^\p{Cc}]*\n$/u);
});

test('every element that is opened is closed', () => {
  const open: string[] = [];
  for (const [, end, name = '', self] of sequenceSvg(shop).matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
    if (end === '/') expect(open.pop()).toBe(name);
    else if (self === '') open.push(name);
  }
  expect(open).toEqual([]);
});

test('it is as high as its messages are many', () => {
  const height = (svg: string) => Number(/height="(\d+)"/.exec(svg)?.[1]);
  const [one, two] = [sequenceSvg(between('a>b')), sequenceSvg(between('a>b', 'b>a'))];
  expect(height(two) - height(one)).toBe(36);
});
