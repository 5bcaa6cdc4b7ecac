import { expect, test } from 'vitest';
import { options, signal, small, template } from '../support/office.ts';
import { played, unknown, unreadable, waiting, withCodes } from './rehearsal.ts';

const nobodyServes = { objectives: { db: { ...small, place: { vendors: ['nobody'] } } } };
const cannotStart = { vendors: { east: { faults: [{ kind: 'capacity-gone', on: 'bind' }] } } };

test("CLOSER'11 §5.2 Client S0: 1 requirements leads to S1", async () => {
  await using run = await waiting();
  expect(await withCodes(run, 'client:S0', 'client:1')).toEqual(['cfp client>negotiator']);
});

test("CLOSER'11 §5.2 Client S1: 2 propose leads to S2", async () => {
  await using run = await waiting();
  expect(await withCodes(run, 'client:S1', 'client:2')).toEqual(['propose composer>buyer']);
  expect(run.sla.state).toBe('proposed');
});

test("CLOSER'11 §5.2 Client S1: 101 REFUSE leads to S5", async () => {
  await using run = await played({ alter: unreadable('proxy') });
  expect(await withCodes(run, 'client:S1', 'client:101')).toEqual(['refuse restorer>buyer']);
  expect(run.sla.state).toBe('ended');
  expect(run.sla.reason).toBe('the objective cannot be read (mediator:103, negotiator:100)');
});

test("CLOSER'11 §5.2 Client S1: 100 FAILURE leads to S5", async () => {
  await using run = await played(nobodyServes);
  expect(await withCodes(run, 'client:S1', 'client:100')).toEqual(['failure restorer>buyer']);
  expect(run.sla.state).toBe('ended');
  expect(run.sla.reason).toBe(
    'no vendor can serve db: east: the template does not allow vendor east (place) (mediator:101, negotiator:102)',
  );
});

test("CLOSER'11 §5.2 Client S1: 105 an unreadable SLA leads to S5", async () => {
  await using run = await played({ alter: unreadable('propose', 'composer') });
  expect(await withCodes(run, 'client:S5', 'client:105')).toEqual([
    'not_understood troubled>seller',
  ]);
  expect(run.sla.state).toBe('ended');
  expect(run.sla.reason).toBe('the proposal cannot be read (client:105, negotiator:200)');
});

test("CLOSER'11 §5.2 Client S1: 200 an incorrect protocol leads to S5", async () => {
  await using run = await played({ alter: unknown('propose', 'composer') });
  expect(await withCodes(run, 'client:S5', 'client:200')).toEqual([
    'not_understood troubled>seller',
  ]);
  expect(run.sla.reason).toBe('gossip is not part of the protocol (client:200, negotiator:200)');
});

test("CLOSER'11 §5.2 Client S2: 3 accept leads to S3", async () => {
  await using run = await waiting();
  await run.office.agency.accept(run.sla, signal);
  expect(await withCodes(run, 'client:S2', 'client:3')).toEqual(['accept_proposal buyer>seller']);
});

test("CLOSER'11 §5.2 Client S2: 102 refuse leads to S5", async () => {
  await using run = await waiting();
  const refused = await run.office.agency.refuse(run.sla, 'too dear', signal);
  expect(await withCodes(run, 'client:S2', 'client:102')).toEqual(['reject_proposal buyer>seller']);
  expect([refused.state, refused.reason]).toEqual(['refused', 'too dear']);
});

test("CLOSER'11 §5.2 Client S2: 6 renegotiate leads to S1", async () => {
  await using run = await waiting();
  const changed = await run.office.agency.renegotiate(
    run.sla,
    { template: template({ web: small }), options: options({ accept: 'ask' }) },
    signal,
  );
  expect(await withCodes(run, 'client:S2', 'client:6')).toEqual(['cfp buyer>seller']);
  expect(await withCodes(run, 'client:S1', 'client:2')).toHaveLength(2);
  expect([changed.id, changed.state]).toEqual([run.sla.id, 'proposed']);
});

test("CLOSER'11 §5.2 Client S3: 4 inform leads to S4", async () => {
  await using run = await played();
  expect(await withCodes(run, 'client:S3', 'client:4')).toEqual(['inform closer>buyer']);
  expect(run.sla.state).toBe('ready');
});

test("CLOSER'11 §5.2 Client S3: 103 FAILURE leads to S5", async () => {
  await using run = await played(cannotStart);
  expect(await withCodes(run, 'client:S3', 'client:103')).toEqual(['failure undoer>buyer']);
  expect(run.sla.state).toBe('ended');
  expect(run.sla.reason).toContain('VENDOR.CAPACITY_GONE) (mediator:107, negotiator:101)');
  expect(await run.held()).toBe(0);
});

test("CLOSER'11 §5.2 Client S3: 104 an unreadable SLA leads to S5", async () => {
  await using run = await played({ alter: unreadable('inform') });
  expect(await withCodes(run, 'client:S5', 'client:104')).toEqual([
    'not_understood troubled>seller',
  ]);
  // All have signed it: it stands, although the client has not seen its end.
  expect(run.sla.state).toBe('ready');
  expect(await run.held()).toBe(2);
});

test("CLOSER'11 §5.2 Client S3: 201 an unknown message leads to S5", async () => {
  await using run = await played({ alter: unknown('inform') });
  expect(await withCodes(run, 'client:S5', 'client:201')).toEqual([
    'not_understood troubled>seller',
  ]);
  expect(run.sla.state).toBe('ready');
  expect(await run.held()).toBe(2);
});

test("CLOSER'11 §5.2 Client S4: the signed SLA leads to announced resources", async () => {
  await using run = await played();
  expect(run.sla.machines.map(({ name, state }) => [name, state])).toEqual([
    ['web-1', 'ready'],
    ['db-1', 'ready'],
  ]);
  for (const { binding } of run.sla.machines) expect(binding?.endpoint).toMatch(/^ssh:/);
  expect(await run.office.store.unfinished()).toEqual([]);
});

test("CLOSER'11 §5.2 Client S5: 5 what failed leads to S0", async () => {
  await using run = await played(nobodyServes);
  expect(await withCodes(run, 'client:5')).toEqual(['failure restorer>buyer']);
  expect(run.sla.composite.shortfalls).toEqual([{ kind: 'no-proposal', detail: run.sla.reason }]);
  expect(await run.office.store.unfinished()).toEqual([]);
  const again = await run.office.agency.negotiate(
    template({ db: small }),
    options({ model: 'cloud-agency' }),
    signal,
  );
  expect(again.state).toBe('ready');
});
