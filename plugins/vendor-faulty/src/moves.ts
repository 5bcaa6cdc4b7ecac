import {
  type Binding,
  type Call,
  failure,
  type Move,
  type MoveOffer,
  type MoveProgress,
  type MoveSource,
  type MoveTarget,
  throwIfAborted,
} from 'skypact/vendor';
import { type Cloud, type Deal, machineOf, type Passage, work } from './cloud.ts';

const offer: MoveOffer = { protocol: 'faulty/1', live: true, downtimeMsEstimate: 5 };

/** The side a machine leaves, correctly: paused when the transfer ends, running when it throws. */
export function moveSource(cloud: Cloud): MoveSource {
  return {
    async offers(contract, call) {
      await work(1, call);
      return cloud.deals.get(contract.id)?.state === 'running' ? [offer] : [];
    },
    transfer: (move, _ticket, call) => transfer(move, call, cloud),
    async release({ id }, call) {
      await work(1, call);
      const passage = cloud.passages.get(id);
      if (passage?.state !== 'committed') return;
      for (const copy of cloud.copiesOf(passage.contract)) {
        if (copy.host === passage.from) cloud.copies.delete(copy);
      }
      passage.state = 'released';
    },
    async resume({ source }, call) {
      await work(1, call);
      const deal = cloud.deals.get(source.id);
      for (const copy of cloud.copiesOf(source.id)) copy.running = copy.host === deal?.host;
    },
  };
}

/** The side a machine arrives at: inside one vendor that is another host for the same contract. */
export function moveTarget(cloud: Cloud): MoveTarget {
  return {
    async offers(_objective, call) {
      await work(1, call);
      return [offer];
    },
    async prepare(move, call) {
      await work(1, call);
      if (!cloud.passages.has(move.id)) cloud.passages.set(move.id, passageFor(move, cloud));
      return new TextEncoder().encode(`token for ${move.id}`);
    },
    async commit(move, call) {
      await work(1, call);
      return commit(move, cloud);
    },
    async discard({ id }, call) {
      await work(1, call);
      const state = cloud.passages.get(id)?.state;
      if (state === 'prepared' || state === 'paused') cloud.passages.delete(id);
    },
  };
}

async function* transfer(move: Move, call: Call, cloud: Cloud): AsyncIterable<MoveProgress> {
  throwIfAborted(call);
  const passage = passageOf(move, cloud);
  if (passage.state === 'committed' || passage.state === 'released') {
    yield { bytesDone: 100, bytesTotal: 100, guest: 'arrived' };
    return;
  }
  for (const bytesDone of [0, 50, 100]) {
    await work(3, call);
    yield { bytesDone, bytesTotal: 100, guest: 'running' };
  }
  throwIfAborted(call);
  for (const copy of cloud.copiesOf(passage.contract)) copy.running = false;
  passage.state = 'paused';
  yield { bytesDone: 100, bytesTotal: 100, guest: 'paused' };
}

function commit(move: Move, cloud: Cloud): Binding {
  const passage = passageOf(move, cloud);
  const deal = dealOf(move, cloud);
  if (passage.state === 'prepared') {
    throw failure('VENDOR.MOVE_ABORTED', `move ${move.id} has not been transferred`);
  }
  if (passage.state === 'paused') {
    const machine = machineOf(passage.contract);
    cloud.copies.add({ machine, contract: passage.contract, host: passage.to, running: true });
    deal.host = passage.to;
    passage.state = 'committed';
  }
  return cloud.bindingOf(deal);
}

function passageFor(move: Move, cloud: Cloud): Passage {
  const { host, contract } = dealOf(move, cloud);
  if (move.offer.protocol !== offer.protocol) {
    throw failure('VENDOR.MOVE_ABORTED', `protocol ${move.offer.protocol} is not spoken here`);
  }
  const { offered } = contract.proposal;
  const wanted = move.targetHost ?? cloud.roomFor(offered, [host])?.name;
  const others = cloud.hostsNow().filter(({ name }) => name !== wanted);
  const room = cloud.roomFor(offered, [host, ...others.map(({ name }) => name)]);
  if (room === undefined) throw failure('VENDOR.CAPACITY_GONE', `no room on host ${wanted}`);
  return { contract: contract.id, from: host, to: room.name, state: 'prepared' };
}

function passageOf({ id }: Move, cloud: Cloud): Passage {
  const passage = cloud.passages.get(id);
  if (passage !== undefined) return passage;
  throw failure('VENDOR.MOVE_ABORTED', `move ${id} was not prepared`);
}

function dealOf({ source }: Move, cloud: Cloud): Deal {
  const deal = cloud.deals.get(source.id);
  if (deal !== undefined) return deal;
  throw failure('VENDOR.CONTRACT_UNKNOWN', `no contract ${source.id} is held`);
}
