import { isFailure } from '../../base/failure.ts';
import type { Save, Store } from '../../store/store.ts';

interface Waiting {
  readonly save: Save;
  readonly done: () => void;
  readonly failed: (thrown: unknown) => void;
}

/**
 * Saves of several conversations share one transaction: whatever arrives while a commit is under
 * way goes into the next one. A conversation whose fence is stale fails alone.
 */
export function groupCommit(store: Pick<Store, 'save'>): (save: Save) => Promise<void> {
  let waiting: Waiting[] = [];
  let committing = false;

  const drain = async (): Promise<void> => {
    committing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await commit(store, batch);
    }
    committing = false;
  };

  return (save) =>
    new Promise<void>((done, failed) => {
      waiting.push({ save, done, failed });
      if (!committing) queueMicrotask(() => void (committing ? undefined : drain()));
    });
}

async function commit(store: Pick<Store, 'save'>, batch: readonly Waiting[]): Promise<void> {
  try {
    await store.save(batch.map(({ save }) => save));
    for (const { done } of batch) done();
  } catch (thrown) {
    const stale = isFailure(thrown) && thrown.code === 'STORE.FENCE_STALE';
    const culprit = stale ? thrown.facts['conversation'] : undefined;
    const guilty = batch.filter(
      ({ save }) => culprit === undefined || save.lease.conversation === culprit,
    );
    for (const { failed } of guilty) failed(thrown);
    const innocent = batch.filter((each) => !guilty.includes(each));
    if (innocent.length > 0) await commit(store, innocent);
  }
}
