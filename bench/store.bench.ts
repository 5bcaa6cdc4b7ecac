/**
 * LCC saved: many conversations of two agents that play ball, each step through the store, and no
 * message delivered before the step that sent it is on the disk. Beside it, on the same disk and in
 * turns with it: one commit per step, by plain statements and through Kysely.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import { groupCommit } from '../src/agency/run/group-commit.ts';
import { compile } from '../src/lcc/compile.ts';
import { type Outcome, startAgent, step } from '../src/lcc/engine.ts';
import { parseModel } from '../src/lcc/parser.ts';
import type { Program } from '../src/lcc/program.ts';
import type { AgentState } from '../src/lcc/state.ts';
import { encodeState } from '../src/lcc/state-encode.ts';
import type { Message } from '../src/lcc/step.ts';
import { type ConversationId, id, type SlaId } from '../src/sla/ids.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { Lease, Save, Store } from '../src/store/store.ts';
import { median, print, type Row, short } from './harness.ts';

const CONVERSATIONS = 800;
const STEPS_EACH = 20;
const COMMITS = 1_500;
const TURNS = 7;

const modelText = `
  r(ping, initial)
  r(pong, necessary)
  a(ping, P) :: ball(1) => a(pong, pong) then ball(N) <= a(pong, pong) then a(ping, P)
  a(pong, P) :: ball(N) <= a(ping, ping) then ball(N) => a(ping, ping) then a(pong, P)
`;

/** Steps per second, of each way. */
interface Turn {
  readonly ours: number;
  readonly alone: number;
  readonly raw: number;
  readonly kysely: number;
}

export async function storeRows(): Promise<readonly Row[]> {
  mkdirSync('/var/tmp', { recursive: true });
  const folder = mkdtempSync(join('/var/tmp', 'skypact-bench-'));
  try {
    await using store = await openSqliteStore({ path: join(folder, 'store.db') });
    const games = await begin(store, CONVERSATIONS);
    using raw = plainDatabase(join(folder, 'raw.db'));
    using other = plainDatabase(join(folder, 'kysely.db'));
    const turns: Turn[] = [];
    for (let turn = 0; turn <= TURNS; turn += 1) {
      const measured = {
        ours: await measure(() => playTogether(store, games)),
        alone: await measure(() => playAlone(store, games)),
        raw: await measure(() => commitRaw(raw)),
        kysely: await measure(() => commitKysely(other)),
      };
      // The first turn warms up.
      if (turn > 0) turns.push(measured);
    }
    return [rowOf(turns)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rowOf(turns: readonly Turn[]): Row {
  const of = (way: keyof Turn) => median(turns.map((turn) => turn[way]));
  const ratio = median(turns.map(({ ours, raw }) => ours / raw));
  const reference = [
    `one commit per step, plain statements: ${short(of('raw'))}`,
    `through Kysely: ${short(of('kysely'))}`,
    `the same steps saved one by one: ${short(of('alone'))}`,
  ];
  return {
    what: 'LCC saved: steps through SQLite, effects only after the commit',
    figure: of('ours'),
    unit: 'steps/s',
    goal: '≥ 5 × one commit per step',
    met: ratio >= 5,
    reference: reference.join('; '),
    ratio,
    conditions: `WAL, synchronous=FULL, /var/tmp; ${CONVERSATIONS} conversations share a commit; median of ${TURNS}`,
  };
}

/** `work` answers how many steps it made. */
async function measure(work: () => Promise<number>): Promise<number> {
  const beganMs = performance.now();
  const steps = await work();
  return (steps * 1_000) / (performance.now() - beganMs);
}

/** One conversation: its agents, and the ball that is in the air. */
interface Game {
  readonly lease: Lease;
  readonly program: Program;
  readonly agents: Map<string, AgentState>;
  ball: Message;
  number: number;
}

async function begin(store: Store, count: number): Promise<readonly Game[]> {
  const program = compile(parseModel(modelText), new Map());
  const games: Game[] = [];
  for (let n = 0; n < count; n += 1) {
    const conversation = id<ConversationId>(crypto.randomUUID());
    const started = ['ping', 'pong'].map((role) => startAgent(program, { id: role, role }, 0));
    const agents = ['ping', 'pong'].map((role) => ({ id: role, role, state: '' }));
    await store.begin(
      {
        id: conversation,
        purpose: 'bench',
        sla: id<SlaId>(conversation),
        modelName: 'ping-pong',
        modelText,
        agents,
        createdMs: n,
      },
      [],
    );
    const lease = await store.acquire(conversation, 'bench', Number.MAX_SAFE_INTEGER, 0);
    if (lease === undefined) throw new Error('the lease is taken');
    const ball = started.flatMap(sentOf)[0];
    if (ball === undefined) throw new Error('nobody serves');
    const states = new Map(started.map(({ state }) => [state.id, state]));
    const game: Game = { lease, program, agents: states, ball, number: 1 };
    await store.save([
      saveOf(
        game,
        started.map(({ state }) => state),
        [],
      ),
    ]);
    games.push(game);
  }
  return games;
}

function sentOf({ effects }: Outcome): readonly Message[] {
  return effects.flatMap((effect) => (effect.kind === 'send' ? [effect.message] : []));
}

/** Takes the ball, steps whom it is for, and gives what to save before the next ball is taken. */
function play(game: Game): Save {
  const { ball } = game;
  const state = game.agents.get(ball.to.id);
  if (state === undefined) throw new Error(`nobody is ${ball.to.id}`);
  const outcome = step(state, { kind: 'message', message: ball }, game.number);
  const next = sentOf(outcome)[0];
  if (next === undefined) throw new Error(`${ball.to.id} kept the ball`);
  game.agents.set(ball.to.id, outcome.state);
  game.ball = next;
  game.number += 1;
  return saveOf(game, [outcome.state], [game.number - 1]);
}

function saveOf(game: Game, states: readonly AgentState[], taken: readonly number[]): Save {
  const { lease, ball, number } = game;
  return {
    lease,
    agents: states.map((state) => ({
      id: state.id,
      role: state.id,
      state: encodeState(state),
      done: state.done,
    })),
    asked: [],
    closed: [],
    sent: [{ number, conversation: lease.conversation, atMs: number, message: ball, codes: [] }],
    queued: [{ number, message: ball }],
    taken,
    facts: [],
    ended: false,
  };
}

/** As the run loop does: each conversation by itself, through the shared group commit. */
async function playTogether(store: Store, games: readonly Game[]): Promise<number> {
  const commit = groupCommit(store);
  await Promise.all(
    games.map(async (game) => {
      for (let n = 0; n < STEPS_EACH; n += 1) await commit(play(game));
    }),
  );
  return games.length * STEPS_EACH;
}

async function playAlone(store: Store, games: readonly Game[]): Promise<number> {
  for (let n = 0; n < COMMITS; n += 1) {
    const game = games[n % games.length];
    if (game !== undefined) await store.save([play(game)]);
  }
  return COMMITS;
}

interface Plain {
  readonly agent: { readonly id: number; readonly state: string };
  readonly message: { readonly text: string };
}

function plainDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE agent (id INTEGER PRIMARY KEY, state TEXT NOT NULL) STRICT;
    CREATE TABLE message (text TEXT NOT NULL) STRICT;
  `);
  const fill = database.prepare("INSERT INTO agent VALUES (?, '')");
  for (let n = 0; n < CONVERSATIONS; n += 1) fill.run(n);
  return database;
}

const stateText = 'x'.repeat(200);
const messageText = 'x'.repeat(100);

/** The least that a step can write: one state, one message. */
async function commitRaw(database: DatabaseSync): Promise<number> {
  const [start, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')];
  const state = database.prepare('UPDATE agent SET state = ? WHERE id = ?');
  const message = database.prepare('INSERT INTO message VALUES (?)');
  for (let n = 0; n < COMMITS; n += 1) {
    start.run();
    state.run(stateText, n % CONVERSATIONS);
    message.run(messageText);
    commit.run();
  }
  return COMMITS;
}

async function commitKysely(database: DatabaseSync): Promise<number> {
  const db = new Kysely<Plain>({ dialect: new SqliteDialect({ database: adapted(database) }) });
  for (let n = 0; n < COMMITS; n += 1) {
    await db.transaction().execute(async (transaction) => {
      const change = transaction.updateTable('agent').set({ state: stateText });
      await change.where('id', '=', n % CONVERSATIONS).execute();
      await transaction.insertInto('message').values({ text: messageText }).execute();
    });
  }
  return COMMITS;
}

/** What Kysely's dialect expects of a driver, on `node:sqlite`. */
function adapted(database: DatabaseSync) {
  type Values = readonly (string | number)[];
  return {
    close: () => undefined,
    prepare: (sql: string) => {
      const statement = database.prepare(sql);
      return {
        reader: statement.columns().length > 0,
        all: (values: readonly unknown[]) => statement.all(...(values as Values)),
        run: (values: readonly unknown[]) => statement.run(...(values as Values)),
        iterate: (values: readonly unknown[]) => statement.iterate(...(values as Values)),
      };
    },
  };
}

if (import.meta.main) print(await storeRows());
