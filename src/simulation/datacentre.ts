import { struct, type Term } from '../lcc/term.ts';
import { seeded } from './random.ts';

/** A share of one host's capacity. */
export type Load = number;

export interface Vm {
  readonly id: string;
  readonly load: Load;
}

export interface Thresholds {
  readonly over: Load;
  readonly under: Load;
}

/**
 * A small datacentre: hosts with machines whose load does not change. It keeps account of what is
 * on its way and what room is held, so that nothing is overfilled, lost or there twice.
 */
export class Datacentre {
  readonly hosts: readonly Host[];
  readonly thresholds: Thresholds;

  constructor(hosts: readonly Host[], thresholds: Thresholds) {
    this.hosts = hosts;
    this.thresholds = thresholds;
  }

  /** Throws a RangeError for a host that there is not: host names come from the directory. */
  host(id: string): Host {
    const host = this.hosts.find((each) => each.id === id);
    if (host === undefined) throw new RangeError(`no host ${id}`);
    return host;
  }

  /** Room for more before the host is overloaded; none when it is off. */
  roomOf(host: Host, nowMs: number): Load {
    return host.on ? Math.max(0, this.thresholds.over - host.load - host.held(nowMs)) : 0;
  }

  isOverloaded(host: Host): boolean {
    return host.load > this.thresholds.over + ROUNDING;
  }

  isUnderloaded(host: Host): boolean {
    return host.on && host.load < this.thresholds.under;
  }

  /**
   * The smallest machine whose leaving is enough, or else the largest that fits into the room;
   * `undefined` when none fits, or none need leave.
   */
  vmToMove(host: Host, room: Load): Vm | undefined {
    if (!this.isOverloaded(host)) return undefined;
    const excess = host.load - this.thresholds.over;
    const fitting = host.vms.filter((vm) => vm.load <= room).sort((a, b) => a.load - b.load);
    return fitting.find((vm) => vm.load >= excess) ?? fitting.at(-1);
  }

  /** Takes a machine from one host to another; false when it is not there, or would not fit. */
  canMove(vm: Vm, from: Host, to: Host): boolean {
    const isHere = from.vms.some((each) => each.id === vm.id);
    return isHere && to.on && to !== from && to.load + vm.load <= this.thresholds.over + ROUNDING;
  }
}

/** Sums of loads differ in their last digits by the order of adding. */
const ROUNDING = 1e-9;

export class Host {
  readonly id: string;
  on = true;
  vms: readonly Vm[];
  private readonly room = new Map<string, { readonly load: Load; readonly untilMs: number }>();
  /** On their way here. */
  private readonly coming = new Map<string, Vm>();

  constructor(id: string, vms: readonly Vm[]) {
    this.id = id;
    this.vms = vms;
  }

  /** With what is on its way here. */
  get load(): Load {
    return sum(this.vms) + sum([...this.coming.values()]);
  }

  get isEmpty(): boolean {
    return this.vms.length === 0 && this.coming.size === 0;
  }

  held(nowMs: number): Load {
    let held = 0;
    for (const { load, untilMs } of this.room.values()) held += untilMs > nowMs ? load : 0;
    return held;
  }

  hold(request: string, load: Load, untilMs: number): void {
    this.room.set(request, { load, untilMs });
  }

  release(request: string): void {
    this.room.delete(request);
  }

  /** A machine sets out for this host: its room is no longer held but taken. */
  expect(request: string, vm: Vm): void {
    this.release(request);
    this.coming.set(vm.id, vm);
  }

  arrive(vm: Vm): void {
    this.coming.delete(vm.id);
    this.vms = [...this.vms, vm];
  }

  leave(vm: Vm): void {
    this.vms = this.vms.filter((each) => each.id !== vm.id);
  }
}

export interface Shape {
  readonly seed: number;
  readonly hosts: number;
}

/**
 * 53 to 57 machines of load 0.05 to 0.25 for 15 hosts, or as many in proportion; unevenly placed,
 * so that some hosts are overloaded and some nearly empty.
 */
export function uneven({ seed, hosts }: Shape, thresholds: Thresholds): Datacentre {
  const random = seeded(seed);
  const count = Math.round(((53 + Math.floor(random() * 5)) * hosts) / 15);
  const liking = Array.from({ length: hosts }, () => 0.3 + random() ** 2);
  const upTo = liking.map((_, index) => liking.slice(0, index + 1).reduce((a, b) => a + b, 0));
  const pick = (): number => {
    const at = random() * (upTo.at(-1) ?? 0);
    return upTo.findIndex((end) => at < end);
  };
  const placed = Array.from({ length: count }, (_, index) => ({
    host: pick(),
    vm: { id: `vm${index + 1}`, load: 0.05 + 0.2 * random() },
  }));
  const all = Array.from({ length: hosts }, (_, index) => {
    const vms = placed.filter(({ host }) => host === index).map(({ vm }) => vm);
    return new Host(`host${index + 1}`, vms);
  });
  return new Datacentre(all, thresholds);
}

/** `vm(Id, Load)`, as models pass it on. */
export function vmTerm(vm: Vm): Term {
  return struct('vm', vm.id, vm.load);
}

export function vmOf(term: Term | undefined): Vm | undefined {
  if (typeof term !== 'object' || term.kind !== 'struct' || term.name !== 'vm') return undefined;
  const [id, load] = term.args;
  return typeof id === 'string' && typeof load === 'number' ? { id, load } : undefined;
}

function sum(vms: readonly Vm[]): Load {
  let load = 0;
  for (const vm of vms) load += vm.load;
  return load;
}
