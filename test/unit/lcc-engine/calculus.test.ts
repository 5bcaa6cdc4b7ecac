import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFailure } from '../../../src/base/failure.ts';
import { parseModel } from '../../../src/lcc/parser.ts';
import { Actor, computed, program } from './actor.ts';
import { Calculus, Unbound } from './calculus.ts';

const specs = [
  computed('small(+)', ([n]) => (Number(n) < 2 ? [] : undefined)),
  computed('next(+-)', ([n]) => (typeof n === 'number' ? [n + 1] : undefined)),
];

const variable = fc.constantFrom('N', 'M', 'P', 'Q');
const term = fc.oneof(
  { weight: 3, arbitrary: variable },
  fc.constantFrom('0', '1', '[]', '_', 'X'),
  fc.tuple(variable, variable).map(([a, b]) => `[${a} | ${b}]`),
  variable.map((name) => `f(${name})`),
);
const call = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('M = N', 'P = 1', 'Q = f(N)', 'next(N, Q)', 'next(0, P)'),
  },
  fc.tuple(term, term).map(([a, b]) => `${a} = ${b}`),
  fc.tuple(variable, fc.constantFrom('0', '1', 'N')).map(([a, b]) => `${a} == ${b}`),
  variable.map((name) => `small(${name})`),
  fc.tuple(fc.constantFrom('0', 'N', 'M'), variable).map(([a, b]) => `next(${a}, ${b})`),
);
const constraint = fc.oneof(
  { weight: 3, arbitrary: call },
  fc.tuple(call, call).map(([a, b]) => `${a} and ${b}`),
  fc.tuple(call, call).map(([a, b]) => `( ${a} or ${b} )`),
  call.map((a) => `not ${a}`),
);
const guard = fc
  .option(constraint, { nil: '', freq: 3 })
  .map((text) => (text === '' ? '' : ` <- ${text}`));
const awaited = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('_', 'M', 'P', 'Q') }, term);
const sender = fc.constantFrom('_', '_', 'S', '"b"');
const receive = fc
  .tuple(fc.constantFrom('m', 'k'), awaited, sender, guard)
  .map(([name, arg, id, text]) => `${name}(${arg}) <= a(other, ${id})${text}`);
const said = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('N', '1', '[N]', 'X') }, term);
const send = fc
  .tuple(fc.constantFrom('m', 'k'), said, guard)
  .map(([name, arg, text]) => `${name}(${arg}) => a(other, "b")${text}`);
const given = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('N', '[0, 1]', '[N]') }, term);
const def = fc.oneof(
  { weight: 3, arbitrary: receive },
  { weight: 2, arbitrary: send },
  guard.map((text) => `null${text}`),
  // After a message, so that nothing spins.
  fc
    .tuple(receive, fc.constantFrom('r', 'sub'), given)
    .map(([first, role, arg]) => `( ${first} then a(${role}(${arg}), X) )`),
);
const some = fc.array(def, { minLength: 1, maxLength: 3 }).map((defs) => defs.join(' then '));
const body = fc
  .tuple(some, some, some, fc.boolean())
  .map(([first, left, right, last]) =>
    last
      ? `( ${first} ) then ( ( ${left} ) or ( ${right} ) )`
      : `( ( ${left} ) or ( ${right} ) ) then ${first}`,
  );
const model = fc
  .tuple(body, body, body)
  .map(
    ([first, second, third]) =>
      `a(r(N), X) :: ${first}\na(sub([N | M]), X) :: ${second}\na(sub(N), X) :: ${third}\n`,
  );
const letters = fc.array(
  fc.record({
    name: fc.constantFrom('m', 'k'),
    role: fc.constantFrom('r', 'r', 'sub'),
    from: fc.constantFrom('b', 'c'),
    arg: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 4, maxLength: 14 },
);

type Letters = readonly { name: string; role: string; from: string; arg: number }[];

function engine(text: string, heard: Letters): readonly string[] {
  const lines: string[] = [];
  try {
    const actor = new Actor(program(text, specs), { args: [1] });
    lines.push(...actor.did);
    for (const { name, role, from, arg } of heard) {
      lines.push(...actor.hears(`${name} from other:${from} to ${role}`, arg));
    }
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.code !== 'LCC.UNBOUND') throw thrown;
    lines.push('unbound');
  }
  return lines.filter((line) => !line.startsWith('not understood'));
}

/** As the engine, it does nothing of a step that ends with something unbound. */
function calculus(machine: Calculus, heard: Letters): readonly string[] {
  const lines: string[] = [];
  let told = 0;
  for (const letter of [undefined, ...heard]) {
    if (letter !== undefined) {
      const { name, role, from, arg } = letter;
      machine.hear({ name, toRole: role, from: { role: 'other', id: from }, args: [arg] });
    }
    const isOver = machine.rest === undefined;
    try {
      expect(machine.run()).toBe(true);
    } catch (thrown) {
      if (!(thrown instanceof Unbound)) throw thrown;
      return [...lines, 'unbound'];
    }
    const { sent } = machine.world;
    for (const { role, name, args, to } of sent.slice(told)) {
      lines.push(`${role} ${name}(${args.join(', ')}) -> ${to}`);
    }
    told = sent.length;
    if (!isOver && machine.rest === undefined) lines.push('done');
  }
  return lines;
}

test('the engine does what the rules of the calculus say', () => {
  let busy = 0;
  let all = 0;
  fc.assert(
    fc.property(model, letters, (text, heard) => {
      const machine = new Calculus(parseModel(text), 'r', [1]);
      const expected = calculus(machine, heard);
      const did = engine(text, heard).map(plain);
      if (machine.rewrites > 4) busy += 1;
      all += 1;
      expect(did).toEqual(expected.map(plain));
    }),
    { numRuns: 2_000 },
  );
  expect(busy / all).toBeGreaterThan(0.02);
});

/** Lists are spelled in two ways. */
function plain(line: string): string {
  return line.includes('[') || line.includes('.(') ? line.replace(/\(.*\)/, '(…)') : line;
}
