/** What becomes of machines when vendors fail half-way: none is forgotten, none is in two SLAs. */
import { expect, test } from 'vitest';
import { editTemplate } from '../../src/sla/edit.ts';
import { isOver, type Sla } from '../../src/sla/sla.ts';
import type { Store } from '../../src/store/store.ts';
import { options, signal, small, template } from '../support/office.ts';
import { homeAt, Provider } from './provider.ts';

const both = template({ web: small, db: small });

/** Contracts in SLAs that are not over, as often as they are. */
async function known({ store }: { readonly store: Store }): Promise<readonly string[]> {
  const slas = await store.slas({ limit: 100 });
  const found = (await Promise.all(slas.map(({ id }) => store.findSla(id)))).flat();
  return found
    .filter(({ state }) => !isOver(state))
    .flatMap(({ machines }) => machines.map(({ contract }) => contract))
    .toSorted();
}

function standing({ state, machines }: Sla): readonly string[] {
  return [state, ...machines.map((machine) => `${machine.name} ${machine.state}`)];
}

test('what is kept in part ends no machine for which it has no other', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one');
  await using office = await home.office();
  const before = await office.agency.negotiate(both, options(), signal);
  provider.fates.bind = ['gone'];
  const changed = editTemplate(before.template, { set: ['db.memory=2 GiB'] });
  const after = await office.agency.renegotiate(
    before,
    { template: changed, options: options({ onFailure: 'keep' }) },
    signal,
  );
  expect(standing(after)).toEqual(['partial', 'web-1 ready', 'db-1 failed']);
  const [old] = await office.store.findSla(before.id);
  expect(old && standing(old)).toEqual(['ready', 'db-1 ready']);
  expect(old?.reason).toBe(`replaced in part by ${after.id}`);
  expect(await known(office)).toEqual([...provider.held.keys()].toSorted());
});

test('with keep, a machine of which it is not known whether it was signed is ended', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one');
  await using office = await home.office();
  // The calls of web and db take turns: web is signed, and is never heard of again.
  provider.fates.accept = ['lost', 'ok', 'unreachable', 'unreachable', 'unreachable'];
  const sla = await office.agency.negotiate(both, options({ onFailure: 'keep' }), signal);
  expect(standing(sla)).toEqual(['partial', 'db-1 ready']);
  expect([...provider.held.keys()]).toEqual(await known(office));
});
