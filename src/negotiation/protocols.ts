/** Which FIPA interaction protocol each message of a conversation belongs to. */
import { fipaSpelling } from './acl.ts';
import type { SentMessage } from './acl-lcc.ts';

/**
 * In the order of the messages; `undefined` where the sender speaks no protocol of FIPA's, as hosts
 * that balance their load. An act that belongs to one protocol alone says which; any other goes on
 * with what its two agents last spoke.
 */
export function protocolsOf(messages: readonly SentMessage[]): readonly (string | undefined)[] {
  const spoken = new Map<string, string>();
  return messages.map(({ message: { name, from, to } }) => {
    const pair = JSON.stringify([from.id, to.id].toSorted());
    const protocol = protocolOfAct[fipaSpelling(name)] ?? spoken.get(pair);
    if (protocol !== undefined) spoken.set(pair, protocol);
    return protocol;
  });
}

const contractNet = 'fipa-contract-net';
const brokering = 'fipa-brokering';
const query = 'fipa-query';

const protocolOfAct: Readonly<Record<string, string>> = {
  cfp: contractNet,
  propose: contractNet,
  'accept-proposal': contractNet,
  'reject-proposal': contractNet,
  proxy: brokering,
  'inform-done-proxy': brokering,
  'reply-message-sub-protocol': brokering,
  'failure-no-match': brokering,
  'failure-brokering': brokering,
  'query-ref': query,
  'query-if': query,
  'inform-ref': query,
  'inform-if': query,
  request: 'fipa-request',
  // CLOSER 2011 §5 confirms an SLA by subscribe and agree, which is not what SC00035 says of them.
  subscribe: 'X-cloud-agency-confirm',
};
