/**
 * A driver in a process of its own, for suites that kill it: does the steps it is given, in turn,
 * and writes what came of them as one JSON line.
 *
 *   node test/lab/ec2-child.ts '{"settings": …, "proposal": …, "steps": ["sign", "bind"]}'
 */
import { type ConversationId, id } from '../../src/sla/ids.ts';
import type { Binding, Contract, Proposal } from '../../src/vendors/vendor.ts';
import { callOf, openEc2 } from './ec2-lab.ts';

export interface ChildTask {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly conversation: string;
  readonly proposal: Proposal;
  /** `withdraw` withdraws what `sign` would sign. */
  readonly steps: readonly ('sign' | 'bind' | 'withdraw')[];
  /** The contract, when nothing is signed here. */
  readonly contract?: Contract;
}

export interface ChildResult {
  readonly contract?: Contract;
  readonly binding?: Binding;
}

if (import.meta.main) process.stdout.write(JSON.stringify(await run(process.argv[2] ?? '')));

async function run(text: string): Promise<ChildResult> {
  const { settings, conversation, proposal, steps, contract: given }: ChildTask = JSON.parse(text);
  const call = callOf({ conversation: id<ConversationId>(conversation) });
  await using vendor = await openEc2(settings);
  let contract = given;
  let binding: Binding | undefined;
  for (const step of steps) {
    if (step === 'sign') contract = await vendor.accept(proposal, 0, call);
    if (contract === undefined) throw new Error(`${step} without a contract`);
    if (step === 'bind') binding = await vendor.bind(contract, call);
    if (step === 'withdraw') await vendor.withdraw(contract.id, call);
  }
  return {
    ...(contract === undefined ? {} : { contract }),
    ...(binding === undefined ? {} : { binding }),
  };
}
