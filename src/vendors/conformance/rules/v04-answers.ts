import assert from 'node:assert/strict';
import type { CallForProposals, Proposal, Refusal } from '../../vendor.ts';
import type { Bench } from '../bench.ts';
import type { RuleChecks } from '../check.ts';
import { refusalFaults, shortfalls } from '../meets.ts';

export const v4: RuleChecks = [
  {
    claim: 'a proposal gives no less than was asked, is unexpired, and names all it promises',
    run: async (bench) => {
      assert.ok(
        'length' in (await answerTo(bench.possible(), bench)),
        'it refused the possible call',
      );
    },
  },
  {
    claim: 'a refusal is an answer with a reason, not an error',
    run: async (bench) => {
      const answer = await answerTo(bench.subject.impossible, bench);
      assert.ok('kind' in answer, 'it proposed something for the impossible call');
    },
  },
  {
    claim: 'a call in a currency nobody pays in is refused as that',
    run: async (bench) => {
      // ISO 4217 keeps XTS for tests: no price is in it.
      const answer = await answerTo({ ...bench.possible(), currency: 'XTS' }, bench);
      assert.equal('kind' in answer && answer.reason, 'currency');
    },
  },
  {
    claim: 'sites and images that it does not have are refused',
    run: async (bench) => {
      const { place } = bench.possible().objective;
      const nowhere = bench.possible({ place: { ...place, sites: ['no-such-site-*'] } });
      assert.ok('kind' in (await answerTo(nowhere, bench)), 'it proposed a site nobody has');
      const unseen = bench.possible({ image: 'no-such-image' });
      assert.ok('kind' in (await answerTo(unseen, bench)), 'it proposed an image nobody has');
    },
  },
  {
    claim: 'a promise that is asked for is made, or the call refused',
    run: async (bench) => {
      const windowMs = 86_400_000;
      for (const value of [1, 99, 99.9, 100]) {
        const asked = { metric: 'availability', bound: 'atLeast', value, windowMs } as const;
        await answerTo(bench.possible({ promises: [asked] }), bench);
      }
    },
  },
  {
    claim: 'machines that are asked to stand apart do so, or the call is refused',
    run: standApart,
  },
];

/** The vendor's answer, which must be one: a refusal with a reason, or proposals that meet it. */
async function answerTo(
  cfp: CallForProposals,
  bench: Bench,
): Promise<readonly Proposal[] | Refusal> {
  const call = bench.call();
  const { sites } = await bench.vendor.describe(call);
  const answer = await bench.vendor.bid(cfp, call);
  const names = sites.map(({ name }) => name);
  const answerer = { name: bench.name, sites: names, nowMs: bench.nowMs() };
  if ('kind' in answer) {
    assert.deepEqual(refusalFaults(answer, cfp, answerer), [], 'the refusal lacks');
    return answer;
  }
  assert.ok(answer.length > 0, 'an answer without proposals is a refusal without a reason');
  const ids = new Set(answer.map(({ id }) => id));
  assert.equal(ids.size, answer.length, 'two proposals have one id');
  for (const proposal of answer) {
    const lacks = shortfalls(proposal, cfp, answerer);
    assert.deepEqual(lacks, [], `proposal ${proposal.id} falls short`);
  }
  return answer;
}

async function standApart(bench: Bench): Promise<void> {
  const { place } = bench.possible().objective;
  const cfp = bench.possible({ count: 2, place: { ...place, apart: 'host' } });
  const answer = await answerTo(cfp, bench);
  const several = 'kind' in answer ? undefined : answer.find(({ units }) => units > 1);
  if (several === undefined) return;
  const call = bench.call();
  const { places } = await bench.vendor.describe(call);
  assert.ok(places.includes('apart:host'), 'it describes no `apart:host`, and proposes two units');
  const [proposal] = (await bench.proposals(call, cfp)).filter(({ units }) => units > 1);
  assert.ok(proposal, 'it proposed two units apart once, but not again');
  const hosts: (string | undefined)[] = [];
  for (const unit of [0, 1]) {
    const contract = await bench.sign({ proposal, unit, call });
    hosts.push((await bench.vendor.bind(contract, call)).host);
  }
  const [first, second] = hosts;
  assert.ok(first === undefined || first !== second, `both machines run on host ${first}`);
}
