/** Spread placement groups: EC2 puts the machines of one on different hardware. */
import { isFailure } from '../../base/failure.ts';
import type { Call } from '../vendor.ts';
import type { Account } from './account.ts';
import { type OurTags, placementGroup, tagsOf } from './names.ts';
import { providerError } from './provider-error.ts';

/** Creates the group of these tags; one that is there is the group. */
export async function createGroup(
  tags: Omit<OurTags, 'spread'> & { readonly spread: string },
  { ec2, settings }: Account,
  call: Call,
): Promise<void> {
  // A group outlives the contract that needed it first, so it carries no contract's tag.
  const Tags = tagsOf(tags, settings).filter(({ Key }) => kept.some((name) => Key.endsWith(name)));
  try {
    await ec2.repeat(
      ({ sdk, client }, options) =>
        client.send(
          new sdk.CreatePlacementGroupCommand({
            GroupName: placementGroup(tags.spread, settings),
            Strategy: 'spread',
            TagSpecifications: [{ ResourceType: 'placement-group', Tags }],
          }),
          options,
        ),
      call,
    );
  } catch (thrown) {
    if (providerError(thrown) !== 'InvalidPlacementGroup.Duplicate') throw thrown;
  }
}

const kept = ['Name', ':vendor', ':conversation', ':objective', ':spread'];

/**
 * Deletes the group when no machine is in it. Whoever ends the last machine of a group comes here
 * after it, so nobody needs to know who is the last; a machine that starts later makes it anew.
 */
export async function deleteEmptyGroup(
  spread: string,
  { ec2, settings }: Account,
  call: Call,
): Promise<void> {
  const GroupName = placementGroup(spread, settings);
  try {
    await ec2.repeat(
      ({ sdk, client }, options) =>
        client.send(new sdk.DeletePlacementGroupCommand({ GroupName }), options),
      call,
    );
  } catch (thrown) {
    if (!isFailure(thrown) || !inUseOrGone.has(providerError(thrown) ?? '')) throw thrown;
  }
}

const inUseOrGone = new Set(['InvalidPlacementGroup.InUse', 'InvalidPlacementGroup.Unknown']);
