/**
 * Starting the contracted machine: look, create, look again, and keep one. EC2 makes one machine
 * per ClientToken; not every EC2-like endpoint does, so what is there decides, not what we sent.
 */
import { type Failure, failure, isFailure } from '../../base/failure.ts';
import { limits } from '../../base/limits.ts';
import type { Call, Contract } from '../vendor.ts';
import { throwIfAborted } from '../vendor-failure.ts';
import type { Account } from './account.ts';
import { createGroup } from './groups.ts';
import { placementOf } from './launch.ts';
import { isLiving, machinesOf, terminate } from './machines.ts';
import { type OurTags, tagsOf } from './names.ts';
import { providerError } from './provider-error.ts';
import { templateOf, templateUnknown } from './templates.ts';

/** The machine that a call created, and when: EC2's lists lag behind. */
export interface Started {
  readonly id: string;
  readonly atMs: number;
}

/** Who asks, and for whom. */
export interface Asking {
  readonly account: Account;
  readonly call: Call;
}

/**
 * Sees that a machine of the contract exists; `undefined` when one was there before. Fails with
 * VENDOR.CONTRACT_UNKNOWN when the contract was withdrawn, VENDOR.CAPACITY_GONE when EC2 has none.
 */
export async function ensureStarted(
  contract: Contract,
  { account, call }: Asking,
): Promise<Started | undefined> {
  const { clock, settings } = account;
  const unknownUntilMs = clock.nowMs() + settings.timeouts.graceMs;
  for (let attempts = 1; ; attempts += 1) {
    const machines = await machinesOf(contract.id, account, call);
    if (machines.some(isLiving)) return undefined;
    const tags = await templateOf(contract.id, account, call);
    try {
      if (tags !== undefined)
        return await run({ contract, tags, ended: machines.length }, account, call);
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      const unclear = mayHaveStarted(thrown) && attempts < limits.ec2Attempts;
      const unknown = templateUnknown.has(providerError(thrown) ?? '');
      if (!unclear && !unknown) throw thrown;
      call.progress(`${contract.id}: looking again after ${thrown.code}`);
    }
    // Signed a moment ago, the template may not be listed or known everywhere yet.
    if (tags === undefined && clock.nowMs() >= unknownUntilMs) throw withdrawn(contract, account);
    await clock.sleep(settings.timeouts.pollMs, call.signal).catch(() => throwIfAborted(call));
  }
}

/** A request whose answer was lost, late or unreadable may have started a machine all the same. */
function mayHaveStarted(thrown: Failure): boolean {
  const unclear = ['VENDOR.UNREACHABLE', 'VENDOR.TIMEOUT', 'VENDOR.REPLY_MALFORMED'];
  // The token was used before with other parameters: a machine of ours exists, or has ended.
  return unclear.includes(thrown.code) || providerError(thrown) === 'IdempotentParameterMismatch';
}

interface Launch {
  readonly contract: Contract;
  /** As the contract was signed, so that whoever repeats the request sends the same one. */
  readonly tags: OurTags;
  /** How many machines of the contract have ended before. */
  readonly ended: number;
}

/** Creates one machine from the contract's template, with its tags, in one request. */
async function run(
  { contract, tags, ended }: Launch,
  account: Account,
  call: Call,
): Promise<Started> {
  const { spread } = tags;
  if (spread !== undefined) await createGroup({ ...tags, spread }, account, call);
  const Tags = tagsOf(tags, account.settings);
  call.progress(`starting a ${contract.proposal.shape} in ${contract.proposal.site}`);
  const { Instances = [] } = await account.ec2.once(
    ({ sdk, client }, options) =>
      client.send(
        new sdk.RunInstancesCommand({
          MinCount: 1,
          MaxCount: 1,
          // A machine that has ended keeps its token: its successor needs another.
          ClientToken: ended === 0 ? contract.id : `${contract.id}-${ended}`,
          LaunchTemplate: { LaunchTemplateName: contract.id, Version: '1' },
          ...placementOf(contract.proposal, account),
          TagSpecifications: [
            { ResourceType: 'instance', Tags },
            { ResourceType: 'volume', Tags },
          ],
        }),
        options,
      ),
    call,
  );
  const id = Instances[0]?.InstanceId;
  if (id !== undefined) return { id, atMs: account.clock.nowMs() };
  throw failure('VENDOR.REPLY_MALFORMED', `vendor ${account.name}: RunInstances named no machine`, {
    retry: 'later',
  });
}

/**
 * A withdrawal that ran meanwhile has deleted the template and then looked for machines; ours may
 * have come after that look. Whoever created a machine therefore looks at the template after it.
 */
export async function endIfWithdrawn(
  contract: Contract,
  started: Started,
  { account, call }: Asking,
): Promise<void> {
  const { clock, settings } = account;
  const untilMs = clock.nowMs() + settings.timeouts.graceMs;
  while ((await templateOf(contract.id, account, call)) === undefined) {
    if (clock.nowMs() >= untilMs) {
      await terminate([started.id], account, call);
      throw withdrawn(contract, account);
    }
    await clock.sleep(settings.timeouts.pollMs, call.signal).catch(() => throwIfAborted(call));
  }
}

export function withdrawn({ id }: Contract, { name }: Account): Error {
  return failure('VENDOR.CONTRACT_UNKNOWN', `vendor ${name} holds no contract ${id}`, {
    facts: { vendor: name, contract: id },
    next: 'it was withdrawn or never signed: negotiate again',
  });
}
