import { type Failure, failure, isFailure } from '../../base/failure.ts';
import type { VendorCode } from '../vendor.ts';

/** Whom we asked, for messages: the instance's name and the endpoint or region. */
export interface Asked {
  readonly vendor: string;
  readonly where: string;
}

/**
 * What the SDK threw, as a Failure with a VendorCode; the provider's own word for it is the fact
 * `error`. The thrown value is not kept as a cause: it holds the request with its session token.
 */
export function providerFailure(thrown: unknown, asked: Asked): Failure {
  if (isFailure(thrown)) return thrown;
  const { name, message, status } = read(thrown);
  const kind = kindOf(name, status);
  const { code, retry, next } = kinds[kind];
  const said = message === '' || kind === 'unauthorized' ? '' : `: ${message}`;
  return failure(code, `vendor ${asked.vendor}: ${asked.where}: ${name}${said}`, {
    retry,
    facts: { vendor: asked.vendor, error: name, ...(status === undefined ? {} : { status }) },
    ...(next === undefined ? {} : { next: next(asked) }),
  });
}

/** The provider's word for what went wrong, such as `InvalidInstanceID.NotFound`. */
export function providerError(thrown: unknown): string | undefined {
  if (!isFailure(thrown)) return undefined;
  const error = thrown.facts['error'];
  return typeof error === 'string' ? error : undefined;
}

/** Whether EC2 had no room, refusing a machine or ending it as `Server.InsufficientInstanceCapacity`. */
export function isShortage(thrown: unknown): boolean {
  return capacity.has((providerError(thrown) ?? '').replace(/^Server\./, ''));
}

type Kind =
  | 'unauthorized'
  | 'capacity'
  | 'busy'
  | 'unreachable'
  | 'rubbish'
  | 'timeout'
  | 'refused';

interface Meaning {
  readonly code: VendorCode;
  readonly retry: Failure['retry'];
  readonly next?: (asked: Asked) => string;
}

const kinds: Record<Kind, Meaning> = {
  unauthorized: {
    code: 'VENDOR.UNAUTHORIZED',
    retry: 'never',
    next: () =>
      'give credentials by the AWS chain: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, ' +
      '`aws sso login`, or the setting `profile`; they need the rights listed in docs/vendor-ec2.md',
  },
  capacity: { code: 'VENDOR.CAPACITY_GONE', retry: 'later' },
  busy: { code: 'VENDOR.UNREACHABLE', retry: 'later' },
  unreachable: {
    code: 'VENDOR.UNREACHABLE',
    retry: 'later',
    next: ({ vendor, where }) => `see that ${where} answers; then skypact vendor check ${vendor}`,
  },
  timeout: { code: 'VENDOR.TIMEOUT', retry: 'later' },
  rubbish: {
    code: 'VENDOR.REPLY_MALFORMED',
    retry: 'later',
    next: ({ where }) => `see that ${where} is an EC2 endpoint, with no proxy answering for it`,
  },
  refused: {
    code: 'VENDOR.SETTINGS_INVALID',
    retry: 'never',
    next: ({ vendor }) => `skypact vendor describe ${vendor}, and correct its settings`,
  },
};

function kindOf(name: string, status: number | undefined): Kind {
  if (unauthorized.has(name) || status === 401 || status === 403) return 'unauthorized';
  if (capacity.has(name)) return 'capacity';
  if (busy.has(name) || status === 429) return 'busy';
  if (name === 'TimeoutError') return 'timeout';
  if (network.has(name) || (status !== undefined && status >= 500)) return 'unreachable';
  return status !== undefined && status >= 400 ? 'refused' : 'rubbish';
}

const unauthorized = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'AuthFailure',
  'UnauthorizedOperation',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'MissingAuthenticationToken',
  'UnrecognizedClientException',
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'AccessDenied',
  'AccessDeniedException',
  'OptInRequired',
  'PendingVerification',
  'Blocked',
]);

/** EC2's words for "not now, or not here": another shape or site may do. */
const capacity = new Set([
  'InsufficientInstanceCapacity',
  'InsufficientHostCapacity',
  'InsufficientReservedInstanceCapacity',
  'InsufficientCapacity',
  'InsufficientFreeAddressesInSubnet',
  'InsufficientVolumeCapacity',
  'InstanceLimitExceeded',
  'VcpuLimitExceeded',
  'MaxSpotInstanceCountExceeded',
  'SpotMaxPriceTooLow',
  'VolumeLimitExceeded',
  'Unsupported',
]);

const busy = new Set([
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
  'RequestThrottled',
  'TooManyRequestsException',
  'LimitExceededException',
]);

const network = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
  'EPROTO',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function read(thrown: unknown): { name: string; message: string; status: number | undefined } {
  if (!(thrown instanceof Error)) return { name: 'unknown', message: '', status: undefined };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  const name = network.has(code) ? code : thrown.name;
  const status = '$metadata' in thrown ? statusOf(thrown.$metadata) : undefined;
  return { name, message: redacted(thrown.message), status };
}

function statusOf(metadata: unknown): number | undefined {
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const status = 'httpStatusCode' in metadata ? metadata.httpStatusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** The first line, at a readable length, without anything shaped like a key (V14). */
function redacted(message: string): string {
  const [line = ''] = message.split('\n');
  return line.replaceAll(/\b(AKIA|ASIA)[A-Z0-9]{12,}|[A-Za-z0-9/+=]{40,}/g, '…').slice(0, 300);
}
