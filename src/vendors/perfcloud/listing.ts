import type { Call, HeldContract } from '../vendor.ts';
import { type Cloud, nowMs } from './cloud.ts';
import type { Held } from './rows.ts';

/** Everything that is held, oldest first; a machine that is being ended is still held. */
export async function listContracts(cloud: Cloud, call: Call): Promise<readonly HeldContract[]> {
  const { ledger } = cloud;
  const lagging = lagOf(cloud).listings > 0;
  const all = lagging
    ? await ledger.database.write(call, () => passOver(cloud))
    : await ledger.database.read(call, () => ledger.all());
  return all
    .filter((held) => isListed(cloud, held))
    .map(({ id, conversation, objective, state }) => ({
      id,
      conversation,
      objective,
      state: state === 'ending' ? 'running' : state,
    }));
}

/** False while the fault `list-lag` hides a new contract from lists and look-ups. */
export function isListed(cloud: Cloud, held: Held): boolean {
  const { ms, listings } = lagOf(cloud);
  return nowMs(cloud) >= held.signedMs + ms && held.unlisted >= listings;
}

/** The contracts as they were before this listing, which counts for those that it leaves out. */
function passOver(cloud: Cloud): readonly Held[] {
  const all = cloud.ledger.all();
  for (const held of all) if (!isListed(cloud, held)) cloud.ledger.passOver(held.id);
  return all;
}

function lagOf({ settings }: Cloud): { readonly ms: number; readonly listings: number } {
  const none = { ms: 0, listings: 0 };
  return settings.faults.find((fault) => fault.kind === 'list-lag') ?? none;
}
