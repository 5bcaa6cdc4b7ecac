/** A moto server for one test file: the EC2 protocol on a loopback port, with state in memory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  EC2Client,
  type Instance,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { test } from 'vitest';

const program = fileURLToPath(new URL('../../.lab/moto/bin/moto_server', import.meta.url));

/** Why there is no moto here; `undefined` when there is. */
export const motoMissing: string | undefined = existsSync(program)
  ? undefined
  : `${program} is not there: run scripts/lab-moto.sh`;

/**
 * Registers the suite. Without moto it is skipped and says why, or fails where CI=true: a suite
 * that nobody runs proves nothing.
 */
export function withMoto(suite: () => void): void {
  if (motoMissing === undefined) suite();
  else if (process.env['CI'] === 'true') {
    test('moto is installed', () => Promise.reject(new Error(motoMissing)));
  } else test.skip(`not run: ${motoMissing}`, () => undefined);
}

export interface Moto extends AsyncDisposable {
  readonly endpoint: string;
  readonly client: EC2Client;
  /** Forgets everything, as after a start. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export const region = 'us-east-1';
/** Moto's Ubuntu 16.04: a Linux image for x86_64. */
export const image = 'ami-785db401';

/** The chain finds these; they open nothing but moto. */
export const credentials: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: 'lab',
  AWS_SECRET_ACCESS_KEY: 'lab-secret-key',
  AWS_EC2_METADATA_DISABLED: 'true',
};

export async function startMoto(): Promise<Moto> {
  Object.assign(process.env, credentials);
  const port = await freePort();
  const child = spawn(program, ['-H', '127.0.0.1', '-p', `${port}`], { stdio: 'ignore' });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    process.off('exit', endWithUs);
    await ended(child);
  };
  try {
    await answers(`${endpoint}/moto-api/data.json`, child);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  const client = new EC2Client({ region, endpoint });
  return {
    endpoint,
    client,
    reset: async () => {
      await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** What the SDK sees of ours without the driver: machines that have not ended, and templates. */
export async function oursAt(
  { client }: Pick<Moto, 'client'>,
  prefix = 'skypact',
): Promise<{ readonly machines: readonly Instance[]; readonly templates: readonly string[] }> {
  const Filters = [{ Name: 'tag-key', Values: [`${prefix}:contract`] }];
  const { LaunchTemplates = [] } = await client.send(
    new DescribeLaunchTemplatesCommand({ Filters, MaxResults: 200 }),
  );
  const { Reservations = [] } = await client.send(
    new DescribeInstancesCommand({ Filters, MaxResults: 1000 }),
  );
  const machines = Reservations.flatMap(({ Instances = [] }) => Instances).filter(
    ({ State }) => State?.Name !== 'terminated',
  );
  return {
    machines,
    templates: LaunchTemplates.map(({ LaunchTemplateName = '' }) => LaunchTemplateName),
  };
}

/** Every machine that has not ended, whoever it belongs to. */
export async function allMachines({ client }: Pick<Moto, 'client'>): Promise<readonly Instance[]> {
  const { Reservations = [] } = await client.send(
    new DescribeInstancesCommand({ MaxResults: 1000 }),
  );
  const machines = Reservations.flatMap(({ Instances = [] }) => Instances);
  return machines.filter(({ State }) => State?.Name !== 'terminated');
}

/** Somebody else's machine: untagged, or tagged by another program in a similar way. */
export async function foreignMachine(
  { client }: Pick<Moto, 'client'>,
  tags: Readonly<Record<string, string>> = {},
  ClientToken?: string,
): Promise<string> {
  const { Instances = [] } = await client.send(
    new RunInstancesCommand({
      ImageId: image,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      ClientToken,
    }),
  );
  const id = Instances[0]?.InstanceId ?? '';
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if (Tags.length > 0) await client.send(new CreateTagsCommand({ Resources: [id], Tags }));
  return id;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (const untilMs = Date.now() + 60_000; Date.now() < untilMs; await setTimeout(50)) {
    if (child.exitCode !== null) throw new Error(`moto ended with ${child.exitCode}`);
    const reply = await fetch(url).catch(() => undefined);
    await reply?.arrayBuffer();
    if (reply?.ok) return;
  }
  throw new Error('moto did not answer within 60 s');
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const patience = setTimeout(3_000).then(() => child.kill('SIGKILL'));
  await Promise.race([once(child, 'exit'), patience]);
}
