import type { Answer } from '../../lcc/constraint.ts';
import type { ConversationId, SlaId } from '../../sla/ids.ts';
import type { Sla, VendorRecord } from '../../sla/sla.ts';
import type {
  ConversationHead,
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
import { conversationsOf, slas, unfinished } from './listing.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

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
  /** Loaded on first use: a command that only lists starts faster without them. */
  #reader: Promise<Reader> | undefined;
  #writer: Promise<Writer> | undefined;

  constructor(db: Connection) {
    this.#db = db;
  }

  begin(conversation: NewConversation, facts: readonly Fact[]): Promise<void> {
    return this.#write((writer) => writer.begin(conversation, facts));
  }

  async load(conversation: ConversationId): Promise<StoredConversation | undefined> {
    const reader = await this.#loadReader();
    return this.#db.snapshot(() => reader.load(conversation));
  }

  save(saves: readonly Save[]): Promise<void> {
    return this.#write((writer) => writer.save(saves));
  }

  unfinished(): Promise<readonly ConversationSummary[]> {
    return this.#db.read(() => unfinished(this.#db));
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
    return this.#write((writer) => writer.answer(conversation, { agent, ask }, answer));
  }

  slas(filter: SlaFilter): Promise<readonly SlaSummary[]> {
    return this.#db.read(() => slas(this.#db, filter));
  }

  async findSla(idOrName: string): Promise<readonly Sla[]> {
    const reader = await this.#loadReader();
    return this.#db.snapshot(() => reader.findSla(idOrName));
  }

  record(facts: readonly Fact[]): Promise<void> {
    return this.#write((writer) => writer.facts(facts));
  }

  conversationsOf(sla: SlaId): Promise<readonly ConversationHead[]> {
    return this.#db.read(() => conversationsOf(this.#db, sla));
  }

  async trace(conversation: ConversationId): Promise<readonly TracedMessage[]> {
    const reader = await this.#loadReader();
    return this.#db.read(() => reader.trace(conversation));
  }

  async vendorRecords(): Promise<readonly VendorRecord[]> {
    const reader = await this.#loadReader();
    return this.#db.read(() => reader.vendorRecords());
  }

  async kept(conversation: ConversationId, key: string): Promise<string | undefined> {
    const reader = await this.#loadReader();
    return this.#db.read(() => reader.kept(conversation, key));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#db[Symbol.dispose]();
  }

  async #write(work: (writer: Writer) => void): Promise<void> {
    this.#writer ??= import('./writer.ts').then((module) => new module.Writer(this.#db));
    const writer = await this.#writer;
    return this.#db.write(() => work(writer));
  }

  #loadReader(): Promise<Reader> {
    this.#reader ??= import('./reader.ts').then((module) => new module.Reader(this.#db));
    return this.#reader;
  }
}
