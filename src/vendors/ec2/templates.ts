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
  const filters = [{ Name: 'launch-template-name', Values: [contract] }];
  const found = await find(filters, account, call);
  // EC2's filters have wildcards; an id has none.
  return found.find((tags) => tags.contract === contract);
}

/** All contracts that this vendor instance signed and has not let go. */
export function templates(account: Account, call: Call): Promise<readonly OurTags[]> {
  const { vendor } = tagNames(account.settings);
  return find([{ Name: `tag:${vendor}`, Values: [account.name] }], account, call);
}

/** Deletes it; one that is gone is deleted. */
export async function deleteTemplate(
  contract: ContractId,
  account: Account,
  call: Call,
): Promise<void> {
  if ((await templateOf(contract, account, call)) === undefined) return;
  try {
    await account.ec2.repeat(
      ({ sdk, client }, options) =>
        client.send(new sdk.DeleteLaunchTemplateCommand({ LaunchTemplateName: contract }), options),
      call,
    );
  } catch (thrown) {
    // Another process was faster; endpoints differ in the word they have for that.
    if (!isFailure(thrown) || providerError(thrown) === undefined) throw thrown;
    if ((await templateOf(contract, account, call)) !== undefined) throw thrown;
  }
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

async function find(Filters: Filter[], account: Account, call: Call): Promise<OurTags[]> {
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
  return found.flatMap(({ LaunchTemplateName, Tags }): OurTags[] => {
    const tags = readTags(Tags, name, settings);
    return tags !== undefined && tags.contract === LaunchTemplateName ? [tags] : [];
  });
}
