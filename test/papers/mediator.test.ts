import { expect, test } from 'vitest';
import { small } from '../support/office.ts';
import {
  changed,
  once,
  type Played,
  played,
  rewritten,
  unknown,
  unreadable,
  waiting,
  withCodes,
} from './rehearsal.ts';

const one = { objectives: { db: small } };
const nobodyServes = { objectives: { db: { ...small, place: { vendors: ['nobody'] } } } };

test("CLOSER'11 §5.4 Mediator S0: 3 proxy leads to S1", async () => {
  await using run = await waiting(one);
  expect(await withCodes(run, 'mediator:S0', 'mediator:3')).toEqual(['proxy splitter>mediator']);
  expect((await run.said())[2]).toBe('agree mediator>negotiator');
});

test("CLOSER'11 §5.4 Mediator S0: 101 no vendor leads to S4", async () => {
  await using run = await played(nobodyServes);
  await expectExcuse(run, 'mediator:101', 'failure_no_match excuser>follower');
});

test("CLOSER'11 §5.4 Mediator S0: subscribe leads to S3", async () => {
  await using run = await played(one);
  const said = await run.said();
  const at = said.indexOf('subscribe negotiator>mediator');
  expect(said[at + 1]).toBe('accept_proposal mediator>vendor:east:db');
  expect(await withCodes(run, 'mediator:S3', 'vendor:V1')).toEqual([
    'accept_proposal confirmer>vendor',
    'inform_done vendor>confirmer',
  ]);
});

test("CLOSER'11 §5.4 Mediator S0: 103 an unreadable proxy leads to S4", async () => {
  await using run = await played({ ...one, alter: unreadable('proxy') });
  await expectExcuse(run, 'mediator:103', 'refuse excuser>delegator');
});

test("CLOSER'11 §5.4 Mediator S0: 200 an unknown message leads to S4", async () => {
  await using run = await played({ ...one, alter: unknown('proxy') });
  await expectExcuse(run, 'mediator:200', 'not_understood excuser>delegator');
});

test("CLOSER'11 §5.4 Mediator S1: 2 the objective leads to S2", async () => {
  await using run = await waiting(one);
  expect(await withCodes(run, 'mediator:S1', 'mediator:2')).toEqual(['cfp caller>vendor']);
});

test("CLOSER'11 §5.4 Mediator S1: 104 an objective that fits no call leads to S4", async () => {
  const alter = rewritten('proxy', undefined, (ask) => changed(ask, ['replyByMs'], undefined));
  await using run = await played({ ...one, alter });
  await expectExcuse(run, 'mediator:104', 'failure_brokering excuser>follower');
  expect(await run.said()).not.toContain('cfp mediator>vendor:east:db');
});

test("CLOSER'11 §5.4 Mediator S2: 3 propose leads to S0", async () => {
  await using run = await waiting(one);
  expect(await withCodes(run, 'mediator:S2', 'mediator:3')).toEqual(['propose vendor>listener']);
  expect((await run.said()).slice(5, 7)).toEqual([
    'inform_done_proxy mediator>negotiator',
    'reply_message_sub_protocol mediator>negotiator',
  ]);
});

test("CLOSER'11 §5.4 Mediator S2: 101 refuse leads to S4", async () => {
  const vendors = { east: { faults: [{ kind: 'refuses', on: 'bid' }] } };
  await using run = await played({ ...one, vendors });
  await expectExcuse(run, 'mediator:101', 'failure_no_match excuser>follower');
  expect(await run.said()).toContain('refuse vendor:east:db>mediator');
});

test("CLOSER'11 §5.4 Mediator S2: 201 an unknown message leads to S4", async () => {
  await using run = await played({ ...one, alter: unknown('propose', 'vendor') });
  await expectExcuse(run, 'mediator:201', 'failure_brokering excuser>follower');
});

test("CLOSER'11 §5.4 Mediator S3: 5 inform-done leads to S0", async () => {
  await using run = await played(one);
  const done = await withCodes(run, 'mediator:S3', 'mediator:5');
  expect(done).toEqual(['inform_done vendor>confirmer']);
  expect((await run.said()).at(-2)).toBe('agree mediator>negotiator');
});

test("CLOSER'11 §5.4 Mediator S3: 107 failure leads to S4", async () => {
  const vendors = { east: { faults: [{ kind: 'capacity-gone', on: 'bind' }] } };
  await using run = await played({ ...one, vendors });
  await expectExcuse(run, 'mediator:107', 'failure excuser>closer');
});

test("CLOSER'11 §5.4 Mediator S3: 200 an unknown message leads to S4", async () => {
  await using run = await played({ ...one, alter: unknown('inform_done', 'vendor') });
  await expectExcuse(run, 'mediator:200', 'failure excuser>closer');
  // The machine was running; its contract is found by accepting once more, and ended.
  expect(await run.said()).toContain('cancel mediator>vendor:east:db');
});

test("CLOSER'11 §5.4 Mediator S4: what went wrong leads to S0", async () => {
  await using run = await played(nobodyServes);
  expect((await run.said()).slice(-4)).toEqual([
    'failure_no_match mediator>negotiator',
    'cancel negotiator>mediator',
    'inform_done mediator>negotiator',
    'failure negotiator>client',
  ]);
});

test('a vendor that cannot read the call says so, and the mediator tells the negotiator', async () => {
  await using run = await played({ ...one, alter: unreadable('cfp', 'caller') });
  await expectExcuse(run, 'mediator:201', 'failure_brokering excuser>follower');
  expect(run.sla.reason).toBe('cfp could not be read (mediator:201, negotiator:200)');
});

test('a subscription that cannot be read fails, and nothing is accepted', async () => {
  await using run = await played({ ...one, alter: unreadable('subscribe') });
  await expectExcuse(run, 'mediator:103', 'failure excuser>closer');
  expect(await run.said()).not.toContain('accept_proposal mediator>vendor:east:db');
});

test('a message that comes from elsewhere does not disturb the mediator', async () => {
  const stranger = { role: 'vendor', id: 'vendor:stranger:db' };
  const alter = once('cfp', 'caller', (message) => [
    message,
    { ...message, from: stranger, to: message.from, name: 'gossip' },
  ]);
  await using run = await played({ ...one, alter });
  expect(run.sla.state).toBe('ready');
  expect(await run.said()).toContain('not_understood mediator>vendor:stranger:db');
});

/** The error went up, and after the negotiator's restoring nothing is left. */
async function expectExcuse(run: Played, code: string, message: string): Promise<void> {
  expect(await withCodes(run, code, 'mediator:S4')).toEqual([message]);
  expect(run.sla.state).toBe('ended');
  expect(await run.held()).toBe(0);
}
