import { createHmac, timingSafeEqual } from 'node:crypto';
import type {
  Binding,
  Call,
  Contract,
  Move,
  MoveOffer,
  MoveProgress,
  Objective,
  Ticket,
} from '../vendor.ts';
import { type Cloud, nowMs, pause, standingOf } from './cloud.ts';
import { alive, bindingOf } from './machines.ts';
import { moveAborted, moveTargetOf } from './move-target.ts';
import { fits } from './room.ts';
import type { MoveRecord } from './rows.ts';
import { freeOn } from './standing.ts';

/**
 * Moving inside one instance: the contract and the machine stay, its host changes.
 *
 *   prepare    holds room on the target host           the guest runs at the source
 *   transfer   copies, and pauses the guest            it is paused at the source
 *   commit     the binding names the target host       it runs at the target
 *   release    frees the room it left                  it runs at the target
 *   discard    frees the room on the target host       as it was: paused, or running
 *   resume     lets a paused guest go on               it runs at the source
 *
 * Each is one transaction, or several of which the last decides; each may be repeated.
 */
const protocol = 'perfcloud/1';

/** Reports of one transfer. */
const reports = 4;
const bytesPerMiB = 1_048_576;

const offer: MoveOffer = { protocol, live: true, downtimeMsEstimate: 50 };

/** A machine that runs here can leave its host; the room elsewhere is for the target to see. */
export async function offersFrom(
  { ledger }: Cloud,
  contract: Contract,
  call: Call,
): Promise<readonly MoveOffer[]> {
  const held = await ledger.database.read(call, () => ledger.held(contract.id));
  return held?.state === 'running' ? [offer] : [];
}

export async function offersTo(
  cloud: Cloud,
  objective: Objective,
  call: Call,
): Promise<readonly MoveOffer[]> {
  const standing = await cloud.ledger.database.read(call, () => standingOf(cloud));
  const room = [...cloud.market.hosts.values()].some(
    (host) => fits(objective, freeOn(host, standing)) > 0,
  );
  return room ? [offer] : [];
}

export async function prepare(cloud: Cloud, move: Move, call: Call): Promise<Ticket> {
  const { ledger } = cloud;
  if (move.source.id !== move.target.id || move.offer.protocol !== protocol) {
    throw moveAborted(`${cloud.name} moves machines between its own hosts only, by ${protocol}`);
  }
  await ledger.database.write(call, () => {
    const known = ledger.move(move.id);
    if (known?.state === 'discarded') throw moveAborted(`move ${move.id} was discarded`);
    if (known !== undefined) return;
    const held = alive(cloud, move.source.id);
    if (held.state !== 'running') throw moveAborted(`${held.id} does not run yet`);
    const other = ledger.openMove(held.id);
    if (other !== undefined) throw moveAborted(`${held.id} is being moved by ${other.id}`);
    const target = moveTargetOf(cloud, held, move.targetHost);
    const { id } = move;
    const record = { id, contract: held.id, source: held.host, target } as const;
    ledger.addMove({ ...record, state: 'prepared' }, nowMs(cloud));
  });
  return ticketOf(cloud, move);
}

/** Ends with the guest paused here. Aborted or failing before that, the guest runs on here. */
export async function* transfer(
  cloud: Cloud,
  { move, ticket }: { readonly move: Move; readonly ticket: Ticket },
  call: Call,
): AsyncIterable<MoveProgress> {
  const { ledger, settings } = cloud;
  const expected = ticketOf(cloud, move);
  if (expected.length !== ticket.length || !timingSafeEqual(expected, ticket)) {
    throw moveAborted(`the ticket is not of move ${move.id}`);
  }
  const { state, held } = await ledger.database.read(call, () => {
    const record = known(cloud, move);
    return { state: record.state, held: alive(cloud, record.contract) };
  });
  const bytesTotal = held.memoryMiB * bytesPerMiB;
  if (state === 'prepared') {
    for (let report = 1; report < reports; report += 1) {
      await pause(cloud, settings.moveMs / reports, call);
      yield { bytesDone: (bytesTotal / reports) * report, bytesTotal, guest: 'running' };
    }
    await pause(cloud, settings.moveMs / reports, call);
  }
  const guest = await ledger.database.write(call, () => {
    const record = known(cloud, move);
    if (record.state === 'prepared') {
      ledger.setMove(move.id, 'paused');
      ledger.setPaused(record.contract, 'paused');
    } else if (record.state === 'committed' || record.state === 'released') return 'arrived';
    else if (record.state === 'discarded') throw moveAborted(`move ${move.id} was discarded`);
    return 'paused';
  });
  yield { bytesDone: bytesTotal, bytesTotal, guest };
}

export async function commit(cloud: Cloud, move: Move, call: Call): Promise<Binding> {
  const { ledger } = cloud;
  const held = await ledger.database.write(call, () => {
    const record = known(cloud, move);
    if (record.state === 'prepared')
      throw moveAborted(`${move.id} was not transferred: it runs on`);
    if (record.state === 'discarded') throw moveAborted(`move ${move.id} was discarded`);
    if (record.state === 'paused') ledger.arrive(record);
    return alive(cloud, record.contract);
  });
  return bindingOf(cloud, held);
}

export async function release({ ledger }: Cloud, move: Move, call: Call): Promise<void> {
  await ledger.database.write(call, () => {
    const record = ledger.move(move.id);
    if (record === undefined || record.state === 'released') return;
    if (record.state !== 'committed') {
      throw moveAborted(`move ${move.id} is ${record.state}: its machine is still here`);
    }
    ledger.setMove(move.id, 'released');
  });
}

/** A move that nobody prepared is noted as well: a process that was stopped may prepare it yet. */
export async function discard(cloud: Cloud, move: Move, call: Call): Promise<void> {
  const { ledger } = cloud;
  await ledger.database.write(call, () => {
    const record = ledger.move(move.id);
    if (record === undefined) {
      const { id, source } = move;
      const nowhere = { id, contract: source.id, source: '', target: '' } as const;
      ledger.addMove({ ...nowhere, state: 'discarded' }, nowMs(cloud));
    } else if (record.state === 'committed' || record.state === 'released') {
      throw moveAborted(`move ${move.id} is ${record.state}: its machine runs at the target`);
    } else ledger.setMove(move.id, 'discarded');
  });
}

/** Before the discard it takes the pause back, so that the move cannot be committed any more. */
export async function resume({ ledger }: Cloud, move: Move, call: Call): Promise<void> {
  await ledger.database.write(call, () => {
    const record = ledger.move(move.id);
    if (record === undefined) return;
    if (record.state === 'committed' || record.state === 'released') {
      throw moveAborted(`move ${move.id} is ${record.state}: its machine runs at the target`);
    }
    if (record.state === 'paused') ledger.setMove(move.id, 'prepared');
    const other = ledger.openMove(record.contract);
    if (other !== undefined && other.id !== record.id) return;
    ledger.setPaused(record.contract, 'running');
  });
}

function known({ ledger, name }: Cloud, move: Move): MoveRecord {
  const record = ledger.move(move.id);
  if (record === undefined) throw moveAborted(`${name} knows no move ${move.id}`);
  return record;
}

/** Says that the move was prepared here; whoever has none cannot pause the machine. */
function ticketOf({ secret }: Cloud, move: Move): Ticket {
  return new Uint8Array(createHmac('sha256', secret).update(`move ${move.id}`).digest());
}
