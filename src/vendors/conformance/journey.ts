import assert from 'node:assert/strict';
import { id, type MoveId } from '../../sla/ids.ts';
import type {
  Binding,
  Call,
  Move,
  MoveProgress,
  MoveSource,
  MoveTarget,
  Ticket,
} from '../vendor.ts';
import { type Bench, stored } from './bench.ts';

/** A machine about to move inside one vendor instance, and where it is seen to run. */
export class Journey {
  readonly bench: Bench;
  readonly move: Move;
  readonly call: Call;
  /** Where the machine ran to begin with. */
  readonly binding: Binding;

  private constructor(bench: Bench, move: Move, { call, binding }: Departure) {
    this.bench = bench;
    this.move = move;
    this.call = call;
    this.binding = binding;
  }

  /** Starts a machine and finds a way for it to move; fails when there is none. */
  static async from(bench: Bench): Promise<Journey> {
    const { contract, binding, call } = await bench.machine();
    const ways = await sourceOf(bench).offers(contract, call);
    const arrivals = await targetOf(bench).offers(bench.possible().objective, call);
    const offer = ways.find(({ protocol }) => arrivals.some((way) => way.protocol === protocol));
    assert.ok(offer, 'no way out is also a way in');
    const targetHost = await roomFor(binding, bench);
    const move = {
      id: id<MoveId>(`move-${crypto.randomUUID()}`),
      source: contract,
      target: contract,
      offer,
      ...(targetHost === undefined ? {} : { targetHost }),
    };
    return new Journey(bench, stored(move), { call, binding });
  }

  get source(): MoveSource {
    return sourceOf(this.bench);
  }

  get target(): MoveTarget {
    return targetOf(this.bench);
  }

  async prepare(): Promise<Ticket> {
    return Uint8Array.from(await this.target.prepare(this.move, this.call));
  }

  /** Transfers the machine, looking at every report where it runs; gives the last report's word. */
  async transfer(ticket: Ticket, call: Call = this.call): Promise<MoveProgress['guest']> {
    let guest: MoveProgress['guest'] = 'running';
    for await (const report of this.source.transfer(this.move, ticket, call)) {
      guest = report.guest;
      await this.runsOnceAtMost(`when it is ${guest}`);
    }
    return guest;
  }

  /** After a transfer: the machine runs at the target, and nothing of it is left at the source. */
  async arrive(): Promise<Binding> {
    await this.runsOnceAtMost('before commit');
    const binding = stored(await this.target.commit(this.move, this.call));
    await this.runsOnceAtMost('after commit');
    await this.source.release(this.move, this.call);
    return binding;
  }

  /** After a transfer that did not arrive: the machine runs at the source as before. */
  async giveUp(): Promise<void> {
    await this.target.discard(this.move, this.call);
    await this.runsOnceAtMost('after discard');
    await this.source.resume(this.move, this.call);
  }

  async runsOnceAtMost(when: string): Promise<void> {
    const places = await this.places();
    assert.ok(places.length <= 1, `${when} it runs on ${places.join(' and ')}`);
  }

  /** Fails unless the machine runs on exactly one host, is on, and is bound there. */
  async runsAt(binding: Binding): Promise<void> {
    const { bench, call, move } = this;
    assert.deepEqual(await this.places(), [binding.host ?? ''], 'hosts on which it runs');
    assert.deepEqual(stored(await bench.vendor.bind(move.source, call)), binding, 'its binding');
    const power = await Array.fromAsync(bench.vendor.measure([binding], ['power'], call));
    assert.deepEqual(
      power.map(({ value }) => value),
      [1],
      'its power',
    );
    await bench.holds([move.source]);
  }

  /** The hosts on which the machine is: by the provider's word if the subject has it. */
  async places(): Promise<readonly string[]> {
    const { bench, binding, move } = this;
    if (bench.subject.machines === undefined) {
      const hosts = await bench.hosts();
      return hosts.flatMap(({ name, contracts }) =>
        contracts.filter((carried) => carried === move.source.id).map(() => name),
      );
    }
    const seen = await bench.machines();
    return seen
      .filter(({ machine, running }) => machine === binding.machine && running)
      .map(({ host = '' }) => host);
  }
}

interface Departure {
  readonly call: Call;
  readonly binding: Binding;
}

function sourceOf({ vendor }: Bench): MoveSource {
  assert.ok(vendor.moveSource, 'it has no role moveSource');
  return vendor.moveSource;
}

function targetOf({ vendor }: Bench): MoveTarget {
  assert.ok(vendor.moveTarget, 'it has no role moveTarget');
  return vendor.moveTarget;
}

/** Another host of the same site with room; `undefined` when the vendor does not show its hosts. */
async function roomFor(binding: Binding, bench: Bench): Promise<string | undefined> {
  if (!bench.subject.roles.includes('hosts')) return undefined;
  const { cpus, memoryMiB } = bench.possible().objective;
  const room = (await bench.hosts()).find(
    (host) =>
      host.name !== binding.host &&
      host.site === binding.site &&
      host.cpus - host.cpusUsed >= cpus &&
      host.memoryMiB - host.memoryMiBUsed >= memoryMiB,
  );
  assert.ok(room, `no host but ${binding.host} has room at ${binding.site}`);
  return room.name;
}
