import { type ContractId, type ConversationId, id } from '../../sla/ids.ts';
import type { Call, HeldContract } from '../vendor.ts';
import type { Account } from './account.ts';
import { earliest, livingMachines, type Machine } from './machines.ts';
import type { OurTags } from './names.ts';
import { templates } from './templates.ts';

/**
 * What EC2 holds for us: contracts that are signed, and machines that have not ended. A machine
 * without its template is held too: it is what a withdrawal that was cut short left behind.
 */
export async function heldContracts(
  account: Account,
  call: Call,
): Promise<readonly HeldContract[]> {
  const [signed, machines] = await Promise.all([
    templates(account, call),
    livingMachines(account, call),
  ]);
  const byContract = Map.groupBy(machines, ({ tags }) => tags.contract);
  const tags = new Map<string, OurTags>();
  for (const one of [...signed, ...machines.map((machine) => machine.tags)]) {
    tags.set(one.contract, one);
  }
  return [...tags.values()].map(({ contract, conversation, objective }) => ({
    id: id<ContractId>(contract),
    conversation: id<ConversationId>(conversation),
    objective,
    state: stateOf(earliest(byContract.get(contract) ?? [])),
  }));
}

function stateOf(machine: Machine | undefined): HeldContract['state'] {
  if (machine === undefined) return 'signed';
  return machine.state === 'running' ? 'running' : 'starting';
}
