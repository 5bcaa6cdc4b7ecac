/** What a conversation does when another process goes on with it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { homeWith, options, signal, small, template } from '../support/office.ts';

test('what continuing asks anew is saved before it is carried out, and carried out once', async () => {
  await using home = await homeWith({ east: {} });
  await using first = await home.office();
  const asked = template({ web: small, db: small });
  const sla = await first.agency.negotiate(asked, options({ accept: 'ask' }), signal);
  const log = join(home.folder, 'points.log');
  const environment = { SKYPACT_HOME: home.folder, SKYPACT_CRASH_PLAN: `count@${log}` };
  await using second = await home.office({ environment });
  expect((await second.agency.accept(sla, signal)).state).toBe('ready');
  const points = (await readFile(log, 'utf8')).replaceAll(/:\d+:/g, ':').split('\n');
  const answered = points.indexOf('answer:after');
  const saved = points.indexOf('save:after', answered);
  expect(points.slice(answered, saved)).toEqual(['answer:after', 'save:before']);
  for (const once of ['accepted/1', 'signed/3', 'concluded/5']) {
    expect(points.filter((point) => point === `${once}:before`)).toHaveLength(1);
  }
  expect(points.filter((point) => point === 'sign/2:before')).toHaveLength(2);
});
