import type { Answer } from '../../lcc/constraint.ts';
import type { ConversationId } from '../../sla/ids.ts';
import type { Sla, VendorRecord } from '../../sla/sla.ts';
import type {
  ConversationSummary,
  Fact,
  Lease,
  NewConversation,
  Save,
  SlaFilter,
  SlaSummary,
  Store,
  StoredConversation,
  TracedMessage,
} from '../store.ts';
import { type Connection, type ConnectionOptions, openConnection } from './connection.ts';
import { acquire, holder, release, renew } from './leases.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/**
 * Opens the store in a file of its own, which it creates with its folder when there is none. Several
 * processes may have it open. A write is on the disk when its promise settles (WAL, FULL).
 *
 * Every method may fail with STORE.UNWRITABLE, STORE.DISK_FULL, STORE.BUSY or STORE.CORRUPT; opening
 * also with STORE.NEWER. What fails has changed nothing.
 */
export async function openSqliteStore(options: ConnectionOptions): Promise<Store> {
  return new SqliteStore(await openConnection(options));
}

class SqliteStore implements Store {
  readonly #db: Connection;
  readonly #reader: Reader;
  readonly #writer: Writer;

  constructor(db: Connection) {
    this.#db = db;
    this.#reader = new Reader(db);
    this.#writer = new Writer(db);
  }

  begin(conversation: NewConversation, facts: readonly Fact[]): Promise<void> {
    return this.#db.write(() => this.#writer.begin(conversation, facts));
  }

  load(conversation: ConversationId): Promise<StoredConversation | undefined> {
    return this.#db.snapshot(() => this.#reader.load(conversation));
  }

  save(saves: readonly Save[]): Promise<void> {
    return this.#db.write(() => this.#writer.save(saves));
  }

  unfinished(): Promise<readonly ConversationSummary[]> {
    return this.#db.read(() => this.#reader.unfinished());
  }

  acquire(
    conversation: ConversationId,
    holder: string,
    untilMs: number,
    nowMs: number,
  ): Promise<Lease | undefined> {
    return this.#db.attempt(() => acquire(this.#db, conversation, { holder, untilMs, nowMs }));
  }

  renew(lease: Lease, untilMs: number): Promise<boolean> {
    return this.#db.attempt(() => renew(this.#db, lease, untilMs));
  }

  release(lease: Lease): Promise<void> {
    return this.#db.attempt(() => release(this.#db, lease));
  }

  holder(conversation: ConversationId): Promise<Lease | undefined> {
    return this.#db.attempt(() => holder(this.#db, conversation));
  }

  answer(conversation: ConversationId, agent: string, ask: number, answer: Answer): Promise<void> {
    return this.#db.attempt(() => this.#writer.answer(conversation, { agent, ask }, answer));
  }

  slas(filter: SlaFilter): Promise<readonly SlaSummary[]> {
    return this.#db.read(() => this.#reader.slas(filter));
  }

  findSla(idOrName: string): Promise<readonly Sla[]> {
    return this.#db.snapshot(() => this.#reader.findSla(idOrName));
  }

  record(facts: readonly Fact[]): Promise<void> {
    return this.#db.write(() => this.#writer.facts(facts));
  }

  trace(conversation: ConversationId): Promise<readonly TracedMessage[]> {
    return this.#db.read(() => this.#reader.trace(conversation));
  }

  vendorRecords(): Promise<readonly VendorRecord[]> {
    return this.#db.read(() => this.#reader.vendorRecords());
  }

  kept(conversation: ConversationId, key: string): Promise<string | undefined> {
    return this.#db.read(() => this.#reader.kept(conversation, key));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#db[Symbol.dispose]();
  }
}
