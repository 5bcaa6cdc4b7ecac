/**
 * All writes, with prepared statements: a step of a conversation costs a handful of them, and the
 * loop saves thousands of steps a second. Each method runs inside a transaction of its caller.
 */
import { createHash } from 'node:crypto';
import { invariant } from '../../base/failure.ts';
import { limits } from '../../base/limits.ts';
import type { Answer } from '../../lcc/constraint.ts';
import { encodeTerms } from '../../lcc/term-json.ts';
import type { ConversationId } from '../../sla/ids.ts';
import type { Fact, Lease, NewConversation, Save, StoredAgent, TracedMessage } from '../store.ts';
import type { Connection } from './connection.ts';
import { conversationFailure } from './failures.ts';
import { answerText } from './rows.ts';
import { partsOf, summaryOf } from './sla-document.ts';
import { packText } from './text-codec.ts';

/** Traces are cut back in portions, so that a long run does not pay for it with every message. */
const TRACE_CUT_EVERY = 1_000;
/** More than one per begin, so that a store that was over its bounds returns below them. */
const PRUNED_PER_BEGIN = 10;

/** One question of one agent. */
interface AgentAsk {
  readonly agent: string;
  readonly ask: number;
}

export class Writer {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  begin(conversation: NewConversation, facts: readonly Fact[]): void {
    this.#prune();
    const hash = createHash('sha256').update(conversation.modelText).digest('hex');
    this.#db.run(INSERT_MODEL, hash, conversation.modelText);
    const { id, purpose, sla, modelName, createdMs } = conversation;
    const row = this.#db
      .prepared(INSERT_CONVERSATION)
      .get(id, purpose, sla, modelName, hash, createdMs);
    if (row === undefined) throw conversationFailure('STORE.CONVERSATION_EXISTS', id);
    const key = Number(row['key']);
    for (const agent of conversation.agents) this.#agent(key, { ...agent, done: false });
    this.facts(facts);
  }

  /** Fails with STORE.FENCE_STALE before it writes anything. */
  save(saves: readonly Save[]): void {
    const held = saves.map((save) => this.#held(save.lease));
    for (const [index, save] of saves.entries()) {
      const conversation = held[index];
      invariant(conversation !== undefined, 'a conversation for every save');
      this.#steps(conversation.key, save);
      if (save.ended !== conversation.ended) {
        this.#db.run(SET_ENDED, save.ended ? 1 : 0, conversation.key);
      }
      this.facts(save.facts);
    }
  }

  /** Only the first answer counts; the same again is welcome, since an answer may be repeated. */
  answer(conversation: ConversationId, asked: AgentAsk, answer: Answer): void {
    const text = answerText(answer);
    const { agent, ask } = asked;
    const changed = this.#db.run(ANSWER_ASK, text, conversation, agent, ask, text);
    if (changed === 0) throw conversationFailure('STORE.ASK_GONE', conversation);
  }

  facts(facts: readonly Fact[]): void {
    for (const fact of facts) {
      switch (fact.kind) {
        case 'sla':
          this.#sla(fact);
          break;
        case 'vendor':
          this.#vendor(fact);
          break;
        case 'keep':
          this.#db.run(UPSERT_KEPT, fact.conversation, fact.key, packText(fact.text));
          break;
      }
    }
  }

  #held(lease: Lease): { readonly key: number; readonly ended: boolean } {
    const row = this.#db.prepared(SELECT_LEASE).get(lease.conversation);
    if (row?.['fence'] !== lease.fence || row['holder'] !== lease.holder) {
      throw conversationFailure('STORE.FENCE_STALE', lease.conversation);
    }
    return { key: Number(row['key']), ended: row['ended'] === 1 };
  }

  #steps(key: number, save: Save): void {
    for (const agent of save.agents) this.#agent(key, agent);
    for (const ask of save.asked) {
      const answer = ask.answer === undefined ? null : answerText(ask.answer);
      const args = encodeTerms(ask.args);
      this.#db.run(UPSERT_ASK, key, ask.agent, ask.ask, ask.name, ask.arity, args, answer);
    }
    for (const { agent, ask } of save.closed) this.#db.run(DELETE_ASK, key, agent, ask);
    this.#mail(key, save);
  }

  #mail(key: number, save: Save): void {
    const queued = new Set(save.queued.map((mail) => mail.number));
    for (const sent of save.sent) {
      this.#message(key, sent, queued.delete(sent.number));
      if (sent.number % TRACE_CUT_EVERY === 0) {
        this.#db.run(CUT_TRACE, key, sent.number - limits.storeTraceMessages);
      }
    }
    for (const number of queued) {
      const changed = this.#db.run(SET_QUEUED, 1, key, number);
      invariant(changed === 1, `message ${number} is queued but was never sent`);
    }
    for (const number of save.taken) this.#db.run(SET_QUEUED, 0, key, number);
  }

  #agent(key: number, agent: StoredAgent): void {
    const { id, role, state, done, wakeMs = null } = agent;
    this.#db.run(UPSERT_AGENT, key, id, role, state, done ? 1 : 0, wakeMs);
  }

  #message(key: number, sent: TracedMessage, queued: boolean): void {
    const { from, to, name, args } = sent.message;
    this.#db.run(
      INSERT_MESSAGE,
      key,
      sent.number,
      sent.atMs,
      from.role,
      from.id,
      to.role,
      to.id,
      name,
      args.length === 0 ? '[]' : encodeTerms(args),
      sent.codes.length === 0 ? null : JSON.stringify(sent.codes),
      queued ? 1 : 0,
    );
  }

  #sla({ sla }: Extract<Fact, { kind: 'sla' }>): void {
    const { id, name, state, pricePerHourMicros, currency, machines, createdMs, updatedMs } =
      summaryOf(sla);
    const row = this.#db
      .prepared(UPSERT_SLA)
      .get(id, name, state, pricePerHourMicros, currency, machines, createdMs, updatedMs);
    const key = Number(row?.['key']);
    const parts = partsOf(sla);
    for (const [part, text] of parts.entries()) this.#db.run(UPSERT_SLA_PART, key, part, text);
    this.#db.run(DELETE_SLA_PARTS, key, parts.length);
  }

  #vendor({ vendor, add }: Extract<Fact, { kind: 'vendor' }>): void {
    this.#db.run(
      ADD_VENDOR,
      vendor,
      add.proposed ?? 0,
      add.refused ?? 0,
      add.late ?? 0,
      add.signed ?? 0,
      add.broken ?? 0,
      add.bound ?? 0,
      add.failed ?? 0,
      add.bindMsTotal ?? 0,
    );
  }

  /** Keeps the store within its bounds: of what ended, the newest stay. */
  #prune(): void {
    const conversations = this.#db
      .prepared(ENDED_CONVERSATIONS)
      .all(PRUNED_PER_BEGIN, limits.storeEndedConversations);
    for (const { key, id } of conversations) {
      this.#db.run(DELETE_KEPT, id ?? null);
      this.#db.run(DELETE_CONVERSATION, key ?? null);
    }
    if (conversations.length > 0) this.#db.run(DELETE_UNUSED_MODELS);
    this.#db.run(DELETE_ENDED_SLAS, PRUNED_PER_BEGIN, limits.storeEndedSlas);
  }
}

const INSERT_MODEL = 'INSERT INTO model (hash, text) VALUES (?, ?) ON CONFLICT DO NOTHING';

const INSERT_CONVERSATION = `
  INSERT INTO conversation (id, purpose, sla, modelName, model, createdMs, ended, fence)
  VALUES (?, ?, ?, ?, ?, ?, 0, 0) ON CONFLICT DO NOTHING RETURNING key`;

const SELECT_LEASE = 'SELECT key, fence, holder, ended FROM conversation WHERE id = ?';

const SET_ENDED = 'UPDATE conversation SET ended = ? WHERE key = ?';

const UPSERT_AGENT = `
  INSERT INTO agent (conversation, id, role, state, done, wakeMs) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET
    role = excluded.role, state = excluded.state, done = excluded.done, wakeMs = excluded.wakeMs`;

const UPSERT_ASK = `
  INSERT INTO ask (conversation, agent, ask, name, arity, args, answer) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET
    name = excluded.name, arity = excluded.arity, args = excluded.args,
    answer = coalesce(excluded.answer, answer)`;

const DELETE_ASK = 'DELETE FROM ask WHERE conversation = ? AND agent = ? AND ask = ?';

const ANSWER_ASK = `
  UPDATE ask SET answer = ?
  WHERE conversation = (SELECT key FROM conversation WHERE id = ?) AND agent = ? AND ask = ?
    AND (answer IS NULL OR answer = ?)`;

const INSERT_MESSAGE = `
  INSERT INTO message
    (conversation, number, atMs, fromRole, fromId, toRole, toId, name, args, codes, queued)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const SET_QUEUED = 'UPDATE message SET queued = ? WHERE conversation = ? AND number = ?';

const CUT_TRACE = 'DELETE FROM message WHERE conversation = ? AND number <= ? AND queued = 0';

const UPSERT_SLA = `
  INSERT INTO sla
    (id, name, state, pricePerHourMicros, currency, machines, createdMs, updatedMs)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET
    name = excluded.name, state = excluded.state, currency = excluded.currency,
    pricePerHourMicros = excluded.pricePerHourMicros, machines = excluded.machines,
    createdMs = excluded.createdMs, updatedMs = excluded.updatedMs
  RETURNING key`;

/** What is there already is compared, not written again: a composite may be a megabyte. */
const UPSERT_SLA_PART = `
  INSERT INTO slaPart (sla, part, text) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET text = excluded.text WHERE text <> excluded.text`;

const DELETE_SLA_PARTS = 'DELETE FROM slaPart WHERE sla = ? AND part >= ?';

const ADD_VENDOR = `
  INSERT INTO vendorRecord
    (vendor, proposed, refused, late, signed, broken, bound, failed, bindMsTotal)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET
    proposed = proposed + excluded.proposed, refused = refused + excluded.refused,
    late = late + excluded.late, signed = signed + excluded.signed,
    broken = broken + excluded.broken, bound = bound + excluded.bound,
    failed = failed + excluded.failed, bindMsTotal = bindMsTotal + excluded.bindMsTotal`;

const UPSERT_KEPT = `
  INSERT INTO kept (conversation, key, text) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET text = excluded.text WHERE text <> excluded.text`;

const ENDED_CONVERSATIONS = `
  SELECT key, id FROM conversation WHERE ended = 1
  ORDER BY createdMs DESC, key DESC LIMIT ? OFFSET ?`;

const DELETE_KEPT = 'DELETE FROM kept WHERE conversation = ?';

const DELETE_CONVERSATION = 'DELETE FROM conversation WHERE key = ?';

const DELETE_UNUSED_MODELS =
  'DELETE FROM model WHERE hash NOT IN (SELECT conversation.model FROM conversation)';

/** Only those that can hold no machine any more, beyond the newest. */
const DELETE_ENDED_SLAS = `
  DELETE FROM sla WHERE key IN (
    SELECT key FROM sla WHERE state IN ('ended', 'refused', 'expired')
    ORDER BY createdMs DESC, key DESC LIMIT ? OFFSET ?)`;
