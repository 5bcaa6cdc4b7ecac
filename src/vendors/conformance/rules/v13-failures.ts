import { type ContractId, id, type MoveId, type ProposalId } from '../../../sla/ids.ts';
import type { Call, Contract, Move, Proposal } from '../../vendor.ts';
import type { Bench } from '../bench.ts';
import type { RuleChecks } from '../check.ts';
import { failsWith, isFailureOfVendor, settled } from '../outcome.ts';

export const v13: RuleChecks = [
  {
    claim: 'binding a contract nobody signed is VENDOR.CONTRACT_UNKNOWN',
    run: async (bench) => {
      const call = bench.call();
      const unknown = await neverSigned(bench, call);
      await failsWith('VENDOR.CONTRACT_UNKNOWN', () => bench.vendor.bind(unknown, call));
      await bench.holds([]);
    },
  },
  {
    claim: 'accepting a forged proposal fails with a vendor code, if it fails',
    run: async (bench) => {
      const call = bench.call();
      const real = await bench.proposal(call);
      for (const forged of forgeries(real)) {
        const outcome = await settled(bench.sign({ ...forged, call }));
        if ('thrown' in outcome) isFailureOfVendor(outcome.thrown, forged.what);
      }
    },
  },
  {
    claim: 'a call that is stopped fails with a vendor code, whichever method it is',
    run: async (bench) => {
      const { contract, binding } = await bench.machine();
      const { vendor } = bench;
      const { moveSource, moveTarget, hosts } = vendor;
      const { objective } = bench.possible();
      const methods: readonly (readonly [string, (stopped: Call) => Promise<unknown>])[] = [
        ['describe', (stopped) => vendor.describe(stopped)],
        ['bid', (stopped) => vendor.bid(bench.possible(), stopped)],
        ['accept', (stopped) => vendor.accept(contract.proposal, 0, stopped)],
        ['bind', (stopped) => vendor.bind(contract, stopped)],
        ['contracts', (stopped) => Array.fromAsync(vendor.contracts(stopped))],
        ['measure', (stopped) => Array.fromAsync(vendor.measure([binding], ['power'], stopped))],
        ['hosts.list', async (stopped) => Array.fromAsync(hosts?.list(stopped) ?? [])],
        ['moveSource.offers', async (stopped) => moveSource?.offers(contract, stopped)],
        ['moveTarget.offers', async (stopped) => moveTarget?.offers(objective, stopped)],
        ['withdraw', (stopped) => vendor.withdraw(contract.id, stopped)],
      ];
      for (const [method, work] of methods) {
        const outcome = await bench.cut('before', bench.call(), work);
        if ('thrown' in outcome) isFailureOfVendor(outcome.thrown, method);
      }
    },
  },
  {
    claim: 'asking about what is unknown fails with a vendor code, if it fails',
    run: async (bench) => {
      const call = bench.call();
      const unknown = await neverSigned(bench, call);
      const binding = {
        contract: unknown.id,
        endpoint: 'ssh://root@192.0.2.1:22',
        credentialRef: 'agent',
        site: unknown.proposal.site,
        machine: 'no-such-machine',
      };
      const { vendor } = bench;
      const { moveSource } = vendor;
      await throwsOnlyFailures([
        ['measure', () => Array.fromAsync(vendor.measure([binding], ['power'], call))],
        ['withdraw', () => vendor.withdraw(unknown.id, call)],
        ['moveSource.offers', async () => moveSource?.offers(unknown, call)],
        ...unknownMoves(bench, unknown, call),
      ]);
    },
  },
];

type Attempt = readonly [method: string, call: () => Promise<unknown>];

async function throwsOnlyFailures(attempts: readonly Attempt[]): Promise<void> {
  for (const [method, attempt] of attempts) {
    const outcome = await settled(attempt());
    if ('thrown' in outcome) isFailureOfVendor(outcome.thrown, method);
  }
}

/** A contract that looks like the vendor's own, under an id that it never gave. */
async function neverSigned(bench: Bench, call: Call): Promise<Contract> {
  const proposal = await bench.proposal(call);
  return { id: id<ContractId>(`never-signed-${crypto.randomUUID()}`), proposal, unit: 0 };
}

interface Forgery {
  readonly what: string;
  readonly proposal: Proposal;
  readonly unit?: number;
}

function forgeries(real: Proposal): readonly Forgery[] {
  const own = (): ProposalId => id(`forged-${crypto.randomUUID()}`);
  const free = { ...real.pricePerHour, micros: 1 };
  return [
    { what: 'an id it never gave', proposal: { ...real, id: own() } },
    { what: 'a shape that is not', proposal: { ...real, id: own(), shape: 'no-such-shape' } },
    { what: 'a site that is not', proposal: { ...real, id: own(), site: 'no-such-site' } },
    { what: 'a price it never named', proposal: { ...real, pricePerHour: free } },
    { what: 'a unit beyond the last', proposal: real, unit: real.units },
  ];
}

function unknownMoves(bench: Bench, source: Contract, call: Call): readonly Attempt[] {
  const { moveSource, moveTarget } = bench.vendor;
  const offer = { protocol: 'no-such-protocol/1', live: true, downtimeMsEstimate: 0 } as const;
  const move: Move = {
    id: id<MoveId>(`move-${crypto.randomUUID()}`),
    source,
    target: source,
    offer,
  };
  const ticket = new Uint8Array([0]);
  return [
    ['moveTarget.prepare', async () => moveTarget?.prepare(move, call)],
    [
      'moveSource.transfer',
      async () => Array.fromAsync(moveSource?.transfer(move, ticket, call) ?? []),
    ],
    ['moveTarget.commit', async () => moveTarget?.commit(move, call)],
    ['moveTarget.discard', async () => moveTarget?.discard(move, call)],
    ['moveSource.resume', async () => moveSource?.resume(move, call)],
    ['moveSource.release', async () => moveSource?.release(move, call)],
  ];
}
