import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { failure } from '../../base/failure.ts';
import { limits } from '../../base/limits.ts';
import type { Call } from '../vendor.ts';
import { throwIfAborted } from '../vendor-failure.ts';
import { schema, schemaVersion } from './schema.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** How long SQLite itself waits for a lock, with the process standing still. */
const lockMs = 20;
/** Between two attempts, with the process going on. */
const pauseMs = 20;
const fileMode = 0o600;
const folderMode = 0o700;

/** SQLite's primary result codes, https://sqlite.org/rescode.html. */
const busy = 5;
const locked = 6;

/**
 * The state file. Reads and changes happen inside {@link Database.read} and {@link Database.write}:
 * one transaction each, safe against other processes. What SQLite cannot do is thrown as
 * VENDOR.UNREACHABLE, and a lock that is never let go of as VENDOR.TIMEOUT.
 */
export class Database implements Disposable {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #attempts: number;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(path: string, database: DatabaseSync, attempts: number) {
    this.path = path;
    this.#database = database;
    this.#attempts = attempts;
  }

  /**
   * Opens the file, which is made when it is missing, readable by its owner only. `attempts` bounds
   * how often a transaction is tried while another process holds the lock.
   */
  static async open(
    path: string,
    call: Pick<Call, 'signal'>,
    attempts: number = limits.perfcloudLockAttempts,
  ): Promise<Database> {
    const opened = inWords(path, () => {
      mkdirSync(dirname(path), { recursive: true, mode: folderMode });
      closeSync(openSync(path, 'a', fileMode));
      return new DatabaseSync(path, { timeout: lockMs });
    });
    const database = new Database(path, opened, attempts);
    try {
      await database.#patiently(call, () => opened.exec('PRAGMA journal_mode = WAL'));
      opened.exec('PRAGMA synchronous = FULL');
      await database.#migrate(call);
      return database;
    } catch (thrown) {
      opened.close();
      throw thrown;
    }
  }

  /** All that `look` reads is of one moment. */
  read<T>(call: Pick<Call, 'signal'>, look: () => T): Promise<T> {
    return this.#patiently(call, () => this.#transaction('BEGIN', look));
  }

  /** All that `change` does happens, or none of it; no other process changes anything meanwhile. */
  write<T>(call: Pick<Call, 'signal'>, change: () => T): Promise<T> {
    return this.#patiently(call, () => this.#transaction('BEGIN IMMEDIATE', change));
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#prepared(sql).all(...values);
  }

  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#prepared(sql).get(...values);
  }

  /** How many rows it changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#prepared(sql).run(...values).changes);
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  #transaction<T>(begin: string, act: () => T): T {
    this.#database.exec(begin);
    try {
      const result = act();
      this.#database.exec('COMMIT');
      return result;
    } catch (thrown) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw thrown;
    }
  }

  async #migrate(call: Pick<Call, 'signal'>): Promise<void> {
    const version = (): number => Number(this.get('PRAGMA user_version')?.['user_version']);
    const found = await this.read(call, version);
    if (found > schemaVersion) {
      throw failure('VENDOR.UNREACHABLE', `${this.path} was written by a newer version`, {
        facts: { found, known: schemaVersion },
        next: 'update skypact, or set another folder',
      });
    }
    if (found === schemaVersion) return;
    await this.write(call, () => {
      if (version() === schemaVersion) return;
      this.#database.exec(schema);
      this.#database.exec(`PRAGMA user_version = ${schemaVersion}`);
    });
  }

  async #patiently<T>(call: Pick<Call, 'signal'>, act: () => T): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      throwIfAborted(call);
      try {
        return act();
      } catch (thrown) {
        if (!isLock(thrown)) throw asFailure(this.path, thrown);
        if (attempt >= this.#attempts) {
          throw failure('VENDOR.TIMEOUT', `another process holds the lock of ${this.path}`, {
            retry: 'later',
            next: 'end the process that is stopped, then repeat the command',
          });
        }
      }
      await sleep(pauseMs);
    }
  }
}

function inWords<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    throw asFailure(path, thrown);
  }
}

function isLock(thrown: unknown): boolean {
  return isSqliteError(thrown) && [busy, locked].includes(thrown.errcode & 0xff);
}

function isSqliteError(thrown: unknown): thrown is Error & { readonly errcode: number } {
  return thrown instanceof Error && 'errcode' in thrown && typeof thrown.errcode === 'number';
}

/** Whatever the file system and SQLite throw; anything else is passed on as it is. */
function asFailure(path: string, thrown: unknown): unknown {
  const ours = isSqliteError(thrown) || (thrown instanceof Error && 'syscall' in thrown);
  const closed = thrown instanceof Error && thrown.message === 'database is not open';
  if (!ours && !closed) return thrown;
  return failure('VENDOR.UNREACHABLE', `${path}: ${thrown.message}`, {
    next: 'check that the folder can be written and has room, or set another folder',
    cause: thrown,
  });
}
