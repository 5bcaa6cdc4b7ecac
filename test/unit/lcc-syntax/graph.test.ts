import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Graph, graphModel } from '../../../src/lcc/graph.ts';
import { graphSvg } from '../../../src/lcc/graph-svg.ts';
import { graphMermaid, graphText } from '../../../src/lcc/graph-text.ts';
import { parseModel } from '../../../src/lcc/parser.ts';
import { model } from './arbitrary.ts';

const graph: Graph = graphModel(
  parseModel(`
r(asker, initial)
r(helper, necessary, 1, 5)
r(waiting(H), auxiliary)
a(asker, A) :: ask("<1> & \\"2\\"", X) => a(helper, H) then a(waiting(H), A)
a(waiting(H), A) :: answer(X) <= a(helper, H) or null <- timeout(1) then ask(2, X) => a(stranger, S)
a(helper, H) :: ask(_, X) <= a(asker, A) then answer(X) => a(waiting, A) then a(helper, H)
`),
);

test('a graph has every role, near those that become it, and every message once', () => {
  expect(graph.roles.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'asker initial',
    'waiting auxiliary',
    'helper necessary',
    'stranger undeclared',
  ]);
  expect(graph.arrows.map(({ kind, from, to, label }) => [kind, from, to, label])).toEqual([
    ['message', 'asker', 'helper', String.raw`ask("<1> & \"2\"", X)`],
    ['change', 'asker', 'waiting', 'H'],
    ['message', 'waiting', 'stranger', 'ask(2, X)'],
    ['message', 'helper', 'waiting', 'answer(X)'],
    ['change', 'helper', 'helper', ''],
  ]);
});

test('as text, each role tells what it sends and what it becomes', () => {
  expect(graphText(graph)).toBe(`asker  (initial)
  ── ask("<1> & \\"2\\"", X) ──▶ helper
  ┄┄ becomes waiting(H)

waiting  (auxiliary)
  ── ask(2, X) ──▶ stranger

helper  (necessary, 1 to 5)
  ── answer(X) ──▶ waiting
  ┄┄ becomes helper

stranger  (undeclared)
`);
});

test('as Mermaid, role changes are dotted', () => {
  expect(graphMermaid(graph)).toBe(`flowchart LR
  role0["asker<br/>initial"]
  role1("waiting<br/>auxiliary")
  role2["helper<br/>necessary, 1 to 5"]
  role3["stranger<br/>undeclared"]
  role0 -->|"ask"| role2
  role0 -.-> role1
  role1 -->|"ask"| role3
  role2 -->|"answer"| role1
  role2 -.-> role2
`);
});

test('as SVG, what the model says is text and never markup', () => {
  const svg = graphSvg(graph);
  expect(svg).toContain('ask(&quot;&lt;1&gt; &amp; \\&quot;2\\&quot;&quot;, X)</text>');
  expect(svg).not.toContain('<1>');
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(2);
  expect(svg.match(/marker-end/g)).toHaveLength(5);
});

test('every model has a picture, whose elements are closed in order', () => {
  fc.assert(
    fc.property(model, (tree) => {
      const drawn = graphModel(tree);
      expect(graphText(drawn)).toBeTypeOf('string');
      expect(graphMermaid(drawn)).toMatch(/^flowchart LR\n/);
      expect(unclosed(graphSvg(drawn))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

const folder = new URL('../../../models/', import.meta.url);
test.each(readdirSync(folder).filter((file) => file.endsWith('.lcc')))('%s is drawn', (file) => {
  const drawn = graphModel(parseModel(readFileSync(new URL(file, folder), 'utf8')));
  expect(drawn.roles.every(({ kind }) => kind !== 'undeclared')).toBe(true);
  expect(unclosed(graphSvg(drawn))).toEqual([]);
});

/** The elements that are open at the end; a stray character in between fails as well. */
function unclosed(svg: string): readonly string[] {
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-z]+)((?: [a-zA-Z0-9:-]+="[^"<>]*")*)(\/?)>/g,
    (_, end: string, name: string, _attributes: string, empty: string) => {
      if (end === '' && empty === '') open.push(name);
      else if (end === '/') expect(open.pop()).toBe(name);
      return '';
    },
  );
  expect(rest).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;)/);
  return open;
}
