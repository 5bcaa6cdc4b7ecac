import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { failure, isFailure } from '../../base/failure.ts';

/** Where a guest lives. */
export interface Guest {
  readonly port: number;
  readonly folder: string;
  readonly config: string;
  /** Written by sshd once it listens. */
  readonly pidFile: string;
  readonly home: string;
  /** `NAME=value` in the environment of everything that runs in the guest. */
  readonly mark: string;
}

const ownerOnly = 0o700;
const keygen = 'ssh-keygen';

/** Writes what sshd needs to start, as often as wanted; the host key and the home stay. */
export async function furnish(guest: Guest, publicKey: string): Promise<void> {
  try {
    mkdirSync(guest.home, { recursive: true, mode: ownerOnly });
    // Debian's sshd, when it is root, asks for this folder, which a boot script makes elsewhere.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    await ensureKey(join(guest.folder, 'host-key'));
    replace(join(guest.folder, 'authorized_keys'), publicKey);
    replace(join(guest.folder, 'enter'), enter(guest));
    replace(guest.config, config(guest));
  } catch (thrown) {
    throw asFailure(guest, thrown);
  }
}

/** Puts the files where nothing that starts from now on finds them. */
export function setAside(guest: Guest): void {
  try {
    if (existsSync(guest.folder)) renameSync(guest.folder, `${guest.folder}.ended-${randomUUID()}`);
  } catch (thrown) {
    if (existsSync(guest.folder)) throw asFailure(guest, thrown);
  }
}

/** Removes what was set aside, once no process writes there any more. */
export function clear(guest: Guest): void {
  try {
    const all = dirname(guest.folder);
    const aside = readdirSync(all).filter((name) => name.startsWith(`${basename(guest.folder)}.`));
    for (const name of aside) rmSync(join(all, name), { recursive: true, force: true });
  } catch (thrown) {
    throw asFailure(guest, thrown);
  }
}

function asFailure({ folder }: Guest, thrown: unknown): unknown {
  if (isFailure(thrown)) return thrown;
  return failure('VENDOR.UNREACHABLE', `${folder} cannot be changed`, {
    next: 'check that the folder can be written and has room',
    cause: thrown,
  });
}

/** At once or not at all: an sshd that read half of its configuration would listen anywhere. */
function replace(path: string, content: string): void {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, content, { mode: ownerOnly });
  renameSync(own, path);
}

/**
 * A folder with an ed25519 key pair, `id` and `id.pub`, without passphrase. Of several processes
 * that make it at once, one prevails. Answers the path of the private key.
 */
export async function ensureKey(folder: string): Promise<string> {
  const path = join(folder, 'id');
  if (existsSync(path)) return path;
  const own = mkdtempSync(`${folder}-`);
  try {
    const to = ['-q', '-t', 'ed25519', '-N', '', '-C', 'guest', '-f', join(own, 'id')];
    const child = spawn(keygen, to, { stdio: 'ignore' });
    const [code]: unknown[] = await once(child, 'exit').catch((thrown: unknown) => [thrown]);
    if (code !== 0) {
      throw failure('VENDOR.SETTINGS_INVALID', 'ssh-keygen cannot make a key', {
        next: 'apt-get install openssh-client',
      });
    }
    if (!existsSync(path)) renameSync(own, folder);
  } catch (thrown) {
    if (!existsSync(path)) throw thrown;
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
  return path;
}

function config({ port, folder, home, mark, pidFile }: Guest): string {
  return `Port ${port}
ListenAddress 127.0.0.1
HostKey ${folder}/host-key/id
PidFile ${pidFile}
AuthorizedKeysFile ${folder}/authorized_keys
AuthenticationMethods publickey
PermitRootLogin prohibit-password
UsePAM no
StrictModes no
PrintMotd no
MaxStartups 100
SetEnv HOME=${home} ${mark}
ForceCommand ${folder}/enter
Subsystem sftp /usr/lib/openssh/sftp-server
`;
}

/** Runs in place of every command, in the guest's own home. */
function enter({ home }: Guest): string {
  return `#!/bin/sh
cd ${home} || exit 1
[ -n "$SSH_ORIGINAL_COMMAND" ] && exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"
exec /bin/sh
`;
}
