import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFailure } from '../../../src/base/failure.ts';
import { differences, editTemplate, type TemplateEdits } from '../../../src/sla/edit.ts';
import { parseTemplate } from '../../../src/sla/parse.ts';
import { printTemplate } from '../../../src/sla/print.ts';
import { arbitraryTemplate } from './arbitrary.ts';

const shop = parseTemplate(
  `sla: skypact/v1
name: shop
limits: { price: 0.60 USD/h }
objectives:
  web:
    count: 3
    cpus: 2
    memory: 4 GiB
    image: debian-12
    place: { apart: host, near: db (<= 5 ms) }
    promises: { cpu.steal: { atMost: 5 %, over: 5 min } }
    amend: { memory: { upTo: 8 GiB } }
  db: { cpus: 4, memory: 16 GiB, disk: 100 GiB, image: debian-12 }
`,
  { file: 'shop' },
);

const edited = (edits: TemplateEdits): string => printTemplate(editTemplate(shop, edits));

function problemsOf(edits: TemplateEdits): readonly string[] {
  try {
    editTemplate(shop, edits);
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    const [head, ...lines] = thrown.message.split('\n');
    expect(head).toMatch(/^the edited shop (is not a valid SLA|cannot be read): /);
    expect(thrown.next).toBe('correct the edits, then repeat the command');
    return [thrown.code, ...lines.map((line) => line.trim())];
  }
  return [];
}

test('fields of objectives and of the whole are set by name', () => {
  const set = [
    'web.memory=6GiB',
    'web.count = 4',
    'limits.price=1 USD/h',
    'prefer.speed=9',
    'web.place.sites=[eu-*]',
    'web.place.near=db (<= 2 ms)',
    'web.promises.cpu.steal.atMost=3 %',
    'web.promises.availability={atLeast: 99.9 %, over: 30 d}',
    'objectives.db.cpus=8',
  ];
  expect(edited({ set })).toBe(`sla: skypact/v1
name: shop
limits: { price: 1.000 USD/h }
prefer: { price: 3, speed: 9, trust: 1 }
objectives:
  web:
    count: 4
    cpus: 2
    memory: 6 GiB
    disk: 10 GiB
    image: debian-12
    place: { apart: host, near: db (<= 2 ms), sites: [ eu-* ] }
    promises:
      availability: { atLeast: 99.9 %, over: 30 d }
      cpu.steal: { atMost: 3 %, over: 5 min }
    amend:
      memory: { upTo: 8 GiB }
  db:
    cpus: 8
    memory: 16 GiB
    disk: 100 GiB
    image: debian-12
`);
});

test('a field that is set to nothing is left out', () => {
  const { limits, objectives } = editTemplate(shop, { set: ['limits.price=', 'web.count='] });
  expect(limits).toEqual({});
  expect(objectives[0]?.count).toBe(1);
  expect(problemsOf({ set: ['web.cpus='] })).toEqual([
    'SLA.INVALID',
    'set web.cpus=: objectives.web.cpus: is missing; allowed is a whole number from 1 to 4096',
  ]);
});

test('objectives are added and dropped, and what is added can be set at once', () => {
  const text = 'cache: { cpus: 1, memory: 2 GiB, image: debian-12 }';
  const { objectives } = editTemplate(shop, {
    drop: ['web'],
    add: [{ text, file: 'cache.yaml' }],
    set: ['cache.count=2'],
  });
  expect(objectives.map(({ name, count }) => [name, count])).toEqual([
    ['db', 1],
    ['cache', 2],
  ]);
});

test.each([
  ['web.memory=8', 'objectives.web.memory: found 8, not a text; allowed is a size from 1 MiB'],
  ['web.memroy=8 GiB', 'objectives.web: found the unknown field "memroy"; allowed: count, cpus'],
  ['wbe.memory=8 GiB', 'found no objective "wbe"; allowed: web, db; did you mean web?'],
  ['web.memory', 'found "web.memory"; allowed is FIELD=VALUE, such as web.memory=8GiB'],
  ['=8 GiB', 'found "=8 GiB"; allowed is FIELD=VALUE'],
  ['web.place.sites=[a', 'Flow sequence must end with a ]'],
  ['web.memory.x=1', 'objectives.web.memory: found a mapping; allowed is a size'],
  ['web.__proto__=1', 'found the unknown field "__proto__"'],
  ['web.promises.cpu.stela.atMost=1 %', 'found the unknown field "cpu"; allowed: availability'],
  ['web=', 'found "web="; allowed is FIELD=VALUE'],
  ['objectives=', 'found "objectives="; allowed is FIELD=VALUE'],
  ['web.amend.memory.upTo=1 GiB', 'found 1 GiB; allowed is no less than the 4 GiB asked'],
])('the edit %s is refused under its own name', (assignment, problem) => {
  const [code, first] = problemsOf({ set: [assignment] });
  expect(code).toBe('SLA.INVALID');
  expect(first).toContain(`set ${assignment}: `);
  expect(first).toContain(problem);
});

test('an unknown objective cannot be dropped, nor one that others are near', () => {
  expect(problemsOf({ drop: ['wbe'] })).toEqual([
    'SLA.INVALID',
    'drop wbe: found no objective "wbe"; allowed: web, db; did you mean web?',
  ]);
  expect(problemsOf({ drop: ['db'] })).toEqual([
    'SLA.INVALID',
    'after the edits: objectives.web.place.near: found near db; allowed is none, as there is no other',
  ]);
  expect(problemsOf({ drop: ['web', 'db'] })).toEqual([
    'SLA.INVALID',
    'after the edits: objectives: is empty; allowed is an objective',
  ]);
});

test('problems of an added text have their places in it', () => {
  const add = (text: string) => problemsOf({ add: [{ text, file: 'add.yaml' }] });
  expect(add('cache:\n  cpus: 1\n  memory: 2 GO\n  image: i\n')).toEqual([
    'SLA.INVALID',
    'add.yaml:3:11: objectives.cache.memory: found "2 GO"; allowed is a size in MiB, GiB or TiB, ' +
      'such as 4 GiB; did you mean GB?',
  ]);
  expect(add('web: { cpus: 1, memory: 2 GiB, image: i }')).toEqual([
    'SLA.INVALID',
    'add.yaml:1:1: found web, which there is already; allowed is another name',
  ]);
  expect(add('[web]')).toEqual([
    'SLA.INVALID',
    'add.yaml:1:1: found a list of 1; allowed is a mapping of objectives by name',
  ]);
  expect(add('{')[0]).toBe('SLA.SYNTAX');
  expect(add('Cache: 1')[1]).toMatch(/^add.yaml:1:1: objectives: found "Cache"; allowed is a name/);
});

test('an unedited template stays the same, and differs in nothing', () => {
  fc.assert(
    fc.property(arbitraryTemplate, (template) => {
      expect(editTemplate(template, {})).toEqual(template);
      const { unchanged, ...rest } = differences(template, template);
      expect(unchanged).toEqual(template.objectives.map(({ name }) => name));
      expect(Object.values(rest).flat()).toEqual([]);
    }),
  );
});

test('differences tell what can stay from what must be negotiated anew', () => {
  const after = editTemplate(shop, {
    drop: ['db'],
    add: [{ text: 'cache: { cpus: 1, memory: 1 GiB, image: i }', file: 'f' }],
    set: ['web.place.near=cache (<= 1 ms)', 'web.memory=8 GiB', 'limits.price='],
  });
  expect(differences(shop, after)).toEqual({
    unchanged: [],
    recounted: [],
    changed: ['web'],
    added: ['cache'],
    dropped: ['db'],
    words: [
      'limits.price: 0.600 USD/h → none',
      'web.memory: 4 GiB → 8 GiB',
      'web.place.near: db (<= 5 ms) → cache (<= 1 ms)',
    ],
  });
});

test('another number of the same machines is told apart, also from and to one', () => {
  const more = editTemplate(shop, { set: ['web.count=4', 'db.count=2'] });
  expect(differences(shop, more)).toMatchObject({
    recounted: ['web', 'db'],
    changed: [],
    words: ['web.count: 3 → 4', 'db.count: 1 → 2'],
  });
  expect(differences(more, shop)).toMatchObject({ recounted: ['web', 'db'], unchanged: [] });
});

test('bounds to amend are no part of what vendors provide', () => {
  const after = editTemplate(shop, { set: ['web.amend.memory.upTo=16 GiB'] });
  expect(differences(shop, after)).toMatchObject({
    unchanged: ['web', 'db'],
    words: ['web.amend.memory.upTo: 8 GiB → 16 GiB'],
  });
});

test('any edits lead to a template or an SLA failure', () => {
  const field = fc
    .array(fc.constantFrom('web', 'limits', 'price', 'place', '__proto__', 'cpus', '0', ''))
    .map((steps) => steps.join('.'));
  const value = fc.oneof(fc.string({ maxLength: 10 }), fc.json({ maxDepth: 2 }));
  const set = fc.array(
    fc.tuple(field, value).map((pair) => pair.join('=')),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(set, fc.array(fc.string(), { maxLength: 1 }), (assignments, drop) => {
      const [code = 'SLA.INVALID'] = problemsOf({ set: assignments, drop });
      expect(code).toMatch(/^SLA\.(INVALID|SYNTAX)$/);
    }),
    { numRuns: 300 },
  );
});
