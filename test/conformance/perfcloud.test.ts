import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, test } from 'vitest';
import { id } from '../../src/sla/ids.ts';
import { type MachineSeen, vendorConformance } from '../../src/vendors/conformance/kit.ts';
import { perfcloudEntry } from '../../src/vendors/perfcloud/entry.ts';
import { machineOf } from '../../src/vendors/perfcloud/seal.ts';
import type { CallForProposals } from '../../src/vendors/vendor.ts';

const folder = mkdtempSync(join(tmpdir(), 'perfcloud-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const possible: CallForProposals = {
  objective: {
    name: 'web',
    count: 1,
    cpus: 2,
    memoryMiB: 4_096,
    diskGiB: 20,
    networkMbps: 1_000,
    image: 'debian-12',
    place: { sites: [], vendors: [], not: [] },
    promises: [],
    amend: [],
  },
  currency: 'USD',
  replyByMs: 0,
  round: 0,
  rounds: 1,
};

/** What the provider has, read past the vendor. */
function machines(): Promise<readonly MachineSeen[]> {
  const database = new DatabaseSync(join(folder, 'perfcloud-under-test.sqlite'));
  try {
    const rows = database
      .prepare("SELECT id, host, paused FROM contract WHERE state IN ('running', 'ending')")
      .all();
    return Promise.resolve(
      rows.map(({ id: contract, host, paused }) => ({
        machine: machineOf(id(String(contract))),
        host: String(host),
        running: paused === 0,
      })),
    );
  } finally {
    database.close();
  }
}

vendorConformance({
  test,
  roles: ['moveSource', 'moveTarget', 'hosts'],
  possible,
  impossible: { ...possible, objective: { ...possible.objective, cpus: 1_000 } },
  machines,
  open: (name) => {
    const call = {
      conversation: id<Parameters<typeof perfcloudEntry.open>[2]['conversation']>('open'),
      signal: AbortSignal.timeout(10_000),
      progress: () => undefined,
    };
    return perfcloudEntry.open(name, { folder, bindMs: 20 }, call);
  },
});
