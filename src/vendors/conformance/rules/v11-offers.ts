import assert from 'node:assert/strict';
import type { MoveOffer } from '../../vendor.ts';
import { repeats, stored } from '../bench.ts';
import type { RuleChecks } from '../check.ts';

export const v11: RuleChecks = [
  {
    claim: 'offering a move changes nothing',
    unless: ({ roles }) =>
      roles.includes('moveSource') || roles.includes('moveTarget')
        ? undefined
        : 'it has no role in moving',
    run: async (bench) => {
      const { contract, binding, call } = await bench.machine();
      const { moveSource, moveTarget } = bench.vendor;
      const { objective } = bench.possible();
      const before = await bench.world();
      const offers: MoveOffer[] = [];
      for (let n = 0; n < repeats; n += 1) {
        offers.push(...((await moveSource?.offers(contract, call)) ?? []));
        offers.push(...((await moveTarget?.offers(objective, call)) ?? []));
      }
      assert.ok(offers.length > 0, 'a running machine is offered no way to move');
      for (const offer of offers) isOffer(offer);
      assert.deepEqual(await bench.world(), before);
      assert.deepEqual(stored(await bench.vendor.bind(contract, call)), binding);
    },
  },
];

function isOffer({ protocol, downtimeMsEstimate }: MoveOffer): void {
  assert.match(protocol, /^.+\/\d+$/, 'a protocol has a name and a version');
  assert.ok(Number.isFinite(downtimeMsEstimate) && downtimeMsEstimate >= 0, 'a downtime in ms');
}
