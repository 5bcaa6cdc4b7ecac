import type {
  CreateLaunchTemplateCommandInput,
  RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { failure } from '../../base/failure.ts';
import type { Contract, Proposal } from '../vendor.ts';
import type { Account } from './account.ts';
import { type Catalogue, can, type Image, imageFor, type Shape, shapeNamed } from './catalogue.ts';
import { type OurTags, placementGroup, proposalFacts, tagsOf } from './names.ts';

/** What a machine is made of. */
export interface Stock {
  readonly catalogue: Catalogue;
  /** By zone, of those that the settings name. */
  readonly subnets: Readonly<Record<string, string>>;
}

/** The template that stands for the contract. Fails when its shape or image is no longer there. */
export function templateRequest(
  { contract, tags }: { readonly contract: Contract; readonly tags: OurTags },
  terms: Stock,
  account: Account,
): CreateLaunchTemplateCommandInput {
  const { settings } = account;
  const { proposal } = contract;
  const shape = shapeNamed(terms.catalogue, proposal.shape);
  const image = shape && imageFor(terms.catalogue, proposal.offered.image, shape);
  if (shape === undefined || image === undefined) {
    const what = `vendor ${account.name} no longer has ${proposal.shape} or ${proposal.offered.image}`;
    throw failure('VENDOR.CAPACITY_GONE', what, { next: 'negotiate again' });
  }
  const Tags = tagsOf(tags, settings);
  const data: RequestLaunchTemplateData = {
    ...machineData(proposal, { shape, image }, account),
    ...networkData(terms.subnets[proposal.site], account),
    ...placementOf(proposal, account),
    TagSpecifications: [
      { ResourceType: 'instance', Tags },
      { ResourceType: 'volume', Tags },
    ],
  };
  return {
    LaunchTemplateName: contract.id,
    VersionDescription: `contract of conversation ${tags.conversation}`.slice(0, 255),
    LaunchTemplateData: data,
    TagSpecifications: [{ ResourceType: 'launch-template', Tags }],
  };
}

function machineData(
  proposal: Proposal,
  { shape, image }: { readonly shape: Shape; readonly image: Image },
  { settings }: Account,
): RequestLaunchTemplateData {
  // The SDK lists the types of its day; EC2 has newer ones.
  const type = { InstanceType: proposal.shape } as Pick<RequestLaunchTemplateData, 'InstanceType'>;
  const VolumeSize = proposal.offered.diskGiB;
  return {
    ...type,
    ImageId: image.ami,
    BlockDeviceMappings: [
      {
        DeviceName: image.rootDevice,
        Ebs: { VolumeType: 'gp3', VolumeSize, DeleteOnTermination: true },
      },
    ],
    ...(settings.keyName === undefined ? {} : { KeyName: settings.keyName }),
    // Standard credits: a burstable machine slows down before it costs more than was agreed.
    ...((shape.can & can.burst) === 0 ? {} : { CreditSpecification: { CpuCredits: 'standard' } }),
  };
}

function networkData(subnet: string | undefined, { settings }: Account): RequestLaunchTemplateData {
  const groups = settings.securityGroup === undefined ? undefined : [...settings.securityGroup];
  if (subnet === undefined) return groups === undefined ? {} : { SecurityGroupIds: groups };
  return {
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        SubnetId: subnet,
        AssociatePublicIpAddress: settings.address === 'public',
        DeleteOnTermination: true,
        ...(groups === undefined ? {} : { Groups: groups }),
      },
    ],
  };
}

/**
 * Zone, group and market; also given when the machine is started, since not every EC2-like
 * endpoint takes them from the template.
 */
export function placementOf(
  proposal: Proposal,
  { settings }: Account,
): Pick<RequestLaunchTemplateData, 'Placement' | 'InstanceMarketOptions'> {
  const { spread, spotMicros } = proposalFacts(proposal) ?? {};
  const group = spread === undefined ? {} : { GroupName: placementGroup(spread, settings) };
  if (spotMicros === undefined) return { Placement: { AvailabilityZone: proposal.site, ...group } };
  return {
    Placement: { AvailabilityZone: proposal.site, ...group },
    InstanceMarketOptions: {
      MarketType: 'spot',
      // What was agreed is the most we pay: EC2 ends the machine when its price rises above it.
      SpotOptions: { MaxPrice: (spotMicros / 1_000_000).toFixed(6) },
    },
  };
}
