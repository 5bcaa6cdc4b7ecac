/** Whether the file of a store is sound, beyond that it can be opened. */
import { type Failure, isFailure } from '../../base/failure.ts';
import { openConnection } from './connection.ts';
import { fileFailure } from './failures.ts';

export interface StoreHealth {
  readonly path: string;
  readonly bytes: number;
  /** Why it cannot be used, or must not be; absent: it is sound. */
  readonly problem?: Failure;
}

/** Opens it as any command does, which creates it where there is none, and reads all its pages. */
export async function storeHealth(path: string): Promise<StoreHealth> {
  try {
    using connection = await openConnection({ path });
    const [said, bytes] = await connection.read(() => [
      connection.prepared('PRAGMA quick_check(1)').get()?.['quick_check'],
      connection.prepared(BYTES).get()?.['bytes'],
    ]);
    const sound = { path, bytes: Number(bytes) };
    if (said === 'ok') return sound;
    const cause = new Error(String(said));
    return { ...sound, problem: fileFailure('STORE.CORRUPT', path, cause) };
  } catch (thrown) {
    if (isFailure(thrown)) return { path, bytes: 0, problem: thrown };
    throw thrown;
  }
}

const BYTES = 'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size';
