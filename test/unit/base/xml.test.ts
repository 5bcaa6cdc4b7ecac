import fc from 'fast-check';
import { expect, test } from 'vitest';
import { element } from '../../../src/base/xml.ts';

test('an element has its attributes in their order and its children inside', () => {
  const inner = element('b', { id: 1 });
  expect(element('a', { x: 1, y: 'two' }, ['text ', inner]).xml).toBe(
    '<a x="1" y="two">text <b id="1"/></a>',
  );
});

test('text and attributes cannot become markup', () => {
  expect(element('a', { x: '"><b/>' }, ['<b/> & "c"']).xml).toBe(
    '<a x="&quot;&gt;&lt;b/&gt;">&lt;b/&gt; &amp; &quot;c&quot;</a>',
  );
});

test('what XML cannot hold is replaced, whatever the text', () => {
  expect(element('a', {}, ['\u0000\u001b\uD800\uFFFE ok \u{1F600}']).xml).toBe(
    '<a>\uFFFD\uFFFD\uFFFD\uFFFD ok \u{1F600}</a>',
  );
  const allowed = /^<a>[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*<\/a>$/u;
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      expect(element('a', {}, [text]).xml).toMatch(allowed);
    }),
  );
});
