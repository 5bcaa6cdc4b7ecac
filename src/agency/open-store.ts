import { type StoreHealth, storeHealth } from '../store/sqlite/health.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { type Environment, type Paths, pathsOf } from './paths.ts';

export type { StoreHealth } from '../store/sqlite/health.ts';

/** The store alone, without what an office needs: for commands that only list. */
export async function openStore(environment: Environment, workingFolder: string): Promise<Store> {
  return await openSqliteStore({ path: pathsOf(environment, workingFolder).storeFile });
}

/** Looks through the store before anything relies on it. */
export async function examineStore({ storeFile }: Paths): Promise<StoreHealth> {
  return await storeHealth(storeFile);
}
