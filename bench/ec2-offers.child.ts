/** One process that opens the EC2 driver over a kept catalogue and bids; writes what it took. */
import { readFileSync } from 'node:fs';
import { type ConversationId, id } from '../src/sla/ids.ts';
import { ec2Entry } from '../src/vendors/ec2/entry.ts';
import type { CallForProposals } from '../src/vendors/vendor.ts';

const [file = ''] = process.argv.slice(2);
const task: { readonly settings: unknown; readonly cfps: readonly CallForProposals[] } = JSON.parse(
  readFileSync(file, 'utf8'),
);
const call = {
  conversation: id<ConversationId>('bench'),
  signal: AbortSignal.timeout(60_000),
  progress: () => undefined,
};
const beganMs = performance.now();
await using vendor = await ec2Entry.open('bench', task.settings, call);
const answers = await Promise.all(task.cfps.map((cfp) => vendor.bid(cfp, call)));
const bidMs = performance.now() - beganMs;
const offers = answers.map((answer) => ('kind' in answer ? 0 : answer.length));
process.stdout.write(JSON.stringify({ bidMs, offers }));
