import { compile } from '../lcc/compile.ts';
import { InMemoryNet } from '../lcc/in-memory.ts';
import { parseModel } from '../lcc/parser.ts';
import type { Message } from '../lcc/step.ts';
import { migrationTable } from '../migration/constraints.ts';
import { type Datacentre, uneven } from './datacentre.ts';
import { HostAgents, pace } from './host-agents.ts';

export interface DatacentreOptions {
  readonly seed: number;
  /** Default 15. */
  readonly hosts?: number;
  /** Shares of a host's capacity; default over 0.8, under 0.5. */
  readonly over?: number;
  readonly under?: number;
  /** Sees each message when it is sent. */
  readonly onMessage?: (message: Message, atMs: number) => void;
}

export interface Load {
  readonly overloaded: number;
  readonly underloaded: number;
  readonly poweredOff: number;
  /** Of the loads of all hosts that are on. */
  readonly standardDeviation: number;
  readonly highest: number;
}

export interface DatacentreReport {
  readonly hosts: number;
  readonly vms: number;
  readonly before: Load;
  readonly after: Load;
  readonly migrations: number;
  readonly messages: number;
  /** Sent to nobody, or not understood. */
  readonly undelivered: number;
  /** Machines that are nowhere, or in two places, at the end: a fault if not 0. */
  readonly lost: number;
  readonly duplicated: number;
  /** Virtual time until nothing changed any more. */
  readonly settledMs: number;
  /** False: it still changed after an hour. */
  readonly settled: boolean;
}

/**
 * Runs a model of migration on a small, unevenly loaded datacentre in virtual time, until nothing
 * has moved for three minutes or an hour is over. The same text and options give the same report.
 *
 * Every host plays the model's first initial role. Throws what parsing and compiling throw:
 * LCC.SYNTAX, LCC.CONSTRAINT_UNKNOWN, LCC.ROLE_UNKNOWN; and LCC.ROLE_UNKNOWN for a model without an
 * initial role.
 */
export function runDatacentre(modelText: string, options: DatacentreOptions): DatacentreReport {
  const { seed, hosts = 15, over = 0.8, under = 0.5, onMessage } = options;
  const model = parseModel(modelText);
  const program = compile(model, migrationTable);
  const datacentre = uneven({ seed, hosts }, { over, under });
  const before = loadOf(datacentre);
  const vms = datacentre.hosts.flatMap((host) => host.vms.map((vm) => vm.id));
  let messages = 0;
  let undelivered = 0;
  const agents = new HostAgents(datacentre, () => net.nowMs);
  const net: InMemoryNet = new InMemoryNet(program, {
    handlers: agents.handlers(),
    onMessage: (message) => {
      messages += 1;
      onMessage?.(message, net.nowMs);
    },
    onUndelivered: () => {
      undelivered += 1;
    },
  });
  const role = model.roles.find((each) => each.kind === 'initial')?.name ?? '';
  for (const { id } of datacentre.hosts) net.start({ id, role });
  settle(datacentre, agents, net);
  const now = datacentre.hosts.flatMap((host) => host.vms.map((vm) => vm.id));
  return {
    hosts,
    vms: vms.length,
    before,
    after: loadOf(datacentre),
    migrations: agents.migrations,
    messages,
    undelivered,
    lost: vms.filter((vm) => !now.includes(vm)).length,
    duplicated: now.length - new Set(now).size,
    settledMs: agents.changedMs,
    settled: net.nowMs < LONGEST_MS,
  };
}

const QUIET_MS = 180_000;
const LONGEST_MS = 3_600_000;

/** Hosts are measured in turn, evenly spread over the time between two measurements. */
function settle(datacentre: Datacentre, agents: HostAgents, net: InMemoryNet): void {
  const { hosts } = datacentre;
  for (let turn = 0; net.nowMs < LONGEST_MS; turn += 1) {
    if (!agents.isMoving && net.nowMs - agents.changedMs > QUIET_MS) return;
    net.advance(Math.round((turn * pace.measureMs) / hosts.length));
    agents.finish(net);
    const host = hosts[turn % hosts.length];
    if (host !== undefined) agents.measure(host, net);
    net.run();
  }
}

function loadOf(datacentre: Datacentre): Load {
  const on = datacentre.hosts.filter((host) => host.on);
  const loads = on.map((host) => host.load);
  const mean = loads.reduce((all, load) => all + load, 0) / loads.length;
  const variance = loads.reduce((all, load) => all + (load - mean) ** 2, 0) / loads.length;
  return {
    overloaded: on.filter((host) => datacentre.isOverloaded(host)).length,
    underloaded: on.filter((host) => datacentre.isUnderloaded(host)).length,
    poweredOff: datacentre.hosts.length - on.length,
    standardDeviation: Math.sqrt(variance),
    highest: Math.max(...loads),
  };
}
