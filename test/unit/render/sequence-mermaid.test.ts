import { expect, test } from 'vitest';
import { sequenceMermaid } from '../../../src/render/sequence-mermaid.ts';
import { between, saying, shop } from './shop-sequence.ts';

test('a negotiation is a sequenceDiagram with a block for each conversation', async () => {
  await expect(sequenceMermaid(shop)).toMatchFileSnapshot('golden/shop.mmd');
});

test('what is syntax in Mermaid or in HTML is written as entity codes', () => {
  const drawn = sequenceMermaid(saying({ summary: '#1; <b>&"no"</b>\nend', act: 'in;form' }));
  expect(drawn).toContain(
    'p1->>p2: in#59;form<br/>0 ms · #35;1#59; #60;b#62;#38;#34;no#34;#60;/b#62; end\n',
  );
});

test('names of agents cannot end a line or open a block', () => {
  const drawn = sequenceMermaid(between('end>loop x;\n  rect rgb(0,0,0)'));
  expect(drawn).toContain('participant p2 as loop x#59; rect rgb(0,0,0)\n');
  expect(drawn.match(/^ *rect /gm)).toHaveLength(1);
});

test('a run without messages is a diagram without agents', () => {
  expect(sequenceMermaid(between())).toBe(
    'sequenceDiagram\n  title a run\n  %% 1. run: no messages\n',
  );
});
