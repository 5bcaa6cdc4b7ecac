/**
 * Stands between a driver and its provider: counts requests by action, and interferes with those
 * that a test names, before or after the provider has seen them.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';

export interface ProxiedRequest {
  /** Counts from 1, over all requests, and over those that change something. */
  readonly number: number;
  readonly change: number;
  /** `RunInstances`. */
  readonly action: string;
  readonly changes: boolean;
  /** EC2's parameters. */
  readonly parameters: URLSearchParams;
}

/** What becomes of a request. Absent: it is forwarded. */
export type Interference =
  /** The connection breaks before the provider sees it. */
  | { readonly kind: 'drop' }
  /** The provider does it, and the connection breaks before its answer arrives. */
  | { readonly kind: 'lose-answer' }
  /** The provider does it, and its answer is cut short. */
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** The provider never sees it; this is the answer, as if it had done what was asked. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** It is forwarded after a time. */
  | { readonly kind: 'delay'; readonly ms: number };

export interface ProxyHooks {
  /** Asked before anything is forwarded. */
  readonly interfere?: (
    request: ProxiedRequest,
  ) => Interference | undefined | Promise<Interference | undefined>;
  /** Called when a request has come, and when the provider has done it; the proxy waits for both. */
  readonly before?: (request: ProxiedRequest) => void | Promise<void>;
  readonly after?: (request: ProxiedRequest) => void | Promise<void>;
}

export interface LabProxy extends AsyncDisposable {
  readonly endpoint: string;
  /** May be replaced at any time. */
  hooks: ProxyHooks;
  readonly seen: readonly ProxiedRequest[];
  /** How many requests of the action came. */
  count(action: string): number;
  /** How long the provider was at work: while at least one request was with it. */
  providerMs(): number;
  /** Counts anew. */
  forget(): void;
  stop(): Promise<void>;
}

export async function startProxy(target: string, hooks: ProxyHooks = {}): Promise<LabProxy> {
  const seen: ProxiedRequest[] = [];
  let changes = 0;
  let providerMs = 0;
  let underWay = 0;
  let busySinceMs = 0;

  const atWork = async <T>(work: () => Promise<T>): Promise<T> => {
    if (underWay === 0) busySinceMs = performance.now();
    underWay += 1;
    try {
      return await work();
    } finally {
      underWay -= 1;
      if (underWay === 0) providerMs += performance.now() - busySinceMs;
    }
  };

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await bodyOf(incoming);
    const parameters = new URLSearchParams(body);
    const action = actionOf(incoming, parameters);
    const isChange = !/^(Describe|Get|List)/.test(action);
    if (isChange) changes += 1;
    const number = seen.length + 1;
    const request = { number, change: changes, action, changes: isChange, parameters };
    seen.push(request);
    await proxy.hooks.before?.(request);
    const interference = await proxy.hooks.interfere?.(request);
    if (interference?.kind === 'drop') return void outgoing.destroy();
    if (interference?.kind === 'answer') {
      await proxy.hooks.after?.(request);
      outgoing.writeHead(interference.status, { 'content-type': 'text/html' });
      return void outgoing.end(interference.body);
    }
    if (interference?.kind === 'delay') await setTimeout(interference.ms);
    const { reply, answer } = await atWork(async () => {
      const reply = await fetch(`${target}${incoming.url ?? '/'}`, {
        method: incoming.method ?? 'POST',
        headers: forwarded(incoming),
        ...(body === '' ? {} : { body }),
      });
      return { reply, answer: Buffer.from(await reply.arrayBuffer()) };
    });
    await proxy.hooks.after?.(request);
    if (interference?.kind === 'lose-answer') return void outgoing.destroy();
    const contentType = reply.headers.get('content-type') ?? 'text/xml';
    const short =
      interference?.kind === 'truncate' ? answer.subarray(0, interference.bytes) : answer;
    outgoing.writeHead(reply.status, { 'content-type': contentType });
    outgoing.end(short);
  };

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  const proxy: LabProxy = {
    endpoint: `http://127.0.0.1:${address.port}`,
    hooks,
    seen,
    count: (action) => seen.filter((request) => request.action === action).length,
    providerMs: () => providerMs,
    forget: () => {
      seen.length = 0;
      changes = 0;
      providerMs = 0;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
  return proxy;
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (chunk instanceof Buffer) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** EC2 names the action in the form; newer protocols in a header or the path. */
function actionOf({ headers, url = '' }: IncomingMessage, parameters: URLSearchParams): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1) ?? target;
  return parameters.get('Action') ?? url.split('/').at(-1) ?? url;
}

function forwarded({ headers }: IncomingMessage): Headers {
  const kept = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string' || hopByHop.has(name)) continue;
    kept.set(name, value);
  }
  return kept;
}

const hopByHop = new Set(['host', 'connection', 'content-length', 'expect', 'transfer-encoding']);
