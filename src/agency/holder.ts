/** Who we are as the holder of a lease, and whether another holder is known to be gone. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Host, process id and the process's start, so that a reused id is not taken for the same. */
export function thisHolder(): string {
  return holderName(
    process.pid,
    startOf(process.pid) ?? String(Math.round(performance.timeOrigin)),
  );
}

/** Only a process of this host can be known to be gone. */
export function isGone(holder: string): boolean {
  const [host, pid, start] = holder.split('/');
  if (host !== hostname() || pid === undefined) return false;
  const now = startOf(Number(pid));
  if (now !== undefined) return now !== start;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH';
  }
}

function holderName(pid: number, start: string): string {
  return `${hostname()}/${pid}/${start}`;
}

/** Field 22 of /proc/PID/stat, in clock ticks since boot; `undefined` where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
