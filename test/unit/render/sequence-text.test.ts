import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sequenceText, type TextStyle } from '../../../src/render/sequence-text.ts';
import { between, saying, shop } from './shop-sequence.ts';

const plain: TextStyle = { columns: 80, colour: 'none', glyphs: 'unicode' };

test('a negotiation is drawn with one line for each vendor', async () => {
  await expect(sequenceText(shop, plain)).toMatchFileSnapshot('golden/shop.txt');
});

test('each conversation has a colour of its own, which is taken back on the same line', () => {
  const lines = sequenceText(shop, { ...plain, colour: 'ansi' }).split('\n');
  expect(lines.filter((line) => line.includes('\u001b[36m'))).toHaveLength(17);
  expect(lines.filter((line) => line.includes('\u001b[33m'))).toHaveLength(4);
  for (const line of lines)
    expect(line.lastIndexOf('\u001b[39m')).toBe(line.lastIndexOf('\u001b['));
});

test('without colours it is the same drawing', () => {
  const coloured = sequenceText(shop, { ...plain, colour: 'ansi' });
  expect(stripVTControlCharacters(coloured)).toBe(sequenceText(shop, plain));
});

test('a terminal without line drawing gets plain characters', () => {
  const drawn = sequenceText(between('a>b', 'c>a', 'a>a'), { ...plain, glyphs: 'ascii' });
  expect(drawn.split('\n').slice(7, 10)).toEqual([
    '     0 ms  |-->|   |   inform  [a:S1,1 b:S0]  something long',
    '     1 ms  |<--+---|   inform  [a:S1,1 b:S0]  something long',
    '     2 ms  |@  |   |   inform  [a:S1,1 b:S0]  something long',
  ]);
  expect(drawn).toMatch(/^[\n -~]*$/);
});

test('however many agents and however narrow, no line is longer than the terminal', () => {
  const agent = fc.integer({ min: 0, max: 60 }).map((number) => `vendor:v${number}:web`);
  const ends = fc.array(fc.tuple(agent, agent).map(([a, b]) => `${a}>${b}` as const));
  fc.assert(
    fc.property(ends, fc.integer({ min: 40, max: 200 }), (messages, columns) => {
      for (const line of sequenceText(between(...messages), { ...plain, columns }).split('\n'))
        expect(line.length).toBeLessThanOrEqual(columns);
    }),
  );
});

test('agents beyond the room share the last line, and say how many they are', () => {
  const vendors = Array.from({ length: 40 }, (_, n) => `mediator>vendor:v${n}:web` as const);
  const drawn = sequenceText(between(...vendors), plain).split('\n');
  expect(drawn.find((line) => line.includes('others'))).toMatch(/│ (2\d) others$/);
  expect(drawn.at(-2)).toMatch(/├─(┼─)+▶?/);
});

test('the longest act stands in full beside a diagram of seven agents', () => {
  const many = between('a>b', 'b>c', 'c>d', 'd>e', 'e>f', 'f>g');
  const [part] = many.conversations;
  const act = 'reply-message-sub-protocol';
  const arrows = (part?.arrows ?? []).map((arrow) => ({ ...arrow, act }));
  const conversations = part === undefined ? [] : [{ ...part, arrows }];
  const lines = sequenceText({ ...many, conversations }, plain).split('\n');
  expect(lines.filter((line) => line.includes(act))).toHaveLength(6);
});

test('codes that do not fit beside their act stand below it, in full', () => {
  const codes = Array.from({ length: 6 }, (_, n) => `agent-${n}:S${n}`);
  const lines = sequenceText(saying({ codes, summary: 'x' }), plain).split('\n');
  expect(lines.slice(-4)).toEqual([
    '     0 ms  ├──▶│   inform  x',
    '           │   │   [agent-0:S0 agent-1:S1 agent-2:S2 agent-3:S3 agent-4:S4',
    '           │   │   agent-5:S5]',
    '',
  ]);
});

test('what a vendor says cannot command the terminal', () => {
  const hostile = '\u001b]0;mine\u0007\u001b[2J\r\nno';
  const drawn = sequenceText(
    saying({ summary: hostile, act: hostile, from: hostile }, hostile),
    plain,
  );
  expect(drawn.replaceAll('\n', '')).toMatch(/^[^\p{Cc}]*$/u);
  expect(sequenceText(saying({ summary: hostile }), plain).split('\n')).toHaveLength(8);
});

test('a conversation without messages is told', () => {
  const [part] = shop.conversations;
  const empty = part === undefined ? [] : [{ ...part, arrows: [] }];
  const drawn = sequenceText({ title: 'SLA shop', conversations: empty }, plain);
  expect(drawn).toContain('no messages');
});
