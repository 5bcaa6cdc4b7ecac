/**
 * EC2 offers from a warm catalogue: a new process answers three calls for proposals out of all
 * instance types of a region. A proxy before the endpoint takes what the endpoint's own time is,
 * and an empty process of Node beside each run what starting one costs.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DescribeInstanceTypesCommand } from '@aws-sdk/client-ec2';
import type { CallForProposals } from '../src/vendors/vendor.ts';
import { callOf, cfpOf, openEc2, scratchFolder, settingsFor } from '../test/lab/ec2-lab.ts';
import { type LabProxy, startProxy } from '../test/lab/http-proxy.ts';
import { type Moto, motoMissing, startMoto } from '../test/lab/moto.ts';
import { median, print, type Row, short } from './harness.ts';

/** As bin/run.js has Node keep what it compiled; the first turn fills it. */
const compileCache = join(tmpdir(), 'skypact-bench-compile-cache');
const TURNS = 9;
const GOAL_MS = 300;

/** As web, db and cache of an ordinary service ask. */
const cfps: readonly CallForProposals[] = [
  cfpOf({ name: 'web', count: 3, cpus: 2, memoryMiB: 4_096, networkMbps: 500 }),
  cfpOf({ name: 'db', cpus: 4, memoryMiB: 16_384, diskGiB: 100 }),
  cfpOf({ name: 'cache', cpus: 1, memoryMiB: 8_192 }),
];

/** Empty where moto is not installed, after saying so. */
export async function ec2OffersRows(): Promise<readonly Row[]> {
  if (motoMissing !== undefined) {
    console.error(`EC2 offers: not measured: ${motoMissing}`);
    return [];
  }
  await using moto = await startMoto();
  await using folder = await scratchFolder();
  await using proxy = await startProxy(moto.endpoint);
  return [await measured(moto, proxy, folder.path)];
}

async function measured(moto: Moto, proxy: LabProxy, folder: string): Promise<Row> {
  const { InstanceTypes = [] } = await moto.client.send(new DescribeInstanceTypesCommand({}));
  const settings = settingsFor(proxy.endpoint, folder);
  const coldMs = await cold(settings);
  const coldOwnMs = coldMs - proxy.providerMs();
  const task = join(folder, 'task.json');
  await writeFile(task, JSON.stringify({ settings, cfps }));
  proxy.forget();
  const turns: { readonly process: number; readonly bid: number; readonly empty: number }[] = [];
  let offers: readonly number[] = [];
  for (let turn = 0; turn <= TURNS; turn += 1) {
    const empty = await timed(['-e', '0']);
    const beganProviderMs = proxy.providerMs();
    const run = await timed([fileURLToPath(new URL('ec2-offers.child.ts', import.meta.url)), task]);
    const providerMs = proxy.providerMs() - beganProviderMs;
    const result: { readonly bidMs: number; readonly offers: readonly number[] } = JSON.parse(
      run.stdout,
    );
    offers = result.offers;
    // The first turn warms up.
    if (turn > 0) {
      turns.push({
        process: run.ms - providerMs,
        bid: result.bidMs - providerMs,
        empty: empty.ms,
      });
    }
  }
  const of = (what: 'process' | 'bid' | 'empty'): number => median(turns.map((turn) => turn[what]));
  return {
    what: `EC2 offers from a warm catalogue of ${short(InstanceTypes.length)} types, process start included`,
    figure: of('process'),
    unit: 'ms beyond the endpoint',
    goal: `< ${GOAL_MS} ms`,
    met: of('process') < GOAL_MS && offers.every((count) => count > 0),
    reference: `node -e 0: ${short(of('empty'))} ms; opening and bidding alone: ${short(of('bid'))} ms; with nothing kept: ${short(coldOwnMs)} ms beyond the endpoint's ${short(coldMs - coldOwnMs)} ms`,
    ratio: of('process') / of('empty'),
    conditions: `three objectives, ${offers.join(' + ')} alternatives, ${proxy.seen.length} requests to moto; sources with Node's compile cache, not the bundle; median of ${TURNS}`,
  };
}

/** The first bid of all: it reads the whole catalogue. */
async function cold(settings: Readonly<Record<string, unknown>>): Promise<number> {
  const beganMs = performance.now();
  await using vendor = await openEc2(settings, 'bench');
  for (const cfp of cfps) await vendor.bid(cfp, callOf());
  return performance.now() - beganMs;
}

async function timed(
  args: readonly string[],
): Promise<{ readonly ms: number; readonly stdout: string }> {
  const beganMs = performance.now();
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCache };
  const { stdout } = await promisify(execFile)(process.execPath, [...args], { env });
  return { ms: performance.now() - beganMs, stdout };
}

if (import.meta.main) print(await ec2OffersRows());
