/** Every rule of the vendor contract, under node:test: `npm run build && npm test`. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { vendorConformance } from 'skypact/conformance';
import { type Call, type CallForProposals, id } from 'skypact/vendor';
import { template } from '../src/vendors.ts';

const folder = await mkdtemp(join(tmpdir(), 'vendor-template-'));
after(() => rm(folder, { recursive: true, force: true }));

const opening: Call = {
  conversation: id<Call['conversation']>('opening'),
  signal: AbortSignal.timeout(60_000),
  progress: () => undefined,
};

const possible: CallForProposals = {
  objective: {
    name: 'web',
    count: 1,
    cpus: 2,
    memoryMiB: 4_096,
    diskGiB: 20,
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

vendorConformance({
  test,
  open: (name) => template.open(name, { folder }, opening),
  roles: [],
  possible,
  impossible: { ...possible, objective: { ...possible.objective, cpus: 1_000 } },
  // Asked without the vendor, so that the kit sees also what a vendor would hide.
  machines: async () => {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.machine.json'));
    return names.map((name) => ({
      machine: `machine-${name.slice(0, -'.machine.json'.length)}`,
      running: true,
    }));
  },
  foreign: async () => {
    const theirs = join(folder, 'theirs.machine.json');
    await writeFile(theirs, '{}');
    return { [Symbol.asyncDispose]: () => rm(theirs) };
  },
});
