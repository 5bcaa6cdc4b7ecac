import { expect, test } from 'vitest';
import { z } from 'zod';
import { checkSettings, openBare, openVendor } from '../../../src/vendors/open.ts';
import { type Driver, findDriver, registryOf } from '../../../src/vendors/registry.ts';
import { call, entryOf, fake } from './fake-vendor.ts';

const own = { name: 'skypact' };
const third = { name: 'skypact-third' };

test('drivers of all plugins are there by name', () => {
  const registry = registryOf(
    {
      successes: [
        { plugin: third, result: [entryOf(fake(), { name: 'zeta' })] },
        {
          plugin: own,
          result: [entryOf(fake(), { name: 'ec2' }), entryOf(fake(), { name: 'kvm' })],
        },
      ],
      failures: [],
    },
    'skypact',
  );
  expect([...registry.drivers.keys()]).toEqual(['ec2', 'kvm', 'zeta']);
  expect(registry.drivers.get('zeta')?.plugin).toBe('skypact-third');
  expect(registry.failures).toEqual([]);
});

test('a plugin that throws is a failure to show, and the others serve', () => {
  const registry = registryOf(
    {
      successes: [{ plugin: own, result: [entryOf(fake())] }],
      failures: [{ plugin: third, error: new Error('Cannot find module') }],
    },
    'skypact',
  );
  expect(registry.drivers.size).toBe(1);
  expect(registry.failures).toMatchObject([
    {
      plugin: 'skypact-third',
      error: { code: 'REGISTRY.PLUGIN_FAILED', message: /Cannot find module/ },
    },
  ]);
});

test('in a clash of names the program’s own driver wins, whoever comes first', () => {
  const registry = registryOf(
    {
      successes: [
        { plugin: third, result: [entryOf(fake(), { name: 'ec2', summary: 'theirs' })] },
        { plugin: own, result: [entryOf(fake(), { name: 'ec2', summary: 'ours' })] },
      ],
      failures: [],
    },
    'skypact',
  );
  expect(findDriver(registry, 'ec2').entry.summary).toBe('ours');
  expect(registry.failures).toMatchObject([
    {
      plugin: 'skypact-third',
      error: { code: 'REGISTRY.NAME_TAKEN', facts: { first: 'skypact' } },
    },
  ]);
});

test.each([
  ['a later contract', { ...entryOf(fake()), api: 2 }, 'contract 2'],
  ['no name', { ...entryOf(fake()), name: 'Ec2 !' }, 'name'],
  ['no summary', { ...entryOf(fake()), summary: undefined }, 'summary'],
  ['nothing to open', { ...entryOf(fake()), open: undefined }, 'open'],
  ['settings that check nothing', { ...entryOf(fake()), settings: {} }, 'Standard Schema'],
  ['no entry', undefined, 'undefined'],
])('an entry with %s is refused in words', (_what, entry, words) => {
  const { drivers, failures } = registryOf(
    { successes: [{ plugin: third, result: [entry] }], failures: [] },
    'skypact',
  );
  expect(drivers.size).toBe(0);
  expect(failures).toMatchObject([
    { error: { code: 'REGISTRY.ENTRY_INVALID', message: expect.stringContaining(words) } },
  ]);
});

test('an unknown driver is a failure that names those there are', () => {
  const registry = registryOf(
    { successes: [{ plugin: own, result: [entryOf(fake())] }], failures: [] },
    'skypact',
  );
  expect(() => findDriver(registry, 'gce')).toThrow('no driver gce; there are: fake');
});

const driver = (vendor: unknown, more: Parameters<typeof entryOf>[1] = {}): Driver => ({
  plugin: 'skypact-fake',
  entry: entryOf(vendor, more),
});
const instance = { name: 'aws', settings: { region: 7, zone: '' } };

test('settings are checked by a zod schema, and every issue is told', async () => {
  const settings = z.object({ region: z.string(), zone: z.string().min(1) });
  await expect(checkSettings(driver(fake(), { settings }), instance)).rejects.toMatchObject({
    code: 'VENDOR.SETTINGS_INVALID',
    message: expect.stringMatching(/^vendor aws: region: .*; zone: /),
    facts: { issues: 2 },
  });
});

test('the driver opens with what its schema made of the settings', async () => {
  let opened: unknown;
  const entry = driver(undefined, {
    settings: z.object({ region: z.string().default('eu') }),
    open: async (_name, settings) => {
      opened = settings;
      return fake();
    },
  });
  await using vendor = await openVendor(entry, { name: 'aws', settings: {} }, call());
  expect(opened).toEqual({ region: 'eu' });
  expect(vendor.name).toBe('aws');
});

test('what is opened must be a vendor of the configured name, or it is closed again', async () => {
  let closed = 0;
  const close = {
    [Symbol.asyncDispose]: async () => {
      closed += 1;
    },
  };
  const renamed = driver(fake({ name: 'gce', ...close }));
  await expect(openVendor(renamed, instance, call())).rejects.toMatchObject({
    code: 'VENDOR.REPLY_MALFORMED',
  });
  const partial = driver(fake({ bind: undefined, ...close }));
  await expect(openBare(partial, instance, call())).rejects.toMatchObject({
    code: 'VENDOR.REPLY_MALFORMED',
    facts: { field: 'bind' },
  });
  expect(closed).toBe(2);
});

test('a plugin whose open throws something else is a bug that names the plugin', async () => {
  const broken = driver(undefined, { open: () => Promise.reject(new TypeError('oops')) });
  await expect(openVendor(broken, instance, call())).rejects.toMatchObject({
    name: 'Bug',
    message: expect.stringContaining('skypact-fake'),
  });
});
