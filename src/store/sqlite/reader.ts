/** All reads but the lists, as typed queries. Each method runs at once and to its end. */
import { sql } from 'kysely';
import { limits } from '../../base/limits.ts';
import { type ConversationId, id, type SlaId } from '../../sla/ids.ts';
import type { Sla, VendorRecord } from '../../sla/sla.ts';
import type {
  StoredAgent,
  StoredAsk,
  StoredConversation,
  StoredMail,
  TracedMessage,
} from '../store.ts';
import type { Connection } from './connection.ts';
import { query, rowsOf } from './dialect.ts';
import { askOf, codesOf, messageOf } from './rows.ts';
import { slaOf } from './sla-document.ts';
import { unpackText } from './text-codec.ts';

const SHORTEST_PREFIX_CHARS = 4;

export class Reader {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Reads several tables: to be called inside a snapshot. */
  load(conversation: ConversationId): StoredConversation | undefined {
    const [row] = rowsOf(
      this.#db,
      query
        .selectFrom('conversation')
        .innerJoin('model', 'model.hash', 'conversation.model')
        .select(['key', 'purpose', 'sla', 'modelName', 'model.text as modelText', 'ended'])
        .where('id', '=', conversation),
    );
    if (row === undefined) return undefined;
    const { key, ended, ...rest } = row;
    return {
      id: conversation,
      ...rest,
      agents: this.#agents(key),
      asks: this.#asks(key),
      mail: this.#mail(key),
      ended: ended === 1,
      lastMessage: this.#lastMessage(key),
    };
  }

  findSla(idOrName: string): readonly Sla[] {
    const whole = query.selectFrom('sla').select('key').where('id', '=', id<SlaId>(idOrName));
    const keys = rowsOf(this.#db, whole);
    const found = keys.length > 0 ? keys : rowsOf(this.#db, this.#matches(idOrName));
    return found.map(({ key }) => this.#sla(key));
  }

  trace(conversation: ConversationId): readonly TracedMessage[] {
    const rows = rowsOf(
      this.#db,
      this.#messages()
        .innerJoin('conversation', 'conversation.key', 'message.conversation')
        .select(['message.atMs', 'message.codes'])
        .where('conversation.id', '=', conversation),
    );
    return rows.map((row) => ({
      number: row.number,
      conversation,
      atMs: row.atMs,
      message: messageOf(row),
      codes: row.codes === null ? [] : codesOf(row.codes),
    }));
  }

  vendorRecords(): readonly VendorRecord[] {
    const rows = rowsOf(this.#db, query.selectFrom('vendorRecord').selectAll().orderBy('vendor'));
    return rows.map((row) => ({ ...row }));
  }

  kept(conversation: ConversationId, key: string): string | undefined {
    const [row] = rowsOf(
      this.#db,
      query
        .selectFrom('kept')
        .select('text')
        .where('conversation', '=', conversation)
        .where('key', '=', key),
    );
    return row && unpackText(row.text);
  }

  #agents(key: number): readonly StoredAgent[] {
    const rows = rowsOf(
      this.#db,
      query
        .selectFrom('agent')
        .select(['id', 'role', 'state', 'done', 'wakeMs'])
        .where('conversation', '=', key)
        .orderBy(sql`rowid`),
    );
    return rows.map(({ done, wakeMs, ...rest }) => {
      const agent = { ...rest, done: done === 1 };
      return wakeMs === null ? agent : { ...agent, wakeMs };
    });
  }

  #asks(key: number): readonly StoredAsk[] {
    const rows = rowsOf(
      this.#db,
      query
        .selectFrom('ask')
        .select(['agent', 'ask', 'name', 'arity', 'args', 'answer'])
        .where('conversation', '=', key)
        .orderBy('agent')
        .orderBy('ask'),
    );
    return rows.map(askOf);
  }

  #mail(key: number): readonly StoredMail[] {
    const rows = rowsOf(
      this.#db,
      // A literal, so that the index of queued mail serves.
      this.#messages().where('message.conversation', '=', key).where(sql<boolean>`queued = 1`),
    );
    return rows.map((row) => ({ number: row.number, message: messageOf(row) }));
  }

  #lastMessage(key: number): number {
    const [row] = rowsOf(
      this.#db,
      query
        .selectFrom('message')
        .select((select) => select.fn.max('number').as('last'))
        .where('conversation', '=', key),
    );
    return row?.last ?? 0;
  }

  #messages() {
    return query
      .selectFrom('message')
      .select(['number', 'fromRole', 'fromId', 'toRole', 'toId', 'message.name', 'message.args'])
      .orderBy('number');
  }

  /** Those that can still hold machines come first, then the newest. */
  #matches(idOrName: string) {
    return query
      .selectFrom('sla')
      .select('key')
      .where((where) => {
        const name = where('name', '=', idOrName);
        if ([...idOrName].length < SHORTEST_PREFIX_CHARS) return name;
        const from = where('id', '>=', id<SlaId>(idOrName));
        const to = where('id', '<', id<SlaId>(`${idOrName}\u{10FFFF}`));
        return where.or([name, where.and([from, to])]);
      })
      .orderBy(sql`state IN ('ended', 'refused', 'expired')`)
      .orderBy('createdMs', 'desc')
      .orderBy('key', 'desc')
      .limit(limits.storeSlaMatches);
  }

  #sla(key: number): Sla {
    const parts = query.selectFrom('slaPart').select('text').where('sla', '=', key).orderBy('part');
    return slaOf(rowsOf(this.#db, parts).map((row) => row.text));
  }
}
