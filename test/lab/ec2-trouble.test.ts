import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  callOf,
  ec2Error,
  failureOf,
  type Lab,
  openEc2,
  proposalsOf,
  settingsFor,
  signedBy,
  startLab,
} from './ec2-lab.ts';
import type { Interference } from './http-proxy.ts';
import { credentials, withMoto } from './moto.ts';

/** What the endpoint can do to us, and what the user is told. */
withMoto(() => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
  });
  beforeEach(() => lab.renew());
  afterAll(() => lab[Symbol.asyncDispose]());

  const always = (interference: Interference): void => {
    lab.proxy.hooks = { interfere: () => interference };
  };

  test.each([
    ['a page of HTML', { kind: 'answer', status: 200, body: '<html><p>Welcome</p></html>' }],
    ['an empty page', { kind: 'answer', status: 200, body: '' }],
    ['another XML', { kind: 'answer', status: 200, body: '<?xml version="1.0"?><feed></feed>' }],
    ['a reply cut short', { kind: 'truncate', bytes: 300 }],
    ['a page that is not found', { kind: 'answer', status: 404, body: '<html>none</html>' }],
  ] satisfies [string, Interference][])(
    '%s is VENDOR.REPLY_MALFORMED and never an empty list',
    async (_, interference) => {
      await using vendor = await lab.open();
      const call = callOf();
      const contract = await signedBy(vendor, call);
      always(interference);
      const failure = await failureOf(Array.fromAsync(vendor.contracts(call)));
      expect(failure.code).toBe('VENDOR.REPLY_MALFORMED');
      expect(failure.next).toContain(lab.proxy.endpoint);
      const end = await failureOf(vendor.withdraw(contract.id, call));
      expect(end.code).toBe('VENDOR.REPLY_MALFORMED');
    },
  );

  test.each([
    ['a broken backend', { kind: 'answer', status: 502, body: '<html>Bad Gateway</html>' }],
    ['an internal error', ec2Error('InternalError', 500)],
    ['an unavailable service', ec2Error('ServiceUnavailable', 503)],
    ['a request limit', ec2Error('RequestLimitExceeded', 503)],
    ['a connection that breaks', { kind: 'drop' }],
  ] satisfies [string, Interference][])(
    '%s is VENDOR.UNREACHABLE, to be tried later, after three tries',
    async (_, interference) => {
      await using vendor = await lab.open();
      always(interference);
      const failure = await failureOf(Array.fromAsync(vendor.contracts(callOf())));
      expect([failure.code, failure.retry]).toEqual(['VENDOR.UNREACHABLE', 'later']);
      expect(lab.proxy.count('DescribeInstances')).toBe(3);
    },
  );

  test('trouble that passes, in every action once, is not noticed', async () => {
    await using vendor = await lab.open();
    const call = callOf();
    lab.proxy.hooks = {
      interfere: ({ action }) => (lab.proxy.count(action) === 1 ? { kind: 'drop' } : undefined),
    };
    const contract = await signedBy(vendor, call);
    expect((await vendor.bind(contract, call)).contract).toBe(contract.id);
    await vendor.withdraw(contract.id, call);
  });

  test.each(['AuthFailure', 'UnauthorizedOperation', 'ExpiredToken', 'OptInRequired'])(
    '%s is VENDOR.UNAUTHORIZED, and says how to give credentials',
    async (code) => {
      await using vendor = await lab.open();
      always(ec2Error(code, 403));
      const failure = await failureOf(Array.fromAsync(vendor.contracts(callOf())));
      expect(failure.code).toBe('VENDOR.UNAUTHORIZED');
      expect(failure.next).toContain('AWS_ACCESS_KEY_ID');
      expect(failure.facts['error']).toBe(code);
      expect(lab.proxy.count('DescribeInstances')).toBe(1);
    },
  );

  test('without any credentials it is VENDOR.UNAUTHORIZED, and says how to give them', async () => {
    const kept = { ...process.env };
    for (const name of Object.keys(credentials)) delete process.env[name];
    Object.assign(process.env, {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/nonexistent',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    });
    try {
      await using vendor = await openEc2(settingsFor(lab.proxy.endpoint, lab.folder));
      const failure = await failureOf(Array.fromAsync(vendor.contracts(callOf())));
      expect(failure.code).toBe('VENDOR.UNAUTHORIZED');
      expect(failure.next).toContain('AWS_ACCESS_KEY_ID');
    } finally {
      for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) {
        delete process.env[name];
      }
      Object.assign(process.env, kept);
    }
  });

  test.each(['InvalidKeyPair.NotFound', 'InvalidGroup.NotFound', 'InvalidParameterValue'])(
    '%s is VENDOR.SETTINGS_INVALID: repeating it would not help',
    async (code) => {
      await using vendor = await lab.open();
      const call = callOf();
      const contract = await signedBy(vendor, call);
      lab.proxy.hooks = {
        interfere: ({ action }) => (action === 'RunInstances' ? ec2Error(code) : undefined),
      };
      const failure = await failureOf(vendor.bind(contract, call));
      expect([failure.code, failure.retry]).toEqual(['VENDOR.SETTINGS_INVALID', 'never']);
      expect(lab.proxy.count('RunInstances')).toBe(1);
      lab.proxy.hooks = {};
      await vendor.withdraw(contract.id, call);
    },
  );

  test('an endpoint that is down is VENDOR.UNREACHABLE, and says where it should be', async () => {
    const endpoint = 'http://127.0.0.1:9';
    await using vendor = await openEc2(settingsFor(endpoint, lab.folder));
    const failure = await failureOf(Array.fromAsync(vendor.contracts(callOf())));
    expect(failure.code).toBe('VENDOR.UNREACHABLE');
    expect(`${failure.message} ${failure.next}`).toContain(endpoint);
  });

  test('an endpoint that never answers is VENDOR.TIMEOUT', async () => {
    await using silent = await silentServer();
    const timeouts = { requestMs: 200 };
    await using vendor = await openEc2(settingsFor(silent.endpoint, lab.folder, { timeouts }));
    const failure = await failureOf(Array.fromAsync(vendor.contracts(callOf())));
    expect([failure.code, failure.retry]).toEqual(['VENDOR.TIMEOUT', 'later']);
  });

  test('an abort while the endpoint is silent settles at once', async () => {
    await using silent = await silentServer();
    await using vendor = await openEc2(settingsFor(silent.endpoint, lab.folder));
    const signal = AbortSignal.timeout(100);
    const beganMs = performance.now();
    const failure = await failureOf(Array.fromAsync(vendor.contracts(callOf({ signal }))));
    expect(failure.code).toBe('VENDOR.TIMEOUT');
    expect(performance.now() - beganMs).toBeLessThan(5_000);
  });

  test('an answer that comes after the abort still counts: what was signed is returned', async () => {
    await using vendor = await lab.open();
    const abort = new AbortController();
    const call = callOf({ signal: abort.signal });
    const [proposal] = await proposalsOf(vendor, call);
    if (proposal === undefined) throw new Error('no proposal');
    lab.proxy.hooks = { before: () => abort.abort() };
    const contract = await vendor.accept(proposal, 0, call);
    lab.proxy.hooks = {};
    const held = await Array.fromAsync(vendor.contracts(callOf()));
    expect(held.map(({ id }) => id)).toEqual([contract.id]);
  });

  test('an aborted bind says what it leaves behind', async () => {
    await using vendor = await lab.open();
    const abort = new AbortController();
    const call = callOf({ signal: abort.signal });
    const contract = await signedBy(vendor, callOf({ conversation: call.conversation }));
    lab.proxy.hooks = {
      after: ({ action }) => {
        if (action === 'RunInstances') abort.abort();
      },
    };
    const failure = await failureOf(vendor.bind(contract, call));
    expect(failure.code).toBe('VENDOR.ABORTED');
    expect(failure.leftBehind).toContain(contract.id);
    lab.proxy.hooks = {};
    await vendor.withdraw(contract.id, callOf());
  });
});

async function silentServer(): Promise<AsyncDisposable & { readonly endpoint: string }> {
  const sockets = new Set<{ destroy(): void }>();
  const server: Server = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
