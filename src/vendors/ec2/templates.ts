/**
 * A contract is a launch template named after it: the name is unique in the region, so that two
 * processes sign once, and a machine is only started from it, so that a withdrawn contract cannot
 * start one.
 */
import { isFailure } from '../../base/failure.ts';
import type { Call, ContractId } from '../vendor.ts';
import { type Account, allPages } from './account.ts';
import { type OurTags, readTags, tagNames } from './names.ts';
import { providerError } from './provider-error.ts';

/** What is written on the contract; `undefined` when EC2 shows none of that name that is ours. */
export async function templateOf(
  contract: ContractId,
  account: Account,
  call: Call,
): Promise<OurTags | undefined> {
  const found = await named(contract, account, call);
  return found.find((tags) => tags?.contract === contract);
}

/** All contracts that this vendor instance signed and has not let go. */
export async function templates(account: Account, call: Call): Promise<readonly OurTags[]> {
  const { vendor } = tagNames(account.settings);
  const found = await find([{ Name: `tag:${vendor}`, Values: [account.name] }], account, call);
  return found.flatMap(({ tags }) => tags ?? []);
}

/** What of ours is written on each template of exactly that name; nothing on somebody else's. */
async function named(
  contract: ContractId,
  account: Account,
  call: Call,
): Promise<readonly (OurTags | undefined)[]> {
  const found = await find([{ Name: 'launch-template-name', Values: [contract] }], account, call);
  // EC2's filters have wildcards; an id has none.
  return found.filter(({ name }) => name === contract).map(({ tags }) => tags);
}

/**
 * Deletes it; one that is gone is deleted. A list may lag, or skip an entry while another is deleted,
 * so that only the answer to the deletion itself says that it is gone.
 */
export async function deleteTemplate(
  contract: ContractId,
  account: Account,
  call: Call,
): Promise<void> {
  if ((await shownAs(contract, account, call)) === 'foreign') return;
  try {
    await account.ec2.repeat(
      ({ sdk, client }, options) =>
        client.send(new sdk.DeleteLaunchTemplateCommand({ LaunchTemplateName: contract }), options),
      call,
    );
  } catch (thrown) {
    // Endpoints differ in the word they have for a name that they do not know.
    if (!isFailure(thrown) || providerError(thrown) === undefined) throw thrown;
    if ((await shownAs(contract, account, call)) === 'ours') throw thrown;
  }
}

/** A template of somebody else may have the name: it is left alone. */
async function shownAs(
  contract: ContractId,
  account: Account,
  call: Call,
): Promise<'ours' | 'foreign' | 'absent'> {
  const found = await named(contract, account, call);
  if (found.length === 0) return 'absent';
  return found.some((tags) => tags?.contract === contract) ? 'ours' : 'foreign';
}

/** EC2's word for a name that is taken: somebody signed already. */
export const templateTaken = 'InvalidLaunchTemplateName.AlreadyExistsException';

/** EC2's words for a template that is not there, or not yet. */
export const templateUnknown: ReadonlySet<string> = new Set([
  'InvalidLaunchTemplateName.NotFoundException',
  'InvalidLaunchTemplateId.NotFound',
  'InvalidLaunchTemplateId.VersionNotFound',
]);

interface Filter {
  readonly Name: string;
  readonly Values: string[];
}

/** A template and what of ours is written on it. */
interface Found {
  readonly name: string | undefined;
  readonly tags: OurTags | undefined;
}

async function find(Filters: Filter[], account: Account, call: Call): Promise<readonly Found[]> {
  const { ec2, name, settings, asked } = account;
  const found = await allPages(
    (token) =>
      ec2.read(async ({ sdk, client }, options) => {
        const request = { ...token, Filters, MaxResults: 200 };
        const answer = await client.send(new sdk.DescribeLaunchTemplatesCommand(request), options);
        return { items: answer.LaunchTemplates, nextToken: answer.NextToken };
      }, call),
    asked,
  );
  return found.map(({ LaunchTemplateName, Tags }) => {
    const tags = readTags(Tags, name, settings);
    const ours = tags !== undefined && tags.contract === LaunchTemplateName;
    return { name: LaunchTemplateName, tags: ours ? tags : undefined };
  });
}
