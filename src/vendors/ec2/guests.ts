import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { failure } from '../../base/failure.ts';
import type { Call, Contract } from '../vendor.ts';
import { throwIfAborted } from '../vendor-failure.ts';
import type { Account } from './account.ts';
import type { RunningMachine } from './machines.ts';

/** Where a machine's ssh server is. */
export interface GuestAddress {
  readonly host: string;
  readonly port: number;
}

/** Where the contract's running machine is reached, by the settings `address` and `endpoints`. */
export async function guestAddress(
  machine: RunningMachine,
  contract: Contract,
  { settings }: Account,
): Promise<GuestAddress> {
  const mapped = await mappedAddress(machine, contract, settings.endpoints);
  if (mapped !== undefined) return mapped;
  // A subnet without public addresses gives none at all; the private one is then the address.
  const { publicAddress, privateAddress } = machine;
  const host = settings.address === 'public' ? (publicAddress ?? privateAddress) : privateAddress;
  return { host, port: 22 };
}

async function mappedAddress(
  machine: RunningMachine,
  { id, proposal, unit }: Contract,
  endpoints: Account['settings']['endpoints'],
): Promise<GuestAddress | undefined> {
  if (endpoints === undefined) return undefined;
  const table = typeof endpoints === 'string' ? await readTable(endpoints) : endpoints;
  const { objective } = proposal;
  const keys = [
    machine.id,
    machine.privateAddress ?? '',
    id,
    `${objective}/${unit}`,
    objective,
    '*',
  ];
  const found = keys.map((key) => table[key]).find((value) => value !== undefined);
  if (found === undefined) return undefined;
  const [, host = '', port = '22'] = HOST_PORT.exec(found) ?? [];
  if (host !== '') return { host, port: Number(port) };
  throw failure('VENDOR.SETTINGS_INVALID', `setting endpoints: ${found} is no HOST:PORT`);
}

const HOST_PORT = /^([A-Za-z0-9.-]{1,253}|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?$/;

async function readTable(path: string): Promise<Readonly<Record<string, string>>> {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const what = `setting endpoints: ${path} is no readable JSON table of HOST:PORT`;
    throw failure('VENDOR.SETTINGS_INVALID', what, { cause });
  }
}

/** Waits until an ssh server greets at the address. Fails with VENDOR.TIMEOUT after `untilMs`. */
export async function waitForSsh(
  at: GuestAddress,
  { clock, untilMs, pollMs }: { clock: Clock; untilMs: number; pollMs: number },
  call: Call,
): Promise<void> {
  while (!(await greets(at, call.signal))) {
    throwIfAborted(call);
    if (clock.nowMs() >= untilMs) {
      throw failure('VENDOR.TIMEOUT', `no ssh server answers at ${at.host}:${at.port}`, {
        retry: 'later',
        next: 'see that the security group lets port 22 in',
      });
    }
    await clock.sleep(pollMs, call.signal).catch(() => throwIfAborted(call));
  }
}

/** RFC 4253 §4.2: a server begins with its version, `SSH-2.0-…`. */
function greets({ host, port }: GuestAddress, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port, signal });
  socket.setTimeout(greetingMs, () => socket.destroy());
  socket.once('data', (chunk) => {
    resolve(chunk.toString('latin1').startsWith('SSH-'));
    socket.destroy();
  });
  socket.once('error', () => resolve(false));
  socket.once('close', () => resolve(false));
  return promise;
}

const greetingMs = 5_000;
