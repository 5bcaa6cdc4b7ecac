import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** The template's own test, from its sources: the kit under node:test, in a process of its own. */
test('the template keeps every rule under node:test, and what does not apply is skipped', async () => {
  const file = fileURLToPath(
    new URL('../../plugins/vendor-template/test/conformance.ts', import.meta.url),
  );
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=skypact-source',
    '--test-reporter=tap',
    file,
  ]);
  const lines = stdout.split('\n').filter((line) => /^(not )?ok /.test(line));
  const skipped = lines.filter((line) => line.includes('# SKIP'));
  expect(lines.filter((line) => line.startsWith('not ok'))).toEqual([]);
  expect(lines.length - skipped.length).toBeGreaterThan(40);
  expect(new Set(skipped.map((line) => line.match(/V\d+/)?.[0]))).toEqual(
    new Set(['V5', 'V6', 'V11', 'V12']),
  );
});
