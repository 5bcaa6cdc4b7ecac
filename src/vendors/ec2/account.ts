import type { Clock } from '../../base/clock.ts';
import { failure } from '../../base/failure.ts';
import { limits } from '../../base/limits.ts';
import { type Connection, connect } from './connection.ts';
import type { Asked } from './provider-error.ts';
import {
  type CloudWatch,
  type Ec2,
  openCloudWatch,
  openEc2,
  openPricing,
  type Pricing,
} from './services.ts';
import type { Settings } from './settings.ts';

/** One vendor instance's way to its provider. */
export interface Account extends AsyncDisposable {
  readonly name: string;
  readonly settings: Settings;
  readonly clock: Clock;
  /** Whom we ask, for messages. */
  readonly asked: Asked;
  readonly ec2: Connection<Ec2>;
  readonly cloudWatch: Connection<CloudWatch>;
  readonly pricing: Connection<Pricing>;
}

/** Opens nothing yet: each service is connected at its first request. */
export function openAccount(name: string, settings: Settings, clock: Clock): Account {
  const asked = { vendor: name, where: settings.endpoint ?? `EC2 in ${settings.region}` };
  const options = { asked, clock, requestMs: settings.timeouts.requestMs };
  const ec2 = connect(() => openEc2(settings, asked), options);
  const cloudWatch = connect(() => openCloudWatch(settings), options);
  const pricing = connect(() => openPricing(settings), options);
  return {
    name,
    settings,
    clock,
    asked,
    ec2,
    cloudWatch,
    pricing,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([ec2, cloudWatch, pricing].map((one) => one[Symbol.asyncDispose]()));
    },
  };
}

/** One page of a listing, and the token of the next. */
export interface Page<T> {
  readonly items: readonly T[] | undefined;
  readonly nextToken: string | undefined;
}

/** All pages of a listing. A list without end, or the same token again, is malformed. */
export async function allPages<T>(
  page: (token: { readonly NextToken?: string }) => Promise<Page<T>>,
  { vendor, where }: Asked,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  for (let pages = 0; pages < limits.ec2Pages; pages += 1) {
    const { items = [], nextToken } = await page(token === undefined ? {} : { NextToken: token });
    all.push(...items);
    if (nextToken === undefined || nextToken === '') return all;
    if (nextToken === token) break;
    token = nextToken;
  }
  throw failure('VENDOR.REPLY_MALFORMED', `vendor ${vendor}: ${where} listed without end`);
}
