import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { storeSuite } from './store-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'skypact-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

storeSuite({ test, open: (place) => openSqliteStore({ path: join(folder, place, 'store.db') }) });
