import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isFailure } from '../../../src/base/failure.ts';
import { parseTemplate } from '../../../src/sla/parse.ts';

/** The lines of the failure that the text's template leads to, its code first. */
function problemsOf(text: string): readonly string[] {
  try {
    parseTemplate(text, { file: 'f' });
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    expect(thrown.next).toBe('correct f, then repeat the command');
    expect(thrown.facts).toMatchObject({ file: 'f' });
    const [head = '', ...lines] = thrown.message.split('\n');
    expect(head).toMatch(/^f (is not a valid SLA|cannot be read): /);
    return [thrown.code, ...lines.map((line) => line.trim())];
  }
  return [];
}

const head = 'sla: skypact/v1\nname: x\nobjectives:\n';
const box = (fields: string): string => `${head}  box: { cpus: 1, image: i, ${fields} }\n`;

test('every example is a valid SLA and names its schema for editors', () => {
  const folder = new URL('../../../examples/', import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith('.sla.yaml'));
  expect(names).toContain('shop.sla.yaml');
  for (const name of names) {
    const text = readFileSync(new URL(name, folder), 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/schema\/sla\.schema\.json\n/);
    expect(parseTemplate(text, { file: name }).objectives.length).toBeGreaterThan(0);
  }
});

test('the shop asks five machines of three objectives, pinned to no vendor', () => {
  const text = readFileSync(new URL('../../../examples/shop.sla.yaml', import.meta.url), 'utf8');
  const { objectives } = parseTemplate(text, { file: 'shop.sla.yaml' });
  expect(objectives.map(({ name, count }) => [name, count])).toEqual([
    ['web', 3],
    ['db', 1],
    ['cache', 1],
  ]);
  expect(objectives.flatMap(({ place }) => [...place.vendors, ...place.sites])).toEqual([]);
});

test('what a document leaves out has its default', () => {
  expect(parseTemplate(box('memory: 512 MiB'), { file: 'f' })).toEqual({
    name: 'x',
    limits: {},
    prefer: { price: 3, speed: 1, trust: 1 },
    objectives: [
      {
        name: 'box',
        count: 1,
        cpus: 1,
        memoryMiB: 512,
        diskGiB: 10,
        image: 'i',
        place: { sites: [], vendors: [], not: [] },
        promises: [],
        amend: [],
      },
    ],
  });
});

test('a weight that is left out is none, once weights are given', () => {
  const { prefer } = parseTemplate(`prefer: { price: 1 }\n${box('memory: 1 GiB')}`, { file: 'f' });
  expect(prefer).toEqual({ price: 1, speed: 0, trust: 0 });
});

test('JSON is read as well, whatever its indentation', () => {
  const web = { cpus: 1, memory: '1 GiB', image: 'debian-12' };
  const document = { $schema: 'x', sla: 'skypact/v1', name: 'j', objectives: { web } };
  for (const indent of [0, 2, '\t']) {
    const text = JSON.stringify(document, null, indent);
    expect(parseTemplate(text, { file: 'f' }).objectives[0]?.memoryMiB).toBe(1024);
  }
});

test('anchors and aliases may repeat a part', () => {
  const text = `${head}  a: &m { cpus: 1, memory: 1 GiB, image: i }\n  b: *m\n`;
  const { objectives } = parseTemplate(text, { file: 'f' });
  expect(objectives.map(({ name, cpus }) => [name, cpus])).toEqual([
    ['a', 1],
    ['b', 1],
  ]);
});

test('all problems are listed in the order of the text, each with its place', () => {
  const text = `sla: skypact/v1
name: shop
limits: { price: 0.60 USD/month, cap: 3 }
objectives:
  web:
    count: 0.5
    cpus: 2
    memroy: 4 GiB
    disk: 20 GO
    network: 1
    image: debian-12
    place: { apart: hosts, sites: [eu-*, eu-*] }
    promises:
      availability: { atLeast: 101 %, over: 30 d }
      cpu.steal: { over: 5 min }
  db: { cpus: 4, memory: 16 GiB, image: debian-12, place: { near: wbe (<= 5 ms) } }
  DB: { cpus: 4, memory: 1 GiB, image: debian-12 }
`;
  expect(problemsOf(text)).toEqual([
    'SLA.INVALID',
    'f:3:18: limits.price: found "0.60 USD/month"; allowed is a price per hour, such as ' +
      '0.60 USD/h: that is about 0.000822 USD/h',
    'f:3:34: limits: found the unknown field "cap"; allowed: price',
    'f:5:3: objectives.web.memory: is missing; allowed is a size from 1 MiB to 64 TiB, such as 4 GiB',
    'f:6:12: objectives.web.count: found 0.5; allowed is a whole number from 1 to 1000',
    'f:8:5: objectives.web: found the unknown field "memroy"; allowed: count, cpus, memory, disk, ' +
      'network, image, place, promises, amend; did you mean memory?',
    'f:9:11: objectives.web.disk: found "20 GO"; allowed is a size in MiB, GiB or TiB, ' +
      'such as 20 GiB; did you mean GB?',
    'f:10:14: objectives.web.network: found 1, not a text; allowed is a speed from 1 Mbit/s to ' +
      '20 Tbit/s, such as 1 Gbit/s',
    'f:12:21: objectives.web.place.apart: found "hosts"; allowed is host, site or vendor; ' +
      'did you mean host?',
    'f:12:42: objectives.web.place.sites.1: found "eu-*" twice; allowed is once',
    'f:14:32: objectives.web.promises.availability.atLeast: found "101 %"; allowed is at most 100 %',
    'f:15:7: objectives.web.promises.cpu.steal: is without a bound; allowed is atMost, such as ' +
      'atMost: 99.5 %',
    'f:16:67: objectives.db.place.near: found near wbe; allowed are web, DB; did you mean web?',
    'f:17:3: objectives: found "DB"; allowed is a name of up to 40 lower-case letters, digits and ' +
      'hyphens, such as web',
  ]);
});

test.each([
  ['memory: 0 MiB', 'found "0 MiB"; allowed is a size from 1 MiB to 64 TiB, such as 4 GiB'],
  ['memory: 400 TiB', 'found "400 TiB"; allowed is a size from 1 MiB to 64 TiB, such as 4 GiB'],
  ['memory:', 'found null; allowed is a size from 1 MiB to 64 TiB, such as 4 GiB'],
  ['memory: [1]', 'found a list of 1; allowed is a size from 1 MiB to 64 TiB, such as 4 GiB'],
])('an impossible %s is refused', (field, detail) => {
  expect(problemsOf(box(field))).toEqual(['SLA.INVALID', expect.stringContaining(detail)]);
});

test.each([
  ['near: db', "allowed is another objective's name and a latency, such as db (<= 5 ms)"],
  ['near: db (fast)', 'allowed is a latency in ms or s, such as <= 5 ms'],
  ['vendors: aws', 'found "aws"; allowed is a list of at most 200 entries, such as [a, b]'],
  ['sites: [a b]', 'found "a b"; allowed is a name in which * stands for any text, such as eu-*'],
  ['apart: 1', 'found 1; allowed is host, site or vendor'],
])('a place with %s is refused', (field, detail) => {
  const [, problem] = problemsOf(box(`memory: 1 GiB, place: { ${field} }`));
  expect(problem).toContain(detail);
});

test('a document that is none, or of another format, is told so', () => {
  expect(problemsOf('')).toEqual([
    'SLA.INVALID',
    'f:1:1: found null; allowed is a mapping with sla, name, limits, prefer, objectives',
  ]);
  expect(problemsOf('sla: v2\nname: x\nobjectives: {}\nprefer: { price: 0 }\n')).toEqual([
    'SLA.INVALID',
    'f:1:6: sla: found "v2"; allowed is skypact/v1',
    'f:3:1: objectives: is empty; allowed is an objective',
    'f:4:1: prefer: found no weight above 0; allowed is at least one, such as price: 1',
  ]);
  expect(problemsOf('sla: skypact/v1\nname: x\nobjectives: [a]\n')).toEqual([
    'SLA.INVALID',
    'f:3:1: objectives: found a list of 1; allowed is a mapping of 1 to 500 objectives by name',
  ]);
});

test('a text that is no YAML is told so with its places', () => {
  const [code, first] = problemsOf('sla: skypact/v1\nname: "x\n');
  expect(code).toBe('SLA.SYNTAX');
  expect(first).toMatch(/^f:3:1: Missing closing "quote/);
  expect(problemsOf(box('memory: 1 GiB, place: { sites: [*] }'))).toEqual([
    'SLA.SYNTAX',
    "f:4:61: Alias cannot be an empty string; a pattern that begins with * needs quotes, such as '*-north'",
  ]);
  expect(problemsOf('a: 1\n---\nb: 2\n')).toEqual([
    'SLA.SYNTAX',
    'f:2:1: found a second document; allowed is one',
  ]);
});

test('a text cannot act on the terminal through its error message', () => {
  const field = '\u001b[31m\u202e';
  expect(problemsOf(`${box('memory: 1 GiB')}  "${field}": { ${field}: 1 }\n`).join()).not.toMatch(
    /[\u202e]|\p{Cc}/u,
  );
});

test('duplicate fields, tags, lost anchors and names that only programs use are problems', () => {
  expect(problemsOf(box('memory: 1 GiB, memory: 2 GiB'))).toEqual([
    'SLA.INVALID',
    'f:4:44: objectives.box: found the field "memory" twice; allowed is once',
  ]);
  expect(problemsOf(box('memory: !!str 1 GiB'))).toEqual([
    'SLA.INVALID',
    'f:4:43: objectives.box.memory: found the tag "tag:yaml.org,2002:str"; allowed are plain values',
  ]);
  expect(problemsOf(box('memory: 1 GiB, place: { sites: [*-north] }'))[1]).toContain(
    'found the alias *-north, which has no anchor before it; a pattern that begins with * needs quotes',
  );
  expect(problemsOf(`${box('memory: 1 GiB')}  __proto__: { cpus: 1 }\n`)).toEqual([
    'SLA.INVALID',
    'f:5:3: objectives: found the field "__proto__"; allowed is no such name',
  ]);
});

test('more than anybody needs is refused before it costs much', () => {
  const machine = '{ cpus: 1, memory: 1 GiB, image: i }';
  const many = Array.from({ length: 10_000 }, (_, n) => `  o${n}: ${machine}\n`).join('');
  expect(problemsOf(head + many)).toEqual([
    'SLA.INVALID',
    'f:3:1: objectives: found 10000 objectives; allowed are 500',
  ]);
  expect(problemsOf('a'.repeat(10_000_000))).toEqual([
    'SLA.SYNTAX',
    'f:1:1: found 10000000 bytes; allowed are 1048576',
  ]);
  expect(problemsOf('é'.repeat(600_000))).toEqual([
    'SLA.SYNTAX',
    'f:1:1: found 1200000 bytes; allowed are 1048576',
  ]);
  expect(problemsOf('#\n'.repeat(500_000))[1]).toContain('more text than any SLA needs');
  expect(problemsOf('['.repeat(1_000_000))[1]).toContain('more levels of nesting');
  expect(problemsOf(']'.repeat(1_000_000))).toHaveLength(52);
  const wrong = Array.from({ length: 100 }, (_, n) => `  o${n}: { cpus: x }\n`).join('');
  expect(problemsOf(head + wrong).at(-1)).toBe('and 250 more');
});

test('a bomb of aliases stops at the first values too many', () => {
  const letters = 'abcdefghij';
  const lines = [...letters].map((letter, n) => {
    const item = n === 0 ? 'x' : `*${letters[n - 1]}`;
    return `${letter}: &${letter} [${Array.from({ length: 9 }, () => item).join(', ')}]`;
  });
  const found = 'found more than 100000 values or 32 levels, aliases expanded; allowed are fewer';
  expect(problemsOf(lines.join('\n')).filter((line) => line.includes(found))).toHaveLength(1);
  expect(problemsOf('a: &a [*a]').filter((line) => line.includes(found))).toHaveLength(1);
});
