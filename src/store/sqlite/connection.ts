import { chmodSync, closeSync, openSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '../../base/limits.ts';
import { makeFolder } from '../make-folder.ts';
import { asCorrupt, asFailure, fileFailure, isBusy } from './failures.ts';
import { applicationId, migrate, schemaVersion } from './migrations.ts';

/** How long SQLite itself waits for a lock: short, because the whole process stands still then. */
const LOCK_SLICE_MS = 20;
/** Between two tries, so that heartbeats and signals are served while another process writes. */
const LOCK_PAUSE_MS = 5;

const PAGE_BYTES = 4_096;
/** SQLite moves the log into the database every 1,000 pages; what a burst added is given back. */
const LOG_BYTES = 8 * 1_024 * PAGE_BYTES;

/** What {@link openConnection} needs. */
export interface ConnectionOptions {
  readonly path: string;
  /** How long to wait for other writers; by default `limits.storeBusyMs`. */
  readonly busyMs?: number;
  /** Where the file stops growing, with STORE.DISK_FULL; by default `limits.storeBytes`. */
  readonly maxBytes?: number;
}

/** One open database, up to date. Every statement runs at once and to its end: no call interleaves. */
export class Connection implements Disposable {
  readonly database: DatabaseSync;
  readonly #path: string;
  readonly #busyMs: number;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, path: string, busyMs: number) {
    this.database = database;
    this.#path = path;
    this.#busyMs = busyMs;
  }

  /** Prepared on first use and kept; for the fixed statements of a hot path. */
  prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** Returns how many rows it changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.prepared(sql).run(...values).changes);
  }

  /** Runs `work` in one write transaction: everything of it is on the disk afterwards, or nothing. */
  write<T>(work: () => T): Promise<T> {
    return this.#transaction('BEGIN IMMEDIATE', work);
  }

  /** For work that reads once. */
  read<T>(work: () => T): Promise<T> {
    return this.attempt(() => this.#decoding(work));
  }

  /** For work that reads several times: on one state, whatever others write meanwhile. */
  snapshot<T>(work: () => T): Promise<T> {
    return this.#transaction('BEGIN', () => this.#decoding(work));
  }

  /** Waits for locks of others, up to `busyMs`; what SQLite throws becomes a STORE failure. */
  attempt<T>(work: () => T): Promise<T> {
    return attempt(work, this.#path, this.#busyMs);
  }

  [Symbol.dispose](): void {
    if (this.database.isOpen) this.database.close();
  }

  #decoding<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw asCorrupt(thrown, this.#path);
    }
  }

  #transaction<T>(begin: string, work: () => T): Promise<T> {
    return this.attempt(() => {
      this.prepared(begin).run();
      try {
        const result = work();
        this.prepared('COMMIT').run();
        return result;
      } catch (thrown) {
        // A full disk makes SQLite roll back by itself.
        if (this.database.isTransaction) this.prepared('ROLLBACK').run();
        throw thrown;
      }
    });
  }
}

/**
 * Opens or creates the database and brings it up to date. The file is readable for its owner only,
 * and so are the files that SQLite puts beside it. Fails with STORE.UNWRITABLE, STORE.DISK_FULL,
 * STORE.NEWER, STORE.CORRUPT and STORE.BUSY; the file is then as it was.
 */
export function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { path, busyMs = limits.storeBusyMs, maxBytes = limits.storeBytes } = options;
  return attempt(
    () => {
      createPrivate(path);
      const database = new DatabaseSync(path, {
        timeout: LOCK_SLICE_MS,
        enableForeignKeyConstraints: true,
      });
      try {
        prepare(database, path, maxBytes);
      } catch (thrown) {
        database.close();
        throw thrown;
      }
      return new Connection(database, path, busyMs);
    },
    path,
    busyMs,
  );
}

async function attempt<T>(work: () => T, path: string, busyMs: number): Promise<T> {
  for (let waitedMs = 0; ; waitedMs += LOCK_SLICE_MS + LOCK_PAUSE_MS) {
    try {
      return work();
    } catch (thrown) {
      if (!isBusy(thrown) || waitedMs >= busyMs) throw asFailure(thrown, path);
    }
    await pause(LOCK_PAUSE_MS);
  }
}

/** Nothing is changed before the version is known to be ours. */
function prepare(database: DatabaseSync, path: string, maxBytes: number): void {
  const version = ownVersion(database, path);
  if (version > schemaVersion) throw fileFailure('STORE.NEWER', path);
  makePrivate(path);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA journal_size_limit = ${LOG_BYTES};
    PRAGMA max_page_count = ${Math.floor(maxBytes / PAGE_BYTES)};
  `);
  if (version < schemaVersion) migrate(database);
}

function ownVersion(database: DatabaseSync, path: string): number {
  const header = database
    .prepare(
      `SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema) AS entries
       FROM pragma_user_version, pragma_application_id`,
    )
    .get();
  const empty = header?.['application_id'] === 0 && header['entries'] === 0;
  if (!empty && header?.['application_id'] !== applicationId) {
    throw fileFailure('STORE.CORRUPT', path);
  }
  return Number(header?.['user_version']);
}

/**
 * An existing file is never opened and closed here: closing any descriptor of it would drop the
 * locks that another connection of this process holds (sqlite.org/howtocorrupt.html §2.2).
 */
function createPrivate(path: string): void {
  if (statOf(path) !== undefined) return;
  makeFolder(dirname(path));
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (thrown) {
    // Another process was faster, and made it private as well.
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
  }
}

/** Only of a file that is known to be ours: any other keeps its mode, whoever named it a store. */
function makePrivate(path: string): void {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    const found = statOf(file);
    if (found !== undefined && (found.mode & 0o077) !== 0) chmodSync(file, 0o600);
  }
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
