import { expect, test } from 'vitest';
import { type Failure, isFailure } from '../../../src/base/failure.ts';
import { type ConversationId, id } from '../../../src/sla/ids.ts';
import { connect } from '../../../src/vendors/ec2/connection.ts';
import { isShortage, providerFailure } from '../../../src/vendors/ec2/provider-error.ts';
import { checkReply } from '../../../src/vendors/ec2/reply-check.ts';
import type { Call } from '../../../src/vendors/vendor.ts';

const asked = { vendor: 'aws', where: 'http://ec2.test' };

function callOf(signal: AbortSignal = new AbortController().signal): Call {
  return { conversation: id<ConversationId>('talk'), signal, progress: () => undefined };
}

/** A service that fails as told, over a clock that is always later. */
function bench(failures: readonly unknown[]) {
  const slept: number[] = [];
  const state = { asks: 0, opened: 0, destroyed: 0 };
  const connection = connect(
    () => {
      state.opened += 1;
      const destroy = (): void => {
        state.destroyed += 1;
      };
      return Promise.resolve({ client: { destroy } });
    },
    {
      asked,
      requestMs: 1_000,
      clock: {
        nowMs: () => 0,
        sleep: (ms) => {
          slept.push(ms);
          return Promise.resolve();
        },
      },
    },
  );
  const ask = (): Promise<string> => {
    const thrown = failures[state.asks];
    state.asks += 1;
    return thrown === undefined ? Promise.resolve('answer') : Promise.reject(thrown);
  };
  return { connection, ask, slept, state };
}

function sdkError(name: string, status?: number, changes: object = {}): Error {
  const $metadata = status === undefined ? {} : { httpStatusCode: status };
  return Object.assign(new Error('said the SDK'), { name, $metadata, ...changes });
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isFailure(thrown)) return thrown;
  throw new Error('no failure', { cause: thrown });
}

test('a service is opened at its first request, once, and closed at the end', async () => {
  const { connection, ask, state } = bench([]);
  expect(state.opened).toBe(0);
  await connection.read(ask, callOf());
  await connection.read(ask, callOf());
  await connection[Symbol.asyncDispose]();
  expect(state).toEqual({ asks: 2, opened: 1, destroyed: 1 });
});

test('reading is repeated on trouble, with growing pauses', async () => {
  const { connection, ask, slept } = bench([sdkError('InternalError', 500), sdkError('X', 503)]);
  expect(await connection.read(ask, callOf())).toBe('answer');
  expect(slept).toEqual([500, 1_000]);
});

test('reading gives up after three tries, with the last trouble', async () => {
  const busy = sdkError('RequestLimitExceeded', 503);
  const { connection, ask, state } = bench([busy, busy, busy, busy]);
  const failure = await failureOf(connection.read(ask, callOf()));
  expect([failure.code, failure.facts['error'], state.asks]).toEqual([
    'VENDOR.UNREACHABLE',
    'RequestLimitExceeded',
    3,
  ]);
});

test('what another try cannot change is not repeated', async () => {
  const { connection, ask, state } = bench([sdkError('UnauthorizedOperation', 403)]);
  expect((await failureOf(connection.repeat(ask, callOf()))).code).toBe('VENDOR.UNAUTHORIZED');
  expect(state.asks).toBe(1);
});

test('what is to be sent once is sent once', async () => {
  const { connection, ask, state } = bench([sdkError('InternalError', 500)]);
  expect((await failureOf(connection.once(ask, callOf()))).code).toBe('VENDOR.UNREACHABLE');
  expect(state.asks).toBe(1);
});

test('an aborted call asks nothing', async () => {
  const { connection, ask, state } = bench([]);
  const failure = await failureOf(connection.read(ask, callOf(AbortSignal.abort())));
  expect([failure.code, state.asks]).toEqual(['VENDOR.ABORTED', 0]);
});

test('reading stops with the call; a change that was sent is waited for', async () => {
  const { connection } = bench([]);
  const abort = new AbortController();
  const late = Promise.withResolvers<string>();
  const sent = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const reading = connection.read(() => {
    sent[0].resolve();
    return late.promise;
  }, callOf(abort.signal));
  const changing = connection.once(() => {
    sent[1].resolve();
    return late.promise;
  }, callOf(abort.signal));
  const read = failureOf(reading);
  await Promise.all(sent.map(({ promise }) => promise));
  abort.abort();
  expect((await read).code).toBe('VENDOR.ABORTED');
  late.resolve('done');
  expect(await changing).toBe('done');
});

test.each([
  ['CredentialsProviderError', undefined, 'VENDOR.UNAUTHORIZED', 'never'],
  ['AuthFailure', 401, 'VENDOR.UNAUTHORIZED', 'never'],
  ['Whatever', 403, 'VENDOR.UNAUTHORIZED', 'never'],
  ['InsufficientInstanceCapacity', 500, 'VENDOR.CAPACITY_GONE', 'later'],
  ['VcpuLimitExceeded', 400, 'VENDOR.CAPACITY_GONE', 'later'],
  ['Throttling', 400, 'VENDOR.UNREACHABLE', 'later'],
  ['InternalError', 500, 'VENDOR.UNREACHABLE', 'later'],
  ['TimeoutError', undefined, 'VENDOR.TIMEOUT', 'later'],
  ['InvalidParameterValue', 400, 'VENDOR.SETTINGS_INVALID', 'never'],
  ['SyntaxError', 200, 'VENDOR.REPLY_MALFORMED', 'later'],
  ['Error', undefined, 'VENDOR.REPLY_MALFORMED', 'later'],
])('%s with status %s is %s', (name, status, code, retry) => {
  const failure = providerFailure(sdkError(name, status), asked);
  expect([failure.code, failure.retry]).toEqual([code, retry]);
});

test('a broken connection is known by its code', () => {
  const failure = providerFailure(sdkError('Error', undefined, { code: 'ECONNREFUSED' }), asked);
  expect(failure.code).toBe('VENDOR.UNREACHABLE');
  expect(failure.facts['error']).toBe('ECONNREFUSED');
  expect(failure.next).toContain('http://ec2.test');
});

test('no key, signature or request travels in a failure', () => {
  const signature = 'a1b2c3d4'.repeat(8);
  const thrown = Object.assign(new Error(`AKIAIOSFODNN7EXAMPLE sent ${signature}\nsecond line`), {
    name: 'InvalidParameterValue',
    $metadata: { httpStatusCode: 400 },
    $response: { headers: { 'x-amz-security-token': 'token' } },
  });
  const failure = providerFailure(thrown, asked);
  const all = `${failure.message} ${JSON.stringify(failure)}`;
  expect(all).not.toMatch(/AKIA|a1b2c3d4|second line|token/);
  expect(failure.cause).toBeUndefined();
});

test('EC2 is short of machines whether it refuses one or ends it', () => {
  const ended = { ...providerFailure(sdkError('X', 400), asked) };
  expect(isShortage(providerFailure(sdkError('InsufficientInstanceCapacity', 500), asked))).toBe(
    true,
  );
  const shortage = Object.assign(new Error('x'), ended, {
    code: 'VENDOR.CAPACITY_GONE',
    facts: { error: 'Server.InsufficientInstanceCapacity' },
  });
  expect(isShortage(shortage)).toBe(true);
  expect(
    isShortage(Object.assign(shortage, { facts: { error: 'Client.UserInitiatedShutdown' } })),
  ).toBe(false);
});

const page = '<html><body>Welcome</body></html>';
const listing = '<?xml version="1.0"?>\n<DescribeXResponse xmlns="x"><set/></DescribeXResponse>\n';
const error = '<?xml version="1.0"?><Response><Errors><Error/></Errors></Response>';

test.each([
  [200, listing],
  [400, error],
  [500, error],
])('a whole reply of EC2 passes, and the SDK still reads it: %i', async (statusCode, body) => {
  const reply = { statusCode, body: new TextEncoder().encode(body) as unknown };
  await checkReply(reply, 'DescribeX', asked);
  expect(new TextDecoder().decode(reply.body as Uint8Array)).toBe(body);
});

test.each([
  [200, page, 'VENDOR.REPLY_MALFORMED'],
  [200, '', 'VENDOR.REPLY_MALFORMED'],
  [200, listing.slice(0, 50), 'VENDOR.REPLY_MALFORMED'],
  [200, listing.replaceAll('DescribeX', 'DescribeY'), 'VENDOR.REPLY_MALFORMED'],
  [404, page, 'VENDOR.REPLY_MALFORMED'],
  [502, page, 'VENDOR.UNREACHABLE'],
])('anything else is no answer: %i %j', async (statusCode, body, code) => {
  const reply = { statusCode, body: chunked(body) };
  expect((await failureOf(checkReply(reply, 'DescribeX', asked))).code).toBe(code);
});

async function* chunked(text: string): AsyncIterable<Uint8Array> {
  for (let from = 0; from < text.length; from += 7) {
    yield await Promise.resolve(new TextEncoder().encode(text.slice(from, from + 7)));
  }
}
