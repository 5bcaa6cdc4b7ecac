import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFailure } from '../../../src/base/failure.ts';
import { limits } from '../../../src/base/limits.ts';
import { parseTemplate } from '../../../src/sla/parse.ts';
import { printTemplate } from '../../../src/sla/print.ts';
import { arbitraryTemplate } from './arbitrary.ts';

/** Whatever the text: a template that prints and parses again, or a failure of the SLA's own. */
function parsesOrFails(text: string): void {
  try {
    const template = parseTemplate(text, { file: 'f' });
    expect(parseTemplate(printTemplate(template), { file: 'again' })).toEqual(template);
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    expect(thrown.code).toMatch(/^SLA\.(SYNTAX|INVALID)$/);
    expect(thrown.message.split('\n').length).toBeLessThanOrEqual(limits.slaProblems + 2);
    expect(thrown.message).toMatch(/^ {2}f(:\d+:\d+)?: ./m);
  }
}

test('any text is a template or an SLA failure', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), parsesOrFails));
});

test('any text out of the pieces of YAML is a template or an SLA failure', () => {
  const piece = fc.constantFrom(
    ...['[', ']', '{', '}', ': ', '- ', ', ', '\n', '\n  ', '? ', '&a ', '*a', '!t ', '|', '>'],
    ...['"', "'", '#', '%', '---', '...', '<<', '\t', '\r', '@', '`', '~', '__proto__', '0x1f'],
    ...['sla', 'skypact/v1', 'objectives', 'web', 'cpus', 'place', '1', '.inf', '4 GiB', '\ufeff'],
  );
  const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
  fc.assert(fc.property(text, parsesOrFails), { numRuns: 1000 });
});

test('any JSON value is a template or an SLA failure', () => {
  fc.assert(fc.property(fc.json({ maxDepth: 6 }), parsesOrFails));
});

test('a valid document with a piece cut out or put in is a template or an SLA failure', () => {
  const damage = fc.record({
    template: arbitraryTemplate,
    at: fc.nat(2000),
    cut: fc.nat(12),
    put: fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom(': ', '\n', '[', '{', '- ', '9')),
  });
  fc.assert(
    fc.property(damage, ({ template, at, cut, put }) => {
      const text = printTemplate(template);
      const from = at % text.length;
      parsesOrFails(text.slice(0, from) + put + text.slice(from + cut));
    }),
    { numRuns: 500 },
  );
});
