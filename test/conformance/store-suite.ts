/**
 * The contract of {@link Store} as tests, for any implementation and any test runner. It uses
 * `node:assert` alone.
 */
import type { Store } from '../../src/store/store.ts';
import { conversationSuite } from './store/conversations.ts';
import { factSuite } from './store/facts.ts';
import { handleSuite } from './store/handles.ts';
import { leaseSuite } from './store/leases.ts';
import { saveSuite } from './store/saves.ts';

export interface StoreSuite {
  readonly test: (claim: string, run: () => Promise<void>) => void;
  /**
   * Opens the store of that place. A place that was never opened is empty; a place that is opened
   * twice is one store with two handles.
   */
  readonly open: (place: string) => Promise<Store>;
}

export function storeSuite(suite: StoreSuite): void {
  let places = 0;
  const claim = (name: string, run: (open: () => Promise<Store>) => Promise<void>): void => {
    suite.test(name, async () => {
      places += 1;
      const place = `place-${places}`;
      await run(() => suite.open(place));
    });
  };
  conversationSuite(claim);
  leaseSuite(claim);
  saveSuite(claim);
  factSuite(claim);
  handleSuite(claim);
}
