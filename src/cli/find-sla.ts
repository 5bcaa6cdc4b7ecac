import { failure } from '../base/failure.ts';
import { isOver, type Sla } from '../sla/sla.ts';
import type { Store } from '../store/store.ts';

/**
 * The SLA of that id, unique prefix or name. Where several are meant and one of them alone is not
 * over, it is that one. Fails with SLA.UNKNOWN or SLA.AMBIGUOUS.
 */
export async function findSla(store: Pick<Store, 'findSla'>, idOrName: string): Promise<Sla> {
  const found = await store.findSla(idOrName);
  const living = found.filter(({ state }) => !isOver(state));
  const [first, ...more] = living.length === 1 ? living : found;
  if (first === undefined) {
    throw failure('SLA.UNKNOWN', `there is no SLA ${idOrName}`, {
      facts: { sla: idOrName },
      next: 'skypact sla list --all',
    });
  }
  if (more.length === 0) return first;
  const all = [first, ...more].map(({ id, name, state }) => `${id} (${name}, ${state})`);
  throw failure('SLA.AMBIGUOUS', `${idOrName} may be any of ${all.slice(0, 10).join(', ')}`, {
    facts: { sla: idOrName, matches: all.length },
    next: 'say more of the id',
  });
}
