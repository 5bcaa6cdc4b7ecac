import { expect, test } from 'vitest';
import type { SlaState } from '../../src/sla/sla.ts';
import { options, signal, small, template } from '../support/office.ts';
import {
  changed,
  type Played,
  played,
  rewritten,
  unknown,
  unreadable,
  waiting,
  withCodes,
} from './rehearsal.ts';

const cannotStart = { vendors: { east: { faults: [{ kind: 'capacity-gone', on: 'bind' }] } } };

test("CLOSER'11 §5.3 Negotiator S0: 1 cfp leads to S1", async () => {
  await using run = await waiting();
  expect(await withCodes(run, 'negotiator:S0', 'negotiator:1')).toEqual(['cfp client>negotiator']);
});

test("CLOSER'11 §5.3 Negotiator S0: 101 an unreadable cfp leads to S8", async () => {
  await using run = await played({ alter: unreadable('cfp', 'client') });
  await expectRestored(run, { code: 'negotiator:101', told: 'failure' });
});

test("CLOSER'11 §5.3 Negotiator S0: 200 an unknown message leads to S8", async () => {
  await using run = await played({ alter: unknown('cfp', 'client') });
  await expectRestored(run, { code: 'negotiator:200', told: 'failure' });
});

test("CLOSER'11 §5.3 Negotiator S1: 6 the last objective leads to S5", async () => {
  await using run = await waiting();
  expect(await withCodes(run, 'negotiator:S5', 'negotiator:6')).toEqual(['propose composer>buyer']);
});

test("CLOSER'11 §5.3 Negotiator S1: 2 an objective leads to S2", async () => {
  await using run = await waiting();
  const proxies = await withCodes(run, 'negotiator:S1', 'negotiator:2');
  expect(proxies).toEqual(['proxy splitter>mediator', 'proxy splitter>mediator']);
});

test("CLOSER'11 §5.3 Negotiator S1: 101 an unreadable objective leads to S8", async () => {
  const alter = rewritten('cfp', 'client', (request) =>
    changed(request, ['template', 'objectives', '1'], { name: 'db' }),
  );
  await using run = await played({ alter });
  await expectRestored(run, { code: 'negotiator:101', told: 'failure' });
  // The first objective was in order; what was offered for it is let go.
  expect(await run.said()).toContain('reject_proposal mediator>vendor:east:web');
});

test("CLOSER'11 §5.3 Negotiator S2: 3 agree leads to S3", async () => {
  await using run = await waiting();
  const agreed = await withCodes(run, 'negotiator:S2', 'negotiator:3');
  expect(agreed).toEqual(['agree mediator>delegator', 'agree mediator>delegator']);
});

test("CLOSER'11 §5.3 Negotiator S2: 100 refuse leads to S8", async () => {
  await using run = await played({ alter: unreadable('proxy') });
  await expectRestored(run, { code: 'negotiator:100', told: 'refuse' });
});

test("CLOSER'11 §5.3 Negotiator S2: 200 an unknown message leads to S8", async () => {
  await using run = await played({ alter: unknown('agree') });
  await expectRestored(run, { code: 'negotiator:200', told: 'failure' });
});

test("CLOSER'11 §5.3 Negotiator S3: 4 inform-done-proxy leads to S4", async () => {
  await using run = await waiting({ objectives: { db: small } });
  const done = await withCodes(run, 'negotiator:S3', 'negotiator:4');
  expect(done).toEqual(['inform_done_proxy listener>follower']);
});

test("CLOSER'11 §5.3 Negotiator S3: 102 failure-no-match leads to S8", async () => {
  const objectives = { web: small, db: { ...small, place: { vendors: ['nobody'] } } };
  await using run = await played({ objectives });
  await expectRestored(run, { code: 'negotiator:102', told: 'failure' });
  expect(run.sla.reason).toMatch(/\(mediator:101, negotiator:102\)$/);
});

test("CLOSER'11 §5.3 Negotiator S3: 200 an unknown message leads to S8", async () => {
  await using run = await played({ alter: unknown('inform_done_proxy') });
  await expectRestored(run, { code: 'negotiator:200', told: 'failure' });
});

test("CLOSER'11 §5.3 Negotiator S4: 5 reply-message-sub-protocol leads to S1", async () => {
  await using run = await waiting();
  const replies = await withCodes(run, 'negotiator:S4', 'negotiator:5');
  expect(replies).toEqual(Array(2).fill('reply_message_sub_protocol listener>collector'));
  const [archived] = await run.office.store.vendorRecords();
  expect([archived?.vendor, archived?.proposed]).toEqual(['east', 2]);
});

test("CLOSER'11 §5.3 Negotiator S4: 104 an unreadable objective leads to S8", async () => {
  await using run = await played({ alter: unreadable('reply_message_sub_protocol') });
  await expectRestored(run, { code: 'negotiator:104', told: 'failure' });
});

test("CLOSER'11 §5.3 Negotiator S4: 200 an unknown message leads to S8", async () => {
  await using run = await played({ alter: unknown('reply_message_sub_protocol') });
  await expectRestored(run, { code: 'negotiator:200', told: 'failure' });
});

test("CLOSER'11 §5.3 Negotiator S5: 7 the SLA leads to S6", async () => {
  await using run = await waiting();
  expect(await withCodes(run, 'negotiator:S5', 'negotiator:7')).toEqual(['propose composer>buyer']);
  expect(run.sla.composite.status).toBe('OK');
});

test("CLOSER'11 §5.3 Negotiator S5: 105 content that cannot be set leads to S8", async () => {
  const alter = rewritten('cfp', 'client', (request) =>
    changed(request, ['template', 'prefer'], 'the best'),
  );
  await using run = await played({ alter });
  await expectRestored(run, { code: 'negotiator:105', told: 'failure' });
  expect(await run.said()).toContain('reject_proposal mediator>vendor:east:db');
});

test("CLOSER'11 §5.3 Negotiator S6: 12 cfp leads to S1", async () => {
  await using run = await waiting();
  await renegotiated(run);
  const calls = await withCodes(run, 'negotiator:S6', 'negotiator:12');
  expect(calls).toEqual(['cfp buyer>seller']);
  expect(await withCodes(run, 'negotiator:S1', 'negotiator:2')).toHaveLength(3);
});

test("CLOSER'11 §5.3 Negotiator S6: 105 an unreadable cfp leads to S8", async () => {
  await using run = await waiting({ alter: unreadable('cfp', 'buyer') });
  const { state } = await renegotiated(run);
  await expectRestored(run, { code: 'negotiator:105', told: 'failure', state });
});

test("CLOSER'11 §5.3 Negotiator S6: 8 accept-proposal leads to S7", async () => {
  await using run = await played();
  const accepted = await withCodes(run, 'negotiator:S6', 'negotiator:8');
  expect(accepted).toEqual(['accept_proposal buyer>seller']);
  expect(await run.said()).toContain('subscribe negotiator>mediator');
});

test("CLOSER'11 §5.3 Negotiator S6: reject-proposal leads to S0", async () => {
  await using run = await waiting();
  await run.office.agency.refuse(run.sla, 'too dear', signal);
  const said = await run.said();
  expect(said.slice(-5)).toEqual([
    'reject_proposal client>negotiator',
    'cancel negotiator>mediator',
    'reject_proposal mediator>vendor:east:web',
    'reject_proposal mediator>vendor:east:db',
    'inform_done mediator>negotiator',
  ]);
});

test("CLOSER'11 §5.3 Negotiator S6: 200 an unknown message leads to S8", async () => {
  await using run = await played({ alter: unknown('accept_proposal', 'buyer') });
  await expectRestored(run, { code: 'negotiator:200', told: 'failure' });
  expect(await run.said()).not.toContain('subscribe negotiator>mediator');
});

test("CLOSER'11 §5.3 Negotiator S7: 9 agree leads to S0", async () => {
  await using run = await played();
  expect(await withCodes(run, 'negotiator:S7', 'negotiator:9')).toEqual(['agree confirmer>closer']);
  expect((await run.said()).slice(-2)).toEqual([
    'agree mediator>negotiator',
    'inform negotiator>client',
  ]);
});

test("CLOSER'11 §5.3 Negotiator S7: 101 failure leads to S8", async () => {
  await using run = await played(cannotStart);
  await expectRestored(run, { code: 'negotiator:101', told: 'failure' });
});

test("CLOSER'11 §5.3 Negotiator S7: 200 an unknown message leads to S8", async () => {
  await using run = await played({ alter: unknown('agree', 'confirmer') });
  await expectRestored(run, { code: 'negotiator:200', told: 'failure' });
  // Everything was running by then; everything is given back.
  const said = await run.said();
  expect(said).toContain('cancel mediator>vendor:east:web');
  expect(said).toContain('cancel mediator>vendor:east:db');
});

test("CLOSER'11 §5.3 Negotiator S8: 10 messages to Client and Mediator leads to S0", async () => {
  await using run = await played(cannotStart);
  expect(await withCodes(run, 'negotiator:S8', 'negotiator:10')).toEqual([
    'cancel undoer>mediator',
    'failure undoer>buyer',
  ]);
  expect(await run.held()).toBe(0);
});

async function renegotiated({ office, sla }: Played) {
  const asked = { template: template({ cache: small }), options: options({ accept: 'ask' }) };
  return await office.agency.renegotiate(sla, asked, signal);
}

/** The negotiator was in its error state: it told client and mediator, and nothing is left. */
async function expectRestored(
  run: Played,
  {
    code,
    told,
    state = run.sla.state,
  }: { readonly code: string; readonly told: string; readonly state?: SlaState },
): Promise<void> {
  const messages = await withCodes(run, code, 'negotiator:S8', 'negotiator:10');
  expect(messages.map((line) => line.replace(/undoer|restorer/, 'S8'))).toEqual([
    'cancel S8>mediator',
    `${told} S8>buyer`,
  ]);
  expect(state).toBe('ended');
  expect(await run.held()).toBe(0);
  expect(await run.office.store.unfinished()).toEqual([]);
}
