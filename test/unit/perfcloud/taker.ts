/** A process of its own for state.test.ts: signs and binds machines until there is no more room. */
import { isFailure } from '../../../src/base/failure.ts';
import { id } from '../../../src/sla/ids.ts';
import { perfcloudEntry } from '../../../src/vendors/perfcloud/entry.ts';
import type { Call, ConversationId } from '../../../src/vendors/vendor.ts';
import { cfp } from './fixture.ts';

const [settings = '{}', conversation = 'talk'] = process.argv.slice(2);
const call: Call = {
  conversation: id<ConversationId>(conversation),
  signal: AbortSignal.timeout(15_000),
  progress: () => undefined,
};
await using vendor = await perfcloudEntry.open('p', JSON.parse(settings), call);
console.log('open');
for (;;) {
  const answer = await vendor.bid(cfp(), call);
  const [proposal] = 'kind' in answer ? [] : answer;
  if (proposal === undefined) break;
  try {
    const contract = await vendor.accept(proposal, 0, call);
    await vendor.bind(contract, call);
    console.log(contract.id);
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.code !== 'VENDOR.CAPACITY_GONE') throw thrown;
  }
}
