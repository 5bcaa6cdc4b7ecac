/**
 * What lists show. A list is the first thing a user sees, in a process that has just started: so
 * these are plain statements, and neither Kysely nor a document's text is loaded for them.
 */
import type { SlaId } from '../../sla/ids.ts';
import type { ConversationHead, ConversationSummary, SlaFilter, SlaSummary } from '../store.ts';
import type { Connection } from './connection.ts';
import type { ConversationRow } from './tables.ts';

/** Newest first. */
export function slas(db: Connection, { states, limit }: SlaFilter): readonly SlaSummary[] {
  // The tables are STRICT and as tables.ts says, here and below.
  const rows =
    states === undefined
      ? db.prepared(SLAS).all(limit)
      : db.prepared(SLAS_IN_STATES).all(JSON.stringify(states), limit);
  return (rows as unknown as readonly SlaSummary[]).map(plain);
}

/** A copy that is an ordinary object; by name, since spreading one of SQLite's rows is slow. */
function plain(row: SlaSummary): SlaSummary {
  const { id, name, state, pricePerHourMicros, currency, machines, createdMs, updatedMs } = row;
  return { id, name, state, pricePerHourMicros, currency, machines, createdMs, updatedMs };
}

interface UnfinishedRow extends ConversationRow {
  /** A question has an answer that no step has taken. */
  readonly answered: number;
  readonly wakeMs: number | null;
}

/** Oldest first. */
export function unfinished(db: Connection): readonly ConversationSummary[] {
  const rows = db.prepared(UNFINISHED).all() as unknown as readonly UnfinishedRow[];
  return rows.map(
    ({ id, purpose, sla, createdMs, holder, fence, leasedUntilMs, answered, wakeMs }) => ({
      id,
      purpose,
      sla,
      createdMs,
      interrupted: holder !== null || fence === 0 || answered === 1,
      ...(leasedUntilMs === null ? {} : { leasedUntilMs }),
      ...(wakeMs === null ? {} : { wakeMs }),
    }),
  );
}

/** Oldest first. */
export function conversationsOf(db: Connection, sla: SlaId): readonly ConversationHead[] {
  const rows = db.prepared(CONVERSATIONS_OF).all(sla) as unknown as readonly ConversationRow[];
  return rows.map(({ id, purpose, modelName, createdMs, ended }) => ({
    id,
    purpose,
    modelName,
    createdMs,
    ended: ended === 1,
  }));
}

const COLUMNS =
  'id, name, state, pricePerHourMicros, currency, machines, createdMs, updatedMs FROM sla';

const SLAS = `SELECT ${COLUMNS} ORDER BY createdMs DESC, key DESC LIMIT ?`;

const SLAS_IN_STATES = `
  SELECT ${COLUMNS} WHERE state IN (SELECT value FROM json_each(?))
  ORDER BY createdMs DESC, key DESC LIMIT ?`;

const UNFINISHED = `
  SELECT id, purpose, sla, createdMs, holder, fence, leasedUntilMs, EXISTS (
    SELECT 1 FROM ask WHERE ask.conversation = conversation.key AND answer IS NOT NULL
  ) AS answered, (
    SELECT MIN(wakeMs) FROM agent WHERE agent.conversation = conversation.key
  ) AS wakeMs
  FROM conversation WHERE ended = 0 ORDER BY createdMs, key`;

/** Of the few thousand that are kept, so that it needs no index. */
const CONVERSATIONS_OF = `
  SELECT id, purpose, modelName, createdMs, ended FROM conversation
  WHERE sla = ? ORDER BY createdMs, key`;
