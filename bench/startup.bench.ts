/**
 * How long a user waits for the built program: from starting the process to its end, or to its first
 * output, beside `node -e 0` in turns with it. Needs `npm run build` before.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ContractId, type ConversationId, id, type SlaId } from '../src/sla/ids.ts';
import { isOver, slaStates } from '../src/sla/sla.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { Fact } from '../src/store/store.ts';
import { median, print, type Row, short } from './harness.ts';

const TURNS = 21;
const SLAS = 1_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'bin', 'run.js');
const shop = join(root, 'examples', 'shop.sla.yaml');

/** Milliseconds, of each way, turn by turn. */
type Times = Readonly<Record<'node' | 'version' | 'list' | 'accept' | 'output', number[]>>;

export async function startupRows(): Promise<readonly Row[]> {
  if (!existsSync(join(root, 'dist', 'main.js'))) {
    throw new Error('there is no dist/: run `npm run build` before this benchmark');
  }
  const folder = mkdtempSync(join(tmpdir(), 'skypact-bench-'));
  try {
    await fillStore(join(folder, 'full'));
    return rowsOf(await measure(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(folder: string): Promise<Times> {
  const home = join(folder, 'home');
  const times: Times = { node: [], version: [], list: [], accept: [], output: [] };
  for (let turn = 0; turn <= TURNS; turn += 1) {
    const negotiated = await timed([bin, 'sla', 'negotiate', shop, '--accept'], home);
    const measured = {
      node: (await timed(['-e', '0'], home)).endMs,
      version: (await timed([bin, '--version'], home)).endMs,
      list: (await timed([bin, 'sla', 'list'], join(folder, 'full'))).endMs,
      accept: negotiated.endMs,
      output: negotiated.firstMs,
    };
    // The market is as it was for the next turn.
    await timed([bin, 'sla', 'withdraw', 'shop', '--confirm', 'shop'], home);
    // The first turn fills the compile caches.
    if (turn === 0) continue;
    times.node.push(measured.node);
    times.version.push(measured.version);
    times.list.push(measured.list);
    times.accept.push(measured.accept);
    times.output.push(measured.output);
  }
  return times;
}

interface Timed {
  readonly firstMs: number;
  readonly endMs: number;
}

async function timed(args: readonly string[], home: string): Promise<Timed> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, SKYPACT_HOME: home },
  });
  const [firstMs, endMs] = await Promise.all([
    firstOutput(child, startedMs),
    ended(child, startedMs),
  ]);
  return { firstMs, endMs };
}

/** Standard error counts: a sign of life is for people. */
function firstOutput({ stdout, stderr }: ChildProcess, startedMs: number): Promise<number> {
  const first = Promise.withResolvers<number>();
  for (const stream of [stdout, stderr]) {
    stream?.on('data', () => first.resolve(performance.now() - startedMs));
    stream?.on('close', () => first.resolve(Number.NaN));
  }
  return first.promise;
}

async function ended(child: ChildProcess, startedMs: number): Promise<number> {
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with ${String(code)}`);
  return performance.now() - startedMs;
}

function rowsOf(times: Times): readonly Row[] {
  const node = median(times.node);
  const conditions = `Node ${process.version}, median of ${TURNS} in turns, process start included, warm compile cache`;
  const row = (what: string, way: keyof Times, { goal, most }: Goal): Row => {
    const figure = median(times[way]);
    const ratio = median(times[way].map((ms, turn) => ms / (times.node[turn] ?? Number.NaN)));
    return {
      what,
      figure,
      unit: 'ms',
      goal,
      met: figure <= most.ms || ratio <= most.ratio,
      reference: `\`node -e 0\`: ${short(node)} ms`,
      ratio,
      conditions,
    };
  };
  return [
    row('`skypact --version`', 'version', within(1.5)),
    row(`\`sla list\`, ${short(SLAS)} SLAs`, 'list', within(2.5)),
    row('`sla negotiate --accept`, five machines on perfcloud', 'accept', {
      goal: '< 1 s',
      most: { ms: 1_000, ratio: 0 },
    }),
    row('its first output', 'output', {
      goal: '≤ 150 ms or 2 × `node -e 0`',
      most: { ms: 150, ratio: 2 },
    }),
  ];
}

/** Met by either bound. */
interface Goal {
  readonly goal: string;
  readonly most: { readonly ms: number; readonly ratio: number };
}

function within(ratio: number): Goal {
  return { goal: `≤ ${ratio} × \`node -e 0\``, most: { ms: 0, ratio } };
}

async function fillStore(home: string): Promise<void> {
  await using store = await openSqliteStore({ path: join(home, 'skypact.db') });
  await store.record(Array.from({ length: SLAS }, (_, number) => slaFact(number)));
}

/** As `sla list` shows them: none is over. */
function slaFact(number: number): Fact {
  const name = String(number).padStart(12, '0');
  const conversation = id<ConversationId>(`conversation-${name}`);
  const pricePerHour = { micros: 60_000 + number, currency: 'USD' };
  const shown = slaStates.filter((state) => !isOver(state));
  return {
    kind: 'sla',
    sla: {
      id: id<SlaId>(name),
      conversation,
      transaction: conversation,
      name: `shop-${number % 50}`,
      state: shown[number % shown.length] ?? 'ready',
      template: {
        name: 'shop',
        limits: {},
        prefer: { price: 3, speed: 1, trust: 1 },
        objectives: [],
      },
      composite: {
        status: 'OK',
        parts: [],
        pricePerHour,
        score: 0.5,
        shortfalls: [],
        proof: { kind: 'optimal', gapPercent: 0 },
        validUntilMs: 0,
      },
      machines: [
        {
          name: 'web-1',
          objective: 'web',
          vendor: 'perfcloud',
          contract: id<ContractId>(`contract-${name}`),
          pricePerHour,
          state: 'ready',
        },
      ],
      createdMs: 1_764_000_000_000 + number,
      updatedMs: 1_764_000_000_000 + number,
    },
  };
}

if (import.meta.main) print(await startupRows());
