import type { Clock } from '../../base/clock.ts';
import { isFailure } from '../../base/failure.ts';
import { limits } from '../../base/limits.ts';
import type { Call, Proposal, Refusal, Vendor, VendorDescription } from '../vendor.ts';
import { throwIfAborted } from '../vendor-failure.ts';
import { type Account, openAccount } from './account.ts';
import { bind } from './bind.ts';
import { allowedZones, isAllowed } from './catalogue.ts';
import { heldContracts } from './held.ts';
import { type Knowledge, openKnowledge } from './knowledge.ts';
import { measure } from './measure.ts';
import { largestDiskGiB, offersFor } from './offers.ts';
import { isShortage } from './provider-error.ts';
import type { Settings } from './settings.ts';
import { sign } from './sign.ts';
import { withdraw } from './withdraw.ts';

/** An EC2 account as a vendor. It keeps nothing of contracts: those lie at the provider. */
export function openDriver(
  name: string,
  settings: Settings,
  clock: Clock,
): Vendor & AsyncDisposable {
  const account = openAccount(name, settings, clock);
  const knowledge = openKnowledge(account);
  const gone = new Gone(clock);
  const settled = new Map<string, string>();
  let described: VendorDescription | undefined;
  return {
    api: 1,
    name,
    describe: async (call) => {
      throwIfAborted(call);
      described ??= await describe({ account, knowledge }, call);
      return described;
    },
    bid: (cfp, call) => bid({ account, knowledge, gone }, cfp, call),
    accept: async (proposal, unit, call) => {
      throwIfAborted(call);
      const terms = { ...(await knowledge.stock(call)), prices: knowledge.prices };
      return sign({ proposal, unit }, { account, terms }, call);
    },
    bind: async (contract, call) => {
      const { shape, site } = contract.proposal;
      try {
        const { images } = (await knowledge.stock(call)).catalogue;
        return await bind(contract, { account, images, settled }, call);
      } catch (thrown) {
        if (isShortage(thrown)) gone.add(shape, site);
        throw thrown;
      }
    },
    withdraw: (contract, call) => {
      settled.delete(contract);
      return withdraw(contract, account, call);
    },
    contracts: async function* (call) {
      yield* await heldContracts(account, call);
    },
    measure: async function* (bindings, metrics, call) {
      yield* await measure(bindings, metrics, { account, call });
    },
    [Symbol.asyncDispose]: () => account[Symbol.asyncDispose](),
  };
}

interface Open {
  readonly account: Account;
  readonly knowledge: Knowledge;
}

async function describe({ account, knowledge }: Open, call: Call): Promise<VendorDescription> {
  const { settings } = account;
  const [{ catalogue }] = await Promise.all([
    knowledge.stock(call),
    knowledge.priceTable(call).catch((thrown) => {
      // Without prices every bid is refused or fails, and says so; the description stands.
      if (!isFailure(thrown) || thrown.code === 'VENDOR.ABORTED') throw thrown;
      call.progress(thrown.message);
    }),
  ]);
  const zones = allowedZones(catalogue.zones, settings);
  const shapes = catalogue.shapes.filter((shape) => isAllowed(shape, settings));
  const most = (of: 'cpus' | 'memoryMiB'): number =>
    shapes.reduce((largest, shape) => Math.max(largest, shape[of]), 0);
  return {
    driver: 'ec2',
    version: '1',
    sites: zones.map((zone) => ({
      name: zone,
      latencyMs: Object.fromEntries(
        zones.filter((other) => other !== zone).map((other) => [other, betweenZonesMs]),
      ),
    })),
    images: Object.keys(catalogue.images).toSorted(),
    currency: settings.currency,
    largest: { cpus: most('cpus'), memoryMiB: most('memoryMiB'), diskGiB: largestDiskGiB },
    places: [...(catalogue.spread ? ['apart:host' as const] : []), 'apart:site', 'together:site'],
    reserves: false,
  };
}

/** Zones of a region are at most 100 km apart: 1 ms of fibre there and back, and its equipment. */
const betweenZonesMs = 2;

async function bid(
  { account, knowledge, gone }: Open & { readonly gone: Gone },
  cfp: Parameters<Vendor['bid']>[0],
  call: Call,
): Promise<readonly Proposal[] | Refusal> {
  throwIfAborted(call);
  const { name, settings, clock } = account;
  const [stock, prices] = await Promise.all([knowledge.stock(call), knowledge.priceTable(call)]);
  throwIfAborted(call);
  return offersFor(cfp, {
    name,
    settings,
    ...stock,
    prices,
    isGone: (shape, zone) => gone.has(shape, zone),
    conversation: call.conversation,
    nowMs: clock.nowMs(),
  });
}

/** What EC2 said it has no more of: not offered again for a while, so that negotiating again helps. */
class Gone {
  readonly #untilMs = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(shape: string, zone: string): void {
    this.#untilMs.set(`${shape} ${zone}`, this.#clock.nowMs() + limits.ec2GoneMs);
  }

  has(shape: string, zone: string): boolean {
    return (this.#untilMs.get(`${shape} ${zone}`) ?? 0) > this.#clock.nowMs();
  }
}
