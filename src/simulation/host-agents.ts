import type { Answer } from '../lcc/constraint.ts';
import type { Asked, Handler, InMemoryNet } from '../lcc/in-memory.ts';
import { list, listItems, type Term } from '../lcc/term.ts';
import type { Datacentre, Host, Vm } from './datacentre.ts';
import { vmOf, vmTerm } from './datacentre.ts';

/** How long things take in the small datacentre. */
export const pace = {
  /** Each host is measured so often. */
  measureMs: 1_000,
  migrationMs: 2_000,
  /** Held room is given back after this when nothing comes. */
  holdMs: 60_000,
  /** A host that could not be emptied is not tried again before. */
  retryMs: 60_000,
} as const;

/** The largest machine there is: how much room is held when the sender may choose. */
const LARGEST_VM = 0.25;

const no: Answer = { no: true };

function yes(...outputs: readonly Term[]): Answer {
  return { yes: outputs };
}

interface Migration {
  readonly vm: Vm;
  readonly from: Host;
  readonly to: Host;
  readonly asked: Asked;
  readonly doneMs: number;
}

/** Answers what host agents ask, on behalf of a datacentre whose time is the net's. */
export class HostAgents {
  migrations = 0;
  /** When a machine moved or a host was powered off last. */
  changedMs = 0;
  private readonly datacentre: Datacentre;
  private readonly now: () => number;
  /** By host: the newest question of each sensor. */
  private readonly sensors = new Map<string, Map<string, Asked>>();
  private readonly retryAtMs = new Map<string, number>();
  private underway: readonly Migration[] = [];
  private requests = 0;

  constructor(datacentre: Datacentre, now: () => number) {
    this.datacentre = datacentre;
    this.now = now;
  }

  get isMoving(): boolean {
    return this.underway.length > 0;
  }

  handlers(): ReadonlyMap<string, Handler> {
    const sensor: Handler = (asked) => this.remember(asked);
    return new Map<string, Handler>([
      ['isOverloaded/1', sensor],
      ['isUnderloaded/1', sensor],
      ['isBalanced/0', sensor],
      ['noLongerUnderloaded/0', sensor],
      ['shouldEvacuate/1', sensor],
      ['newRequest/1', ({ agent }) => yes(this.newRequest(agent))],
      ['selectVm/2', (asked) => this.selectVm(asked)],
      ['bestFit/4', (asked) => this.bestFit(asked)],
      ['freeCapacity/1', ({ agent }) => yes(this.roomOf(this.host(agent)))],
      ['reserve/3', (asked) => this.reserve(asked)],
      ['hold/2', (asked) => this.hold(asked)],
      ['takeIn/2', (asked) => (this.host(asked.agent).isEmpty ? no : this.hold(asked))],
      ['release/1', (asked) => this.release(asked)],
      ['migrate/3', (asked) => this.migrate(asked)],
      ['powerOff/0', ({ agent }) => this.powerOff(this.host(agent))],
    ]);
  }

  /** Lets migrations arrive that are due by now. */
  finish(net: InMemoryNet): void {
    const due = this.underway.filter(({ doneMs }) => doneMs <= this.now());
    this.underway = this.underway.filter((migration) => !due.includes(migration));
    for (const { vm, from, to, asked } of due) {
      from.leave(vm);
      to.arrive(vm);
      this.migrations += 1;
      this.changedMs = this.now();
      net.answer(asked.agent, asked.ask, yes());
    }
  }

  /** Measures a host: whichever of its sensors has something to say answers. */
  measure(host: Host, net: InMemoryNet): void {
    const sensors = this.sensors.get(host.id);
    for (const asked of sensors?.values() ?? []) {
      const answer = this.reading(host, asked.name);
      if (answer === undefined) continue;
      sensors?.delete(asked.name);
      net.answer(asked.agent, asked.ask, answer);
      return;
    }
  }

  private reading(host: Host, sensor: string): Answer | undefined {
    const { datacentre } = this;
    const over = datacentre.isOverloaded(host);
    const under = datacentre.isUnderloaded(host);
    switch (sensor) {
      case 'isOverloaded':
        return over ? yes(host.load - datacentre.thresholds.over) : undefined;
      case 'isUnderloaded':
        return under ? yes(this.roomOf(host)) : undefined;
      case 'isBalanced':
        return over || under ? undefined : yes();
      case 'noLongerUnderloaded':
        return under ? undefined : yes();
      case 'shouldEvacuate':
        return this.evacuation(host);
      default:
        return undefined;
    }
  }

  private evacuation(host: Host): Answer | undefined {
    const retryAtMs = this.retryAtMs.get(host.id) ?? 0;
    const worthIt = this.datacentre.isUnderloaded(host) && host.held(this.now()) === 0;
    if (!worthIt || this.now() < retryAtMs) return undefined;
    this.retryAtMs.set(host.id, this.now() + pace.retryMs);
    const largestFirst = host.vms.toSorted((a, b) => b.load - a.load);
    return yes(list(largestFirst.map(vmTerm)));
  }

  private remember(asked: Asked): undefined {
    const sensors = this.sensors.get(asked.agent) ?? new Map<string, Asked>();
    this.sensors.set(asked.agent, sensors);
    sensors.delete(asked.name);
    sensors.set(asked.name, asked);
    return undefined;
  }

  private newRequest(agent: string): string {
    this.requests += 1;
    return `${agent}-${this.requests}`;
  }

  private selectVm({ agent, args: [room] }: Asked): Answer {
    const host = this.host(agent);
    const vm = this.datacentre.vmToMove(host, numberOf(room));
    return vm === undefined ? no : yes(vmTerm(vm));
  }

  /** The machine that is best to move, to where the most room is: that evens the loads out. */
  private bestFit({ agent, args: [, bids] }: Asked): Answer {
    const host = this.host(agent);
    const rooms = (listItems(bids ?? '') ?? []).flatMap(bidOf);
    const most = Math.max(0, ...rooms.map(({ room }) => room));
    const vm = this.datacentre.vmToMove(host, most);
    if (vm === undefined) return no;
    const best = rooms.find(({ room }) => room === most);
    return best === undefined ? no : yes(best.peer, vmTerm(vm));
  }

  private reserve({ agent, args: [request, need] }: Asked): Answer {
    const host = this.host(agent);
    const spare = Math.min(this.roomOf(host), Math.max(numberOf(need), LARGEST_VM));
    if (spare <= 0 || !this.datacentre.isUnderloaded(host)) return no;
    host.hold(String(request), spare, this.now() + pace.holdMs);
    return yes(spare);
  }

  private hold({ agent, args: [request, vm] }: Asked): Answer {
    const host = this.host(agent);
    const load = vmOf(vm)?.load ?? Number.POSITIVE_INFINITY;
    if (load > this.roomOf(host)) return no;
    host.hold(String(request), load, this.now() + pace.holdMs);
    return yes();
  }

  private release({ agent, args: [request] }: Asked): Answer {
    this.host(agent).release(String(request));
    return yes();
  }

  /** Answered when the machine has arrived. */
  private migrate(asked: Asked): Answer | undefined {
    const [request, term, peer] = asked.args;
    const from = this.host(asked.agent);
    const to = this.host(String(peer));
    const vm = vmOf(term);
    if (vm === undefined || !this.datacentre.canMove(vm, from, to)) return no;
    to.expect(String(request), vm);
    const doneMs = this.now() + pace.migrationMs;
    this.underway = [...this.underway, { vm, from, to, asked, doneMs }];
    return undefined;
  }

  private powerOff(host: Host): Answer {
    if (!host.on || !host.isEmpty || host.held(this.now()) > 0) return no;
    host.on = false;
    this.changedMs = this.now();
    return yes();
  }

  private roomOf(host: Host): number {
    return this.datacentre.roomOf(host, this.now());
  }

  private host(id: string): Host {
    return this.datacentre.host(id);
  }
}

function bidOf(term: Term): readonly { readonly peer: Term; readonly room: number }[] {
  if (typeof term !== 'object' || term.kind !== 'struct') return [];
  const [peer, room] = term.args;
  return peer === undefined ? [] : [{ peer, room: numberOf(room) }];
}

function numberOf(term: Term | undefined): number {
  return typeof term === 'number' ? term : 0;
}
