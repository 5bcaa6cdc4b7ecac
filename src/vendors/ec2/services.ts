import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { PricingClient } from '@aws-sdk/client-pricing';
import type { Asked } from './provider-error.ts';
import { checkReply } from './reply-check.ts';
import type { Settings } from './settings.ts';

export interface Ec2 {
  readonly sdk: typeof import('@aws-sdk/client-ec2');
  readonly client: EC2Client;
}

export interface CloudWatch {
  readonly sdk: typeof import('@aws-sdk/client-cloudwatch');
  readonly client: CloudWatchClient;
}

export interface Pricing {
  readonly sdk: typeof import('@aws-sdk/client-pricing');
  readonly client: PricingClient;
}

/** EC2 itself, with every reply checked before the SDK reads it. */
export async function openEc2(settings: Settings, asked: Asked): Promise<Ec2> {
  const sdk = await import('@aws-sdk/client-ec2');
  const client = new sdk.EC2Client(clientOptions(settings));
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      await checkReply(result.response, actionOf(context.commandName), asked);
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'checkReply' },
  );
  return { sdk, client };
}

export async function openCloudWatch(settings: Settings): Promise<CloudWatch> {
  const sdk = await import('@aws-sdk/client-cloudwatch');
  return { sdk, client: new sdk.CloudWatchClient(clientOptions(settings)) };
}

/** The Pricing API is served in a few regions only, for all of them. */
export async function openPricing(settings: Settings): Promise<Pricing> {
  const sdk = await import('@aws-sdk/client-pricing');
  const options = { ...clientOptions(settings), region: 'us-east-1' };
  return { sdk, client: new sdk.PricingClient(options) };
}

/** Repeating is ours (connection.ts): the SDK must not repeat what is to be sent once. */
function clientOptions({ region, endpoint, profile, timeouts }: Settings): ClientOptions {
  return {
    region,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: Math.min(timeouts.requestMs, 5_000) },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(profile === undefined ? {} : { profile }),
  };
}

interface ClientOptions {
  readonly region: string;
  readonly maxAttempts: number;
  readonly requestHandler: { readonly connectionTimeout: number };
  readonly endpoint?: string;
  readonly profile?: string;
}

function actionOf(commandName: string | undefined): string {
  return commandName?.replace(/Command$/, '') ?? '';
}
