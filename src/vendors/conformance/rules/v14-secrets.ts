import assert from 'node:assert/strict';
import { type ContractId, id } from '../../../sla/ids.ts';
import type { Call } from '../../vendor.ts';
import type { Bench } from '../bench.ts';
import type { RuleChecks } from '../check.ts';
import { settled } from '../outcome.ts';

export const v14: RuleChecks = [
  {
    claim: 'no answer, progress line or failure of a whole life carries a secret',
    run: async (bench) => {
      const said = await everythingSaid(bench);
      assert.ok(said.length > 0);
      for (const [method, value] of said) isWithoutSecrets(method, textOf(value), bench);
      for (const step of bench.heard) isWithoutSecrets('progress', step, bench);
    },
  },
];

type Said = readonly [method: string, value: unknown];

/** What every method answers or throws, from the first bid to a failure on purpose. */
async function everythingSaid(bench: Bench): Promise<readonly Said[]> {
  const { vendor } = bench;
  const said: Said[] = [];
  const hear = async <T>(method: string, work: Promise<T>): Promise<T | undefined> => {
    const outcome = await settled(work);
    said.push([method, 'value' in outcome ? outcome.value : outcome.thrown]);
    return 'value' in outcome ? outcome.value : undefined;
  };
  const stopped = async (method: string, work: (stop: Call) => Promise<unknown>): Promise<void> => {
    const outcome = await bench.cut('before', bench.call(), work);
    said.push([method, 'value' in outcome ? outcome.value : outcome.thrown]);
  };
  const call = bench.call();
  await hear('describe', vendor.describe(call));
  await hear('bid', vendor.bid(bench.subject.impossible, call));
  await hear('bid', vendor.bid(bench.possible(), call));
  const proposal = await bench.proposal(call);
  await stopped('accept', (stop) => bench.sign({ proposal, call: stop }));
  await hear('accept', bench.sign({ proposal: await bench.expired(proposal), call }));
  const { contract, call: own } = await bench.deal();
  await stopped('bind', (stop) => vendor.bind(contract, stop));
  const binding = await hear('bind', vendor.bind(contract, own));
  assert.ok(binding, 'the machine did not start');
  said.push(['accept', contract]);
  await hear('measure', Array.fromAsync(vendor.measure([binding], ['power', 'reachable'], own)));
  await hear('contracts', Array.fromAsync(vendor.contracts(own)));
  await hear('hosts.list', Array.fromAsync(vendor.hosts?.list(own) ?? []));
  await hear('moveSource.offers', Promise.resolve(vendor.moveSource?.offers(contract, own)));
  await hear('bind', vendor.bind({ ...contract, id: id<ContractId>('never-signed') }, own));
  await hear('withdraw', vendor.withdraw(contract.id, own));
  await hear('bind', vendor.bind(contract, own));
  return said;
}

/** Forms in which a secret is found whoever it belongs to. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/[a-z][a-z0-9+.-]*:\/\/[^\s/@:"]+:[^\s/@"]+@/i, 'a URL with a password'],
];

function isWithoutSecrets(method: string, text: string, { subject }: Bench): void {
  for (const [shape, what] of shapes) assert.ok(!shape.test(text), `${method} carries ${what}`);
  (subject.secrets ?? []).forEach((secret, index) => {
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
    const found = forms.some((form) => text.includes(form));
    assert.ok(!found, `${method} carries the subject's secret number ${index + 1}`);
  });
}

/** All that a value says, an error's message, fields and causes included. */
function textOf(value: unknown): string {
  if (!(value instanceof Error)) return JSON.stringify(value) ?? '';
  const { message, stack = '', cause } = value;
  return [message, stack, JSON.stringify(value), cause === undefined ? '' : textOf(cause)].join(
    '\n',
  );
}
