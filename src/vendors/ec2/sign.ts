import type { CreateLaunchTemplateCommandInput } from '@aws-sdk/client-ec2';
import { failure } from '../../base/failure.ts';
import { formatPrice } from '../../sla/money.ts';
import type { Call, Contract, Proposal } from '../vendor.ts';
import type { Account } from './account.ts';
import { type Stock, templateRequest } from './launch.ts';
import { contractId, type OurTags, proposalFacts } from './names.ts';
import { machineMicros } from './offers.ts';
import { listPrices } from './price-book.ts';
import type { Prices } from './prices.ts';
import { providerError } from './provider-error.ts';
import { templateOf, templateTaken } from './templates.ts';

/** What signing looks at beyond the account. */
export interface Terms extends Stock {
  readonly prices: Prices;
}

/**
 * Signs one unit: creates the launch template named after the contract. What was signed before is
 * returned as it is, also when the proposal has expired or its price has moved since.
 */
export async function sign(
  { proposal, unit }: { readonly proposal: Proposal; readonly unit: number },
  { account, terms }: { readonly account: Account; readonly terms: Terms },
  call: Call,
): Promise<Contract> {
  const facts = proposalFacts(proposal);
  if (facts === undefined || proposal.vendor !== account.name || unit >= proposal.units) {
    const what = `vendor ${account.name} made no proposal ${proposal.id} with a unit ${unit}`;
    throw failure('VENDOR.CONTRACT_UNKNOWN', what);
  }
  const contract = { id: contractId(proposal, unit, account.settings), proposal, unit };
  const objection = await objectionTo(proposal, { account, terms }, call);
  if (objection !== undefined) {
    if ((await templateOf(contract.id, account, call)) !== undefined) return contract;
    throw objection;
  }
  const tags = tagsFor(contract, call, facts.spread);
  call.progress(`signing ${contract.id}`);
  try {
    await createTemplate(templateRequest({ contract, tags }, terms, account), account, call);
  } catch (thrown) {
    if (providerError(thrown) !== templateTaken) throw thrown;
    await requireOurs(contract, account, call);
  }
  return contract;
}

/** Why it cannot be signed any more: it has expired, or its price has risen. */
async function objectionTo(
  proposal: Proposal,
  { account, terms }: { readonly account: Account; readonly terms: Terms },
  call: Call,
): Promise<Error | undefined> {
  const { site, shape, offered, pricePerHour, validUntilMs } = proposal;
  if (account.clock.nowMs() > validUntilMs) {
    const until = new Date(validUntilMs).toISOString();
    return failure('VENDOR.PROPOSAL_EXPIRED', `proposal ${proposal.id} was valid until ${until}`, {
      facts: { vendor: account.name, proposal: proposal.id, validUntilMs },
      next: 'negotiate again',
    });
  }
  const typeMicros = await terms.prices.current(shape, site, call);
  const extras = (await terms.prices.table(call)) ?? listPrices;
  const { diskGiB } = offered;
  const current =
    typeMicros === undefined
      ? undefined
      : machineMicros({ typeMicros, diskGiB }, extras, account.settings);
  if (current !== undefined && current <= pricePerHour.micros) return undefined;
  const now = current === undefined ? 'none' : formatPrice({ ...pricePerHour, micros: current });
  const what = `${shape} in ${site} was quoted ${formatPrice(pricePerHour)}; its price is now ${now}`;
  return failure('VENDOR.PRICE_MOVED', what, {
    facts: {
      vendor: account.name,
      proposal: proposal.id,
      quotedMicros: pricePerHour.micros,
      ...(current === undefined ? {} : { currentMicros: current }),
      currency: pricePerHour.currency,
    },
    next: 'negotiate again',
  });
}

function tagsFor({ id, proposal, unit }: Contract, call: Call, spread?: string): OurTags {
  return {
    contract: id,
    vendor: proposal.vendor,
    conversation: call.conversation,
    objective: proposal.objective,
    proposal: proposal.id,
    unit: `${unit}`,
    price: formatPrice(proposal.pricePerHour),
    expires: new Date(proposal.validUntilMs).toISOString(),
    ...(spread === undefined ? {} : { spread }),
  };
}

async function createTemplate(
  request: CreateLaunchTemplateCommandInput,
  { ec2 }: Account,
  call: Call,
): Promise<void> {
  await ec2.repeat(
    ({ sdk, client }, options) =>
      client.send(new sdk.CreateLaunchTemplateCommand(request), options),
    call,
  );
}

/** The taken name is a digest of the proposal: only a template that somebody else faked differs. */
async function requireOurs(contract: Contract, account: Account, call: Call): Promise<void> {
  const untilMs = account.clock.nowMs() + account.settings.timeouts.graceMs;
  for (;;) {
    const tags = await templateOf(contract.id, account, call);
    if (tags?.proposal === contract.proposal.id && tags.unit === `${contract.unit}`) return;
    if (account.clock.nowMs() >= untilMs) break;
    // Just created by another process, and not listed yet.
    await account.clock.sleep(account.settings.timeouts.pollMs, call.signal).catch(() => undefined);
  }
  throw failure(
    'VENDOR.REPLY_MALFORMED',
    `vendor ${account.name}: launch template ${contract.id} exists and is not ours`,
    { facts: { vendor: account.name, contract: contract.id }, next: 'delete it at the provider' },
  );
}
