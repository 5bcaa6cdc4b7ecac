/** `sla list`: what it reads and how it shows it, for both ways in. */

import { openStore } from '../agency/open-store.ts';
import { slaTable } from '../render/sla-table.ts';
import { isOver, slaStates } from '../sla/sla.ts';
import type { SlaSummary } from '../store/store.ts';

export interface SlaListOptions {
  /** Ended, refused and expired ones too. */
  readonly all: boolean;
  readonly limit: number;
}

export const slaListLimit = { least: 1, most: 100_000, default: 1_000 } as const;

/** Newest first. Fails as opening the store does. */
export async function listSlas({ all, limit }: SlaListOptions): Promise<readonly SlaSummary[]> {
  await using store = await openStore(process.env, process.cwd());
  const states = all ? slaStates : slaStates.filter((state) => !isOver(state));
  return await store.slas({ states, limit });
}

export function slaListText(slas: readonly SlaSummary[]): string {
  return slaTable(slas, Date.now());
}
