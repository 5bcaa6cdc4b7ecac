import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { type Environment, pathsOf } from './paths.ts';

/** The store alone, without what an office needs: for commands that only list. */
export async function openStore(environment: Environment, workingFolder: string): Promise<Store> {
  return await openSqliteStore({ path: pathsOf(environment, workingFolder).storeFile });
}
