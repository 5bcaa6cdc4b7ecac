import { expect, test } from 'vitest';
import { signal, small } from '../support/office.ts';
import { once, played, unreadable, waiting, withCodes } from './rehearsal.ts';

const one = { objectives: { db: small } };

test("CLOSER'11 §5.5 Vendor V0: cfp within its capability leads to V1", async () => {
  await using run = await waiting(one);
  expect(await withCodes(run, 'vendor:V0')).toEqual([
    'cfp caller>vendor',
    'propose vendor>listener',
  ]);
  expect(await run.held()).toBe(0);
});

test("CLOSER'11 §5.5 Vendor V0: cfp beyond it leads to V0", async () => {
  await using run = await played({ objectives: { db: { ...small, image: 'plan-9' } } });
  expect(await withCodes(run, 'vendor:V0')).toEqual([
    'cfp caller>vendor',
    'refuse vendor>listener',
  ]);
  expect(run.sla.state).toBe('ended');
  expect(run.sla.reason).toContain('(image) (mediator:101, negotiator:102)');
});

test("CLOSER'11 §5.5 Vendor V1: accept-proposal leads to a binding and V0", async () => {
  await using run = await played(one);
  expect(await withCodes(run, 'vendor:V1')).toEqual([
    'accept_proposal confirmer>vendor',
    'inform_done vendor>confirmer',
  ]);
  expect(run.sla.machines[0]?.binding?.endpoint).toMatch(/^ssh:/);
  expect(await run.held()).toBe(1);
});

test("CLOSER'11 §5.5 Vendor V1: accept-proposal in vain leads to failure and V0", async () => {
  const vendors = { east: { faults: [{ kind: 'price-moved', on: 'accept' }] } };
  await using run = await played({ ...one, vendors });
  expect(await withCodes(run, 'vendor:V1')).toEqual([
    'accept_proposal confirmer>vendor',
    'failure vendor>confirmer',
  ]);
  expect(run.sla.state).toBe('expired');
  expect(run.sla.reason).toContain('VENDOR.PRICE_MOVED');
  expect(await run.held()).toBe(0);
});

test("CLOSER'11 §5.5 Vendor V1: reject-proposal leads to V0", async () => {
  await using run = await waiting(one);
  await run.office.agency.refuse(run.sla, 'too dear', signal);
  expect(await withCodes(run, 'vendor:V1')).toEqual(['reject_proposal rejecter>vendor']);
});

test("CLOSER'11 §5.5 Vendor V1: the end of its proposal leads to V0", async () => {
  const vendors = { east: { proposalValidMs: 100 } };
  const alter = once('accept_proposal', 'confirmer', (message) => {
    const expiredMs = Date.now() + 100;
    while (Date.now() <= expiredMs);
    return [message];
  });
  await using run = await played({ ...one, vendors, alter });
  expect(await withCodes(run, 'vendor:V1')).toEqual([
    'accept_proposal confirmer>vendor',
    'failure vendor>confirmer',
  ]);
  expect(run.sla.state).toBe('expired');
  expect(run.sla.reason).toContain('VENDOR.PROPOSAL_EXPIRED');
  expect(await run.held()).toBe(0);
});

test('an order that cannot be read is not carried out, and the SLA is given up', async () => {
  await using run = await played({ ...one, alter: unreadable('accept_proposal', 'confirmer') });
  expect(run.sla.state).toBe('ended');
  expect(run.sla.reason).toBe('accept-proposal could not be read (mediator:200, negotiator:101)');
  expect(await run.held()).toBe(0);
});
