import { expect, test } from 'vitest';
import { traceOf } from '../../src/agency/trace.ts';
import { options, signal, small, template } from '../support/office.ts';
import { played, waiting } from './rehearsal.ts';

/** One objective at the mediator, and one vendor's signature. */
const brokered = [
  'proxy',
  'agree',
  'cfp',
  'propose',
  'inform-done-proxy',
  'reply-message-sub-protocol',
];
const signed = ['accept-proposal', 'inform-done'];

function golden(objectives: number): readonly string[] {
  return [
    'cfp',
    ...Array.from({ length: objectives }, () => brokered).flat(),
    'propose',
    'accept-proposal',
    'subscribe',
    ...Array.from({ length: objectives }, () => signed).flat(),
    'agree',
    'inform',
  ];
}

const names = ['web', 'db', 'cache', 'queue', 'mail'];

for (const count of [1, 2, 3, 4, 5]) {
  test(`accepting ${count} objectives at once takes 8 × ${count} + 6 messages, in this order`, async () => {
    const objectives = Object.fromEntries(names.slice(0, count).map((name) => [name, small]));
    await using run = await played({ objectives, vendors: { east: {}, west: { seed: 2 } } });
    const [conversation] = await traceOf(run.office.store, run.sla.id, { content: 'without' });
    const performatives = conversation?.messages.map(({ performative }) => performative);
    expect(performatives).toEqual(golden(count));
    expect(performatives).toHaveLength(8 * count + 6);
    expect(run.sla.state).toBe('ready');
  });
}

test('renegotiated from two to three objectives before it is accepted, it takes 44', async () => {
  await using run = await waiting();
  const more = template({ web: small, db: small, cache: small });
  const changed = await run.office.agency.renegotiate(
    run.sla,
    { template: more, options: options({ accept: 'ask' }) },
    signal,
  );
  const accepted = await run.office.agency.accept(changed, signal);
  expect(accepted.state).toBe('ready');
  const said = (await run.trace()).map(({ message }) => message.name.replaceAll('_', '-'));
  expect(said).toEqual([...golden(2).slice(0, 14), ...golden(3)]);
  expect(said).toHaveLength(44);
});

test('an objective of several machines is served by one vendor, in the same exchange', async () => {
  await using run = await played({
    objectives: { web: { ...small, count: 3, place: { apart: 'host' } } },
    vendors: { east: {}, west: { seed: 2 } },
  });
  expect(await run.said()).toHaveLength(14);
  expect(run.sla.machines.map(({ vendor, state }) => [vendor, state])).toEqual(
    Array(3).fill(['east', 'ready']),
  );
});

test('the first vendor that can serve an objective is asked, and no other', async () => {
  const objectives = { web: small, db: { ...small, place: { vendors: ['west'] } } };
  await using run = await played({ objectives, vendors: { east: {}, west: { seed: 2 } } });
  const asked = (await run.said()).filter((line) => line.startsWith('cfp mediator'));
  expect(asked).toEqual(['cfp mediator>vendor:east:web', 'cfp mediator>vendor:west:db']);
});

test('all messages of a transaction have its code as their conversation', async () => {
  await using run = await played();
  const conversations = new Set((await run.trace()).map(({ conversation }) => conversation));
  expect([...conversations]).toEqual([run.sla.conversation]);
});
