import type { Instance } from '@aws-sdk/client-ec2';
import type { Call, ContractId } from '../vendor.ts';
import { type Account, allPages } from './account.ts';
import { type OurTags, readTags, tagNames } from './names.ts';

/** One of our machines, as EC2 shows it. */
export interface Machine {
  readonly id: string;
  readonly state: MachineState;
  readonly launchedMs: number;
  readonly zone: string;
  readonly publicAddress?: string;
  readonly privateAddress?: string;
  readonly tags: OurTags;
  /** EC2's word for why it changed its state, such as `Server.InsufficientInstanceCapacity`. */
  readonly reason?: string;
}

/** A machine that can be reached. */
export interface RunningMachine extends Machine {
  readonly privateAddress: string;
}

type MachineState = 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';

/** Machines of one contract, in every state that EC2 still shows. */
export async function machinesOf(
  contract: ContractId,
  account: Account,
  call: Call,
): Promise<readonly Machine[]> {
  const { contract: name } = tagNames(account.settings);
  const found = await find([{ Name: `tag:${name}`, Values: [contract] }], account, call);
  // EC2's filters have wildcards; an id has none.
  return found.filter(({ tags }) => tags.contract === contract);
}

/** All machines of this vendor instance that have not ended. */
export function livingMachines(account: Account, call: Call): Promise<readonly Machine[]> {
  const living = ['pending', 'running', 'stopping', 'stopped'];
  return find([{ Name: 'instance-state-name', Values: living }], account, call);
}

/** It runs, may run again, or is about to: neither ended nor ending. */
export function isLiving({ state }: Machine): boolean {
  return state !== 'terminated' && state !== 'shutting-down';
}

export function isRunning(machine: Machine): machine is RunningMachine {
  return machine.state === 'running' && machine.privateAddress !== undefined;
}

/** The machine that stays when there are several: the earliest, then the lowest id. */
export function earliest(machines: readonly Machine[]): Machine | undefined {
  return machines.toSorted((a, b) => a.launchedMs - b.launchedMs || (a.id < b.id ? -1 : 1))[0];
}

/** Ends machines. Those that EC2 does not know (yet) make the request fail: see providerError. */
export async function terminate(
  ids: readonly string[],
  { ec2 }: Account,
  call: Call,
): Promise<void> {
  if (ids.length === 0) return;
  await ec2.repeat(
    ({ sdk, client }, options) =>
      client.send(new sdk.TerminateInstancesCommand({ InstanceIds: [...ids] }), options),
    call,
  );
}

/** EC2's word for a machine that it does not know, or not yet. */
export const unknownMachine = 'InvalidInstanceID.NotFound';

interface Filter {
  readonly Name: string;
  readonly Values: string[];
}

/** Filters are a convenience of the provider; what is ours is decided by the tags we read. */
async function find(filters: readonly Filter[], account: Account, call: Call): Promise<Machine[]> {
  const { ec2, name, settings, asked } = account;
  const { vendor } = tagNames(settings);
  const Filters = [{ Name: `tag:${vendor}`, Values: [name] }, ...filters];
  const reservations = await allPages(
    (token) =>
      ec2.read(async ({ sdk, client }, options) => {
        const request = new sdk.DescribeInstancesCommand({ ...token, Filters, MaxResults: 1000 });
        const { Reservations: items, NextToken: nextToken } = await client.send(request, options);
        return { items, nextToken };
      }, call),
    asked,
  );
  return reservations
    .flatMap(({ Instances = [] }) => Instances)
    .flatMap((instance) => machineOf(instance, account) ?? []);
}

function machineOf(instance: Instance, { name, settings }: Account): Machine | undefined {
  const tags = readTags(instance.Tags, name, settings);
  const { InstanceId, State, LaunchTime, Placement, StateReason } = instance;
  const state = State?.Name;
  if (tags === undefined || InstanceId === undefined || state === undefined) return undefined;
  const { PublicIpAddress: publicAddress, PrivateIpAddress: privateAddress } = instance;
  const reason = StateReason?.Code ?? '';
  return {
    id: InstanceId,
    state,
    launchedMs: LaunchTime?.getTime() ?? 0,
    zone: Placement?.AvailabilityZone ?? '',
    tags,
    ...(publicAddress === undefined ? {} : { publicAddress }),
    ...(privateAddress === undefined ? {} : { privateAddress }),
    ...(reason === '' ? {} : { reason }),
  };
}
