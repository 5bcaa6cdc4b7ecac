import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { failure } from '../../base/failure.ts';
import { limits } from '../../base/limits.ts';
import type { Call, ContractId } from '../vendor.ts';
import { throwIfAborted } from '../vendor-failure.ts';
import { clear, ensureKey, furnish, type Guest, setAside } from './guest-files.ts';
import type { Ledger } from './ledger.ts';
import { mentions, type Process, processAt, related } from './processes.ts';
import type { GuestRecord, Held } from './rows.ts';
import { machineOf } from './seal.ts';
import type { Settings } from './settings.ts';

const pollMs = 10;
/** sshd listens some 20 ms after its start; a busy machine takes longer. */
const listenMs = 10_000;
const connectMs = 500;
/** Ports may be taken by others between our look and the start of sshd. */
const portsTried = 4;
/** A session of a guest that died may hold its port for a moment longer. */
const startsPerPort = 2;

/**
 * Machines as real sshd processes on loopback ports, each with a folder of its own that is the home
 * of whoever logs in. They share the kernel, the users and the files of this machine: something to
 * talk to in tests, no isolation. Each outlives us and is ended by withdrawing its contract.
 *
 * A port has one listener, and a contract one port: so of several processes that start one guest at
 * once, one succeeds, and the others find its process by the pid file it has written.
 */
export class Guests {
  /** `key:` and the path of the private key that every guest lets in. */
  readonly credentialRef: string;
  readonly #ledger: Ledger;
  readonly #folder: string;
  readonly #sshd: string;
  readonly #publicKey: string;

  private constructor(at: { key: string; folder: string; sshd: string; ledger: Ledger }) {
    this.credentialRef = `key:${at.key}`;
    this.#publicKey = readFileSync(`${at.key}.pub`, 'utf8');
    this.#folder = at.folder;
    this.#sshd = at.sshd;
    this.#ledger = at.ledger;
  }

  /** Fails with VENDOR.SETTINGS_INVALID where no guest could start. */
  static async open(folder: string, settings: Settings, ledger: Ledger): Promise<Guests> {
    const { sshd, guestKey } = settings;
    if (process.platform !== 'linux') throw unfit('guests: sshd needs Linux', 'set guests to none');
    if (!existsSync(sshd)) {
      throw unfit(`there is no ${sshd}`, 'apt-get install openssh-server, or set sshd to its path');
    }
    if (/[\s"'%\\]/.test(folder)) {
      throw unfit(`sshd cannot use the folder ${folder}`, 'set a folder without blanks and quotes');
    }
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const key = guestKey ?? (await ensureKey(join(folder, 'key')));
    if (!existsSync(`${key}.pub`)) {
      throw unfit(`there is no ${key}.pub`, 'set guestKey to a private key with .pub beside it');
    }
    return new Guests({ key, folder, sshd, ledger });
  }

  endpointOf({ guest }: Pick<Held, 'guest'>): string {
    return `ssh://${userInfo().username}@127.0.0.1:${guest.port}`;
  }

  /** Returns when the guest listens, or the contract is gone. Repeatable; never two. */
  async start({ id }: Pick<Held, 'id'>, call: Call): Promise<void> {
    for (let attempt = 1; attempt <= portsTried * startsPerPort; attempt += 1) {
      const guest = await this.#claimPort(id, call);
      if (guest === undefined) return;
      const running = this.#runningAt(guest) ?? (await this.#launch(guest, call));
      if (running !== undefined) {
        await this.#record(id, { port: guest.port, ...running }, call);
        return;
      }
      if (attempt % startsPerPort === 0) await this.#givePortUp(id, guest, call);
    }
    throw failure('VENDOR.UNREACHABLE', `sshd does not start on any of ${portsTried} ports`, {
      retry: 'later',
      next: `read ${join(this.#guestOf(id, 0).folder, 'log')}`,
    });
  }

  /** Returns when no process of the guest is left. Its files go first: what starts late finds none. */
  async end(id: ContractId, call: Call): Promise<void> {
    const guest = this.#guestOf(id, 0);
    setAside(guest);
    for (let waitedMs = 0; waitedMs <= limits.perfcloudGuestEndMs; waitedMs += pollMs) {
      const left = related(guest.config, guest.mark);
      if (left.length === 0) {
        clear(guest);
        return;
      }
      for (const { pid } of left) endProcess(pid);
      throwIfAborted(call);
      await sleep(pollMs);
    }
    throw failure('VENDOR.TIMEOUT', `the guest of ${id} does not end`, {
      retry: 'later',
      leftBehind: `processes of ${guest.folder}`,
    });
  }

  /** Whether its process is there, and whether its port answers. */
  async look({ guest }: Pick<Held, 'guest'>): Promise<{ on: boolean; reachable: boolean }> {
    const on = isAlive(guest);
    return { on, reachable: on && (await answers(guest.port)) };
  }

  #guestOf(id: ContractId, port: number): Guest {
    const folder = join(this.#folder, machineOf(id));
    return {
      port,
      folder,
      config: join(folder, 'sshd_config'),
      pidFile: join(folder, 'pid'),
      home: join(folder, 'home'),
      mark: `SKYPACT_GUEST=${folder}`,
    };
  }

  /** The port that the state has for the guest, which it is given when it has none. */
  async #claimPort(id: ContractId, call: Call): Promise<Guest | undefined> {
    const free = await freePort();
    const port = await this.#ledger.database.write(call, () => {
      const held = this.#ledger.held(id);
      if (held === undefined || held.state === 'ending') return undefined;
      if (held.guest.port !== 0) return held.guest.port;
      this.#ledger.setGuest(id, { port: free, pid: 0, start: 0 });
      return free;
    });
    return port === undefined ? undefined : this.#guestOf(id, port);
  }

  async #givePortUp(id: ContractId, { port }: Guest, call: Call): Promise<void> {
    await this.#ledger.database.write(call, () => {
      const now = this.#ledger.held(id)?.guest;
      if (now?.port !== port || isAlive(now)) return;
      this.#ledger.setGuest(id, { port: 0, pid: 0, start: 0 });
    });
  }

  #runningAt(guest: Guest): Process | undefined {
    const pid = existsSync(guest.pidFile) ? Number(readFileSync(guest.pidFile, 'utf8')) : 0;
    if (!Number.isSafeInteger(pid) || pid <= 0 || !mentions(pid, guest.config)) return undefined;
    return processAt(pid);
  }

  /** `undefined` when it ended at once and no other process started it: the port was taken. */
  async #launch(guest: Guest, call: Call): Promise<Process | undefined> {
    await furnish(guest, this.#publicKey);
    const child = spawn(this.#sshd, ['-D', '-f', guest.config, '-E', join(guest.folder, 'log')], {
      detached: true,
      stdio: 'ignore',
      cwd: '/',
      env: { PATH: process.env['PATH'] },
    });
    child.unref();
    const ended = endOf(child);
    for (let waitedMs = 0; waitedMs <= listenMs; waitedMs += pollMs) {
      const running = this.#runningAt(guest);
      if (running !== undefined && (await answers(guest.port))) return running;
      if (ended.done && related(guest.config, guest.mark).length === 0) return undefined;
      throwIfAborted(call);
      await sleep(pollMs);
    }
    child.kill('SIGKILL');
    return undefined;
  }

  /** A contract that was withdrawn while its guest started leaves none behind. */
  async #record(id: ContractId, record: GuestRecord, call: Call): Promise<void> {
    const stands = await this.#ledger.database.write(call, () => {
      const held = this.#ledger.held(id);
      if (held === undefined || held.state === 'ending') return false;
      this.#ledger.setGuest(id, record);
      return true;
    });
    if (!stands) await this.end(id, call);
  }
}

/** The same process as was recorded, and not one that was given its number later. */
function isAlive({ pid, start }: GuestRecord): boolean {
  return pid > 0 && processAt(pid)?.start === start;
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself, which is what is wanted.
  }
}

/** Becomes done when the process has ended, or never began. */
function endOf(child: ChildProcess): { readonly done: boolean } {
  const end = { done: false };
  child.once('exit', () => {
    end.done = true;
  });
  child.once('error', () => {
    end.done = true;
  });
  return end;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const listening = Promise.withResolvers<number>();
  server.once('error', listening.reject);
  server.listen(0, '127.0.0.1', () => {
    const address: AddressInfo | string | null = server.address();
    listening.resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
  });
  try {
    return await listening.promise;
  } finally {
    server.close();
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1', timeout: connectMs });
  const answer = Promise.withResolvers<boolean>();
  socket.once('connect', () => answer.resolve(true));
  socket.once('error', () => answer.resolve(false));
  socket.once('timeout', () => answer.resolve(false));
  try {
    return await answer.promise;
  } finally {
    socket.destroy();
  }
}

function unfit(what: string, next: string): Error {
  return failure('VENDOR.SETTINGS_INVALID', what, { next });
}
