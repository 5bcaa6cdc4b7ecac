import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { foundations } from '../../../src/agency/environment.ts';
import { type Paths, pathsOf } from '../../../src/agency/paths.ts';
import { failure } from '../../../src/base/failure.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Registry } from '../../../src/vendors/registry.ts';
import { conversation } from '../../conformance/store/samples.ts';

async function inHome(work: (paths: Paths) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'skypact-environment-'));
  try {
    await work(pathsOf({ SKYPACT_HOME: folder }, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const registry: Registry = { drivers: new Map(), failures: [] };

test('a store that is used is sound, and settings are where they were found', () =>
  inHome(async (paths) => {
    await writeFile(paths.userConfigFile, 'vendors: {}\n');
    await using store = await openSqliteStore({ path: paths.storeFile });
    await store.begin(conversation('c1'), []);
    const { store: health, configFiles, node } = await foundations(paths, registry);
    expect(health).toEqual({ path: paths.storeFile, bytes: expect.any(Number) });
    expect(health.bytes).toBeGreaterThan(0);
    expect(configFiles).toEqual([
      { file: paths.projectConfigFile, state: 'absent' },
      { file: paths.userConfigFile, state: 'read' },
    ]);
    expect(node.version).toBe(process.version);
  }));

test('a damaged page of the store is found, wherever it is', () =>
  inHome(async (paths) => {
    {
      await using store = await openSqliteStore({ path: paths.storeFile });
      for (let number = 0; number < 50; number += 1)
        await store.begin(
          conversation(`c${number}`, { modelText: 'x'.repeat(10_000) + number }),
          [],
        );
    }
    const { size } = await stat(paths.storeFile);
    const file = await open(paths.storeFile, 'r+');
    await file.write(Buffer.alloc(8_192, 0xff), 0, 8_192, Math.floor(size / 8_192) * 4_096);
    await file.close();
    const { store } = await foundations(paths, registry);
    expect(store.problem).toMatchObject({ code: 'STORE.CORRUPT' });
  }));

test('what is no store is told, and left as it is', () =>
  inHome(async (paths) => {
    await writeFile(paths.storeFile, 'not a database, but long enough to be looked at'.repeat(100));
    const { store } = await foundations(paths, registry);
    expect(store).toMatchObject({ problem: { code: 'STORE.CORRUPT' } });
    expect((await stat(paths.storeFile)).size).toBe(4_700);
  }));

test('plugins that failed are told', () =>
  inHome(async (paths) => {
    const error = failure('REGISTRY.PLUGIN_FAILED', 'plugin broken failed: no');
    const failures = [{ plugin: 'broken', error }];
    expect((await foundations(paths, { ...registry, failures })).failedPlugins).toBe(failures);
  }));
