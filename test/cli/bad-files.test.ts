/** SLA files that nobody could serve: each is refused before a vendor is asked, and says why. */
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { expectFailure, Home, slas } from './program.ts';

const home = new Home();
afterAll(() => home[Symbol.dispose]());

const head = 'sla: skypact/v1\nname: bad\n';
const machine = '{ cpus: 2, memory: 4 GiB, image: debian-12 }';
const many = Array.from({ length: 10_000 }, (_, n) => `  o${n}: ${machine}`).join('\n');

interface Bad {
  readonly what: string;
  readonly text: string;
  readonly code: string;
  readonly says: RegExp;
}

const files: readonly Bad[] = [
  {
    what: 'malformed YAML',
    text: `${head}objectives: { web: { cpus: 2 `,
    code: 'SLA.SYNTAX',
    says: /bad\.yaml:3:\d+/,
  },
  { what: 'no mapping at all', text: '\u0000\u0001\u0002', code: 'SLA.INVALID', says: /bad\.yaml/ },
  { what: 'nothing', text: '', code: 'SLA.INVALID', says: /bad\.yaml/ },
  {
    what: 'an unknown field',
    text: `${head}objectives: { web: { cpu: 2, memory: 4 GiB, image: debian-12 } }`,
    code: 'SLA.INVALID',
    says: /did you mean cpus/,
  },
  {
    what: 'a unit that measures something else',
    text: `${head}objectives: { web: { cpus: 2, memory: 4 GHz, image: debian-12 } }`,
    code: 'SLA.INVALID',
    says: /4 GHz/,
  },
  {
    what: 'a number without a unit',
    text: `${head}objectives: { web: { cpus: 2, memory: 4, image: debian-12 } }`,
    code: 'SLA.INVALID',
    says: /memory/,
  },
  {
    what: 'impossible numbers',
    text: `${head}objectives: { web: { cpus: -2, memory: 4 GiB, count: 0, image: debian-12 } }`,
    code: 'SLA.INVALID',
    says: /cpus[\s\S]*count/,
  },
  {
    what: 'numbers that contradict each other',
    text: `${head}objectives:
  web: { count: 2, cpus: 2, memory: 4 GiB, image: debian-12, place: { apart: site, together: site } }`,
    code: 'SLA.INVALID',
    says: /apart|together/,
  },
  {
    what: 'a budget in two currencies',
    text: `${head}limits: { price: 1 USD/h }
objectives:
  web:
    cpus: 2
    memory: 4 GiB
    image: debian-12
    amend: { memory: { upTo: 8 GiB, for: +0.05 EUR/h } }`,
    code: 'SLA.INVALID',
    says: /EUR/,
  },
  {
    what: '10,000 objectives',
    text: `${head}objectives:\n${many}\n`,
    code: 'SLA.INVALID',
    says: /500/,
  },
  {
    what: 'an anchor that doubles itself',
    text: bomb(),
    code: 'SLA.INVALID',
    says: /more than 100000 values/,
  },
];

test.for(files)('a file of $what is refused', async ({ text, code, says }) => {
  const file = home.file('bad.yaml', text);
  await expectFailure(home, ['sla', 'negotiate', file], { exit: 2, code, says });
});

test.for(files)('from standard input, $what is refused as well', async ({ text, code }) => {
  const { exit, stdout, stderr } = await home.run(['sla', 'negotiate', '-'], { input: text });
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(stderr).toContain(`[${code}]`);
});

test.for([
  {
    what: 'a file of 10 MB',
    file: () => home.file('big.yaml', Buffer.alloc(10_000_000, '#')),
    code: 'SLA.TOO_LONG',
  },
  { what: 'a device without end', file: () => '/dev/zero', code: 'SLA.TOO_LONG' },
  { what: 'a folder', file: () => home.folder, code: 'SLA.FILE' },
  { what: 'no file', file: () => join(home.folder, 'nowhere.yaml'), code: 'SLA.FILE' },
])('$what is refused', async ({ file, code }) => {
  const path = file();
  await expectFailure(home, ['sla', 'negotiate', path], { exit: 2, code, says: path });
});

test('10 MB from standard input are refused, and need not be written to the end', async () => {
  const { exit, stderr } = await home.run(['sla', 'negotiate', '-'], {
    input: '#'.repeat(10_000_000),
  });
  expect(exit).toBe(2);
  expect(stderr).toContain('[SLA.TOO_LONG]');
});

test.for([
  { vendors: 'nimbus', says: /no vendor nimbus/ },
  { vendors: 'perfclout', says: /did you mean perfcloud/ },
])('an objective for $vendors, which is not configured, is refused', async ({ vendors, says }) => {
  const file = home.file('pinned.yaml', pinnedTo(vendors));
  const told = { exit: 2, code: 'VENDOR.UNKNOWN', says };
  await expectFailure(home, ['sla', 'negotiate', file], told);
});

test('where one of the vendors that are named is configured, the others are warned of', async () => {
  using own = new Home();
  const file = own.file('pinned.yaml', pinnedTo('nimbus, perfcloud'));
  const { exit, stderr } = await own.run(['sla', 'negotiate', file]);
  expect(exit).toBe(0);
  expect(stderr).toContain('warning: no vendor nimbus is configured\n');
});

test('nothing of all this was kept', async () => {
  expect(await slas(home)).toEqual({ slas: [] });
});

function pinnedTo(vendors: string): string {
  const place = `place: { vendors: [${vendors}] }`;
  return `${head}objectives: { web: { cpus: 2, memory: 4 GiB, image: debian-12, ${place} } }\n`;
}

/** Nine levels of nine: a few hundred bytes that stand for hundreds of millions of values. */
function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 9; level += 1) {
    const inner = Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ');
    lines.push(`a${level}: &a${level} [${inner}]`);
  }
  return `${lines.join('\n')}\n`;
}
