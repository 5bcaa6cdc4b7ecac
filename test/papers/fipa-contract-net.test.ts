/**
 * FIPA's contract net (SC00029), its iterated form (SC00030) and brokering (SC00033) as
 * negotiation.lcc plays them. The Initiator is the mediator while it calls and the negotiator when
 * it accepts; each vendor's agent is a Participant.
 */
import { expect, test } from 'vitest';
import { type TraceEntry, traceOf } from '../../src/agency/trace.ts';
import type { Message } from '../../src/lcc/step.ts';
import { signal, small } from '../support/office.ts';
import { type Alter, type Played, played, type Rehearsal, unknown } from './rehearsal.ts';

const db = { db: small };
const two = { east: {}, west: { seed: 2 } };

test('SC00029 I0: the start sends a cfp with a reply-by to every vendor, in one conversation', async () => {
  await using run = await asked({ objectives: db, vendors: two });
  const calls = (await entries(run)).filter(({ performative }) => performative === 'cfp');
  const [fromClient, ...fromMediator] = calls;
  expect(fromClient?.receiver).toBe('negotiator');
  expect(fromMediator.map(({ receiver }) => receiver)).toEqual([
    'vendor:east:db',
    'vendor:west:db',
  ]);
  for (const call of fromMediator) expect(call['reply-by']).toMatch(/^\d{8}T\d{9}Z$/);
  expect(new Set(calls.map((call) => call['conversation-id'])).size).toBe(1);
});

test('SC00029 I1: a propose in time is kept', async () => {
  await using run = await asked({ objectives: db });
  expect(await run.said()).toContain('propose vendor:east:db>mediator');
  expect(run.sla.composite.parts.map(({ proposal }) => proposal.vendor)).toEqual(['east']);
});

test('SC00029 I1: a refuse is no bid, and the others go on', async () => {
  const vendors = { east: { faults: [{ kind: 'refuses', on: 'bid' }] }, west: {} };
  await using run = await asked({ objectives: db, vendors });
  expect(await run.said()).toContain('refuse vendor:east:db>mediator');
  expect(run.sla.composite.parts.map(({ proposal }) => proposal.vendor)).toEqual(['west']);
});

test('SC00029 I1: a not-understood is no bid, and ends nothing for the others', async () => {
  const alter = unknown('cfp', 'caller');
  await using run = await asked({ objectives: db, vendors: two, alter });
  expect(await run.said()).toContain('not_understood vendor:east:db>mediator');
  expect(run.sla.composite.parts.map(({ proposal }) => proposal.vendor)).toEqual(['west']);
});

test('SC00029 I1: a vendor that fails is no bid', async () => {
  const vendors = { east: { faults: [{ kind: 'unreachable', on: 'bid' }] }, west: {} };
  await using run = await asked({ objectives: db, vendors });
  expect(run.sla.composite.parts.map(({ proposal }) => proposal.vendor)).toEqual(['west']);
});

test('SC00029 I1: when the reply-by has passed, a later propose is rejected as late', async () => {
  const alter = heldUntil('propose', 'vendor:west:db', 'reply_message_sub_protocol');
  await using run = await asked({ objectives: db, vendors: two, alter });
  expect(run.sla.composite.parts.map(({ proposal }) => proposal.vendor)).toEqual(['east']);
  const late = (await entries(run)).filter(({ receiver }) => receiver === 'vendor:west:db').at(-1);
  expect([late?.performative, late?.summary]).toEqual(['reject-proposal', 'late']);
  const record = (await run.office.store.vendorRecords()).find(({ vendor }) => vendor === 'west');
  expect([record?.proposed, record?.late]).toEqual([0, 1]);
});

test('SC00029 I2: who is selected gets accept-proposal, every other proposer reject-proposal', async () => {
  const vendors = { east: {}, west: { seed: 2 }, north: { seed: 3 } };
  await using run = await agreed({ objectives: db, vendors });
  const winner = run.sla.machines[0]?.vendor;
  const said = await run.said();
  for (const vendor of ['east', 'west', 'north']) {
    const answer = vendor === winner ? 'accept_proposal' : 'reject_proposal';
    const heard = said.filter((line) => line.endsWith(`>vendor:${vendor}:db`));
    expect(heard.map((line) => line.split(' ')[0])).toEqual(
      vendor === winner ? ['cfp', answer, 'request'] : ['cfp', answer],
    );
  }
});

test('SC00029 I3: inform-done ends the contract net', async () => {
  await using run = await agreed({ objectives: db });
  expect(await run.said()).toContain('inform_done vendor:east:db>negotiator');
  expect(run.sla.state).toBe('ready');
});

test('SC00029 I3: a failure ends it for that participant', async () => {
  const vendors = { east: { faults: [{ kind: 'price-moved', on: 'accept' }] } };
  await using run = await agreed({ objectives: db, vendors });
  expect(await run.said()).toContain('failure vendor:east:db>negotiator');
  expect(run.sla.state).toBe('expired');
  expect(await run.held()).toBe(0);
});

test('SC00029 any state: a cancel is answered by inform-done', async () => {
  await using run = await agreed({ objectives: db });
  const ended = await run.office.agency.withdraw(run.sla, {}, signal);
  const conversations = await traceOf(run.office.store, run.sla.id, { content: 'without' });
  const withdrawal = conversations.at(-1)?.messages.map((entry) => entry.performative);
  expect(withdrawal).toEqual(['request', 'cancel', 'inform-done', 'inform-done']);
  expect(ended.state).toBe('ended');
});

test('SC00029 any state: a cancel that fails is answered by failure, and all stays as it was', async () => {
  const vendors = { east: { faults: [{ kind: 'unreachable', on: 'withdraw', times: 4 }] } };
  await using run = await agreed({ objectives: db, vendors });
  const stuck = await run.office.agency.withdraw(run.sla, {}, signal);
  expect(stuck.machines.map(({ state }) => state)).toEqual(['withdrawing']);
  expect(await run.held()).toBe(1);
});

test('SC00029 P0: a cfp is answered by propose or by refuse', async () => {
  const vendors = { east: {}, west: { images: ['plan-9'] } };
  await using run = await asked({ objectives: db, vendors });
  const said = await run.said();
  expect(said).toContain('propose vendor:east:db>mediator');
  expect(said).toContain('refuse vendor:west:db>mediator');
});

test('SC00029 P1: accept-proposal is performed, reject-proposal releases', async () => {
  await using run = await agreed({ objectives: db, vendors: two });
  expect(await run.held()).toBe(1);
});

test('SC00030 I2: a revised cfp goes to the proposers, with a new reply-by; they propose anew', async () => {
  const vendors = { east: { concedes: 'conceder' } };
  await using run = await asked({ objectives: db, vendors, options: { rounds: 3 } });
  const calls = (await entries(run)).filter(
    ({ performative, receiver }) => performative === 'cfp' && receiver === 'vendor:east:db',
  );
  expect(calls).toHaveLength(3);
  expect(new Set(calls.map((call) => call['conversation-id'])).size).toBe(1);
  expect(new Set(calls.map((call) => call['reply-by'])).size).toBe(3);
  const proposals = (await run.said()).filter((line) => line === 'propose vendor:east:db>mediator');
  expect(proposals).toHaveLength(3);
});

test('SC00033 K2: the broker forwards what its sub-protocols answered, in one message', async () => {
  await using run = await asked({ objectives: { db: small, web: small }, vendors: two });
  const replies = (await run.said()).filter((line) => line.startsWith('reply_message'));
  expect(replies).toEqual(['reply_message_sub_protocol mediator>negotiator']);
});

test('SC00033 K1: when nobody matches, the reply says why of each', async () => {
  await using run = await asked({ objectives: { db: { ...small, place: { vendors: ['x'] } } } });
  expect(run.sla.state).toBe('failed-proposal');
  expect(run.sla.composite.shortfalls.map(({ kind }) => kind)).toEqual(['no-proposal']);
  expect((await run.said()).some((line) => line.startsWith('cfp mediator'))).toBe(false);
});

function agreed(rehearsal: Rehearsal): Promise<Played> {
  const options = { model: 'negotiation', replyWithinMs: 1_500, ...rehearsal.options };
  return played({ ...rehearsal, options });
}

function asked(rehearsal: Rehearsal): Promise<Played> {
  return agreed({ ...rehearsal, options: { accept: 'ask', ...rehearsal.options } });
}

async function entries({ office, sla }: Played): Promise<readonly TraceEntry[]> {
  const [negotiation] = await traceOf(office.store, sla.id, { content: 'without' });
  return negotiation?.messages ?? [];
}

/** One agent's message arrives only after a message of another name. */
function heldUntil(name: string, agent: string, until: string): Alter {
  let held: Message | undefined;
  return (message) => {
    if (message.name === name && message.from.id === agent) {
      held = message;
      return [];
    }
    if (message.name !== until || held === undefined) return undefined;
    const both = [message, held];
    held = undefined;
    return both;
  };
}
