import { failure } from '../../base/failure.ts';
import type { Call, Contract, ContractId, Proposal } from '../vendor.ts';
import { type Cloud, nowMs, standingOf, unknownContract } from './cloud.ts';
import { type Strikes, strikes } from './faults.ts';
import type { Room } from './room.ts';
import { contractIdOf, type Sealed, type Terms, unseal } from './seal.ts';
import { hostsOpenTo, tightest } from './standing.ts';

/**
 * Signs one machine of a proposal and holds its room, in one transaction. What is signed already is
 * answered as it is (V5), also after the proposal's expiry; what was withdrawn stays withdrawn, so
 * that a process that was stopped in between cannot bring a machine back.
 */
export async function accept(
  cloud: Cloud,
  { proposal, unit, met }: { proposal: Proposal; unit: number; met: Strikes },
  call: Call,
): Promise<Contract> {
  const sealed = sealedBy(cloud, proposal);
  if (!Number.isSafeInteger(unit) || unit < 0 || unit >= proposal.units) {
    throw gone(`unit ${unit} of a proposal for ${proposal.units} machines`, proposal);
  }
  const id = contractIdOf(proposal.id, unit);
  const { ledger } = cloud;
  const answer = await ledger.database.write(call, () => {
    const held = ledger.held(id);
    if (held !== undefined && held.state !== 'ending') return 'held';
    if (held !== undefined || ledger.isWithdrawn(id)) throw unknownContract(id, cloud.name);
    if (strikes(met, 'price-moved')) throw priceMoved(proposal, proposal.pricePerHour.micros * 1.1);
    if (nowMs(cloud) > Math.min(sealed.validUntilMs, proposal.validUntilMs))
      throw expired(proposal);
    sign(cloud, { id, proposal, terms: sealed.terms }, call);
    return 'signed';
  });
  if (strikes(met, 'forgets')) await ledger.database.write(call, () => ledger.forget(id));
  if (answer === 'signed') call.progress(`${proposal.objective}: ${proposal.shape} signed`);
  return { id, proposal, unit };
}

function sign(
  cloud: Cloud,
  { id, proposal, terms }: { id: ContractId; proposal: Proposal; terms: Terms },
  call: Call,
): void {
  const { ledger, market } = cloud;
  const { objective, offered, site } = proposal;
  const { cpus, memoryMiB, diskGiB, networkMbps = 0 } = offered;
  const machine: Room = { cpus, memoryMiB, diskGiB };
  const pool = market.pools.find(
    (one) => one.site.name === site && one.class.class === terms.class,
  );
  const siblings = ledger.siblings(call.conversation, objective);
  const open = hostsOpenTo(pool?.hosts ?? [], terms.apart, siblings);
  const host = tightest(open, machine, standingOf(cloud));
  if (host === undefined) {
    const where = `${open.length} hosts of ${site}/${terms.class}`;
    throw gone(
      `${cpus} vCPUs and ${memoryMiB} MiB on none of the ${where} that may be used`,
      proposal,
    );
  }
  ledger.sign({
    ...machine,
    id,
    conversation: call.conversation,
    objective,
    site,
    host: host.name,
    class: terms.class,
    apart: terms.apart,
    networkMbps,
    slot: ledger.freeSlot(),
    signedMs: nowMs(cloud),
  });
}

function sealedBy(cloud: Cloud, proposal: Proposal): Sealed {
  const sealed = unseal(proposal, cloud.secret);
  if (sealed === undefined) {
    throw failure('VENDOR.PROPOSAL_EXPIRED', `${cloud.name} does not know this proposal any more`, {
      facts: { proposal: proposal.id, objective: proposal.objective },
      next: 'negotiate again: it was changed on its way, or the state of the vendor was replaced',
    });
  }
  if (sealed.micros !== proposal.pricePerHour.micros) throw priceMoved(proposal, sealed.micros);
  return sealed;
}

function expired(proposal: Proposal): Error {
  const until = new Date(proposal.validUntilMs).toISOString();
  return failure('VENDOR.PROPOSAL_EXPIRED', `the proposal was valid until ${until}`, {
    facts: { proposal: proposal.id, objective: proposal.objective },
    next: 'negotiate again',
  });
}

function priceMoved({ pricePerHour, objective }: Proposal, nowMicros: number): Error {
  const { micros, currency } = pricePerHour;
  const rounded = Math.ceil(nowMicros);
  const words = `${micros / 1e6} ${currency}/h was accepted, the price is ${rounded / 1e6} ${currency}/h`;
  return failure('VENDOR.PRICE_MOVED', words, {
    facts: { objective, currency, acceptedMicros: micros, nowMicros: rounded },
    next: 'negotiate again',
  });
}

function gone(what: string, { objective, site, shape }: Proposal): Error {
  return failure('VENDOR.CAPACITY_GONE', what, {
    facts: { objective, site, shape },
    next: 'negotiate again',
  });
}
