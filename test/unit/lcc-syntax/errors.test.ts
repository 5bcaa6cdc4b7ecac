import { expect, test } from 'vitest';
import { type Failure, isFailure } from '../../../src/base/failure.ts';
import { limits } from '../../../src/base/limits.ts';
import { parseModel } from '../../../src/lcc/parser.ts';

function refused(text: string): Failure {
  try {
    parseModel(text, { file: 'shop.lcc' });
  } catch (thrown) {
    if (isFailure(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('was accepted');
}

test('an error shows its place, the line with a caret, and what was expected', () => {
  const { code, facts, message } = refused('r(x, initial)\na(x, X) ::\n\tm(Y) <= a(y P)');
  expect(code).toBe('LCC.SYNTAX');
  expect(facts).toEqual({ file: 'shop.lcc', line: 3, column: 14 });
  expect(message).toBe(
    'shop.lcc:3:14: expected "(" or ",", found "P"\n  \tm(Y) <= a(y P)\n  \t            ^',
  );
});

test('only a window of a long line is shown', () => {
  const { message, facts } = refused(`a(x, X) :: ${'null or '.repeat(200)} !`);
  expect(facts['column']).toBe(1613);
  expect(Math.max(...message.split('\n').map((line) => line.length))).toBeLessThan(110);
});

test.each([
  ['x', '1:1: expected "r(", "@annotation(" or "a("'],
  ['r(x initial)', '1:5: expected "(" or ","'],
  ['r(x, first)', '1:6: expected "initial", "necessary", "optional" or "auxiliary"'],
  ['r(x, initial, -1)', '1:15: a role is played 0 or more times'],
  ['r(x(y), initial)', '1:5: expected a variable'],
  ['a(x, x) :: null', '1:6: expected a variable that names the agent'],
  ['a(x, X) null', '1:9: expected "::"'],
  ['a(x, X) ::', '1:11: expected "null", a role change "a(", a message, or "("'],
  ['a(x, X) :: null then', '1:21: expected "null"'],
  ['a(x, X) :: null null', '1:17: expected "then", "or", "par", a guard "<-", or another clause'],
  ['a(x, X) :: (null', '1:17: expected "then", "or", "par" or ")"'],
  ['a(x, X) :: m(Y) then null', '1:17: expected "=>" or "<= a(" after a message'],
  ['a(x, X) :: m(Y => a(y, Z)', '1:16: expected "," or ")"'],
  ['a(x, X) :: m => b(y, Z)', '1:17: expected an agent "a(role, Id)"'],
  ['a(x, X) :: m => a(y, Z', '1:23: expected ")"'],
  ['a(x, X) :: m => a(y, 3)', '1:22: expected a variable, "_", a name or a string'],
  ['a(x, X) :: m => a(y, f(3))', '1:22: an id is a variable'],
  ['a(x, X) :: a => a(y, Z)', '1:12: a message cannot be called "a"'],
  ['a(x, X) :: null <- a(y, X)', '1:20: a(…) is never a constraint'],
  ['a(x, X) :: null <- Y', '1:21: expected "=", "=="'],
  ['a(x, X) :: null <- then', '1:20: expected a constraint'],
  ['a(x, X) :: null <- p() or q()', '1:30: expected "=>" or "<= a("'],
  ['a(x, X) :: null <- (p() or q()', '1:31: expected "and", "or" or ")"'],
  ['a(x, X) :: null <- p(X) <= a(y, Y)', '1:25: expected "then"'],
  ['a(x, X) :: p() <- m => a(y, Y)', '1:21: expected "<=", since a guard on the left'],
  ['a(x, X) :: null <- X = [1 2]', '1:27: expected ",", "|" or "]"'],
  ['a(x, X) :: null <- X = [1 | T, 2]', '1:30: expected "]"'],
  ['a(x, X) :: null <- X = 1 + 2', '1:26: the character "+" begins nothing here'],
  ['a(x, X) :: null <- p("a', '1:22: this string is not closed on its line'],
  [String.raw`a(x, X) :: null <- p("\q")`, String.raw`1:22: "\q" is no escape in a string`],
  ['a(x, X) :: null /* what', '1:17: this comment is not closed'],
  ['a(x, X) :: null <- p(9007199254740993)', '1:22: this number is too large'],
  ['a(x, X) :: null <- p(1e999)', '1:22: this number is too large'],
  ['@annotation(@thing(x), y)', '1:13: expected @role, @message'],
  ['@annotation(@role(x))', '1:21: expected ","'],
])('%s is refused at its place', (text, message) => {
  expect(refused(text).message).toContain(`shop.lcc:${message}`);
  expect(refused(text).code).toBe('LCC.SYNTAX');
});

test('a model larger than its limit is refused before it is read', () => {
  const { code, facts } = refused('é'.repeat(limits.modelFileBytes / 2 + 1));
  expect(code).toBe('LCC.TOO_LONG');
  expect(facts).toEqual({ file: 'shop.lcc', limitBytes: limits.modelFileBytes });
});

const deep = limits.modelDepth + 1;
test.each([
  ['parentheses', `a(x, X) :: ${'('.repeat(60_000)}`],
  ['lists', `a(x, X) :: null <- p(${'['.repeat(60_000)}`],
  ['terms', `a(x, X) :: null <- p(${'f('.repeat(60_000)}`],
  ['negations', `a(x, X) :: null <- ${'not '.repeat(60_000)}`],
  ['parentheses of constraints', `a(x, X) :: null <- ${'('.repeat(60_000)}`],
  ['steps', `a(x, X) :: null ${'then null '.repeat(deep)}`],
  ['choices', `a(x, X) :: null ${'or null '.repeat(deep)}`],
  ['conjunctions', `a(x, X) :: null <- p() ${'and p() '.repeat(deep)}`],
])('%s without end are refused, not followed', (_, text) => {
  const { code, facts } = refused(text);
  expect(code).toBe('LCC.TOO_DEEP');
  expect(facts).toMatchObject({ line: 1, limit: limits.modelDepth });
});

test('what is as deep as the limit allows is accepted', () => {
  const steps = limits.modelDepth - 1;
  expect(() => parseModel(`a(x, X) :: null ${'then null '.repeat(steps)}`)).not.toThrow();
  expect(() => parseModel(`a(x, X) :: ${'('.repeat(150)}null${')'.repeat(150)}`)).not.toThrow();
});
