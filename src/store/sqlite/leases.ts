/**
 * Leases: each method is one statement, so that of several processes exactly one wins. The fence
 * stays when a lease is released, and counts up with every new one for as long as the conversation
 * is kept.
 */
import type { ConversationId } from '../../sla/ids.ts';
import type { Lease } from '../store.ts';
import type { Connection } from './connection.ts';
import { conversationFailure } from './failures.ts';

/** Who wants a lease, until when, and what time it is for them. */
interface Claim {
  readonly holder: string;
  readonly untilMs: number;
  readonly nowMs: number;
}

export function acquire(
  db: Connection,
  conversation: ConversationId,
  claim: Claim,
): Lease | undefined {
  const { holder, untilMs, nowMs } = claim;
  // Not `get`: it would leave the commit to the statement's reset, whose error is not reported.
  const [row] = db.prepared(ACQUIRE).all(holder, untilMs, conversation, holder, nowMs);
  if (row !== undefined) return { conversation, holder, fence: Number(row['fence']) };
  if (db.prepared(EXISTS).get(conversation) !== undefined) return undefined;
  throw conversationFailure('STORE.CONVERSATION_UNKNOWN', conversation);
}

export function renew(db: Connection, lease: Lease, untilMs: number): boolean {
  return db.run(RENEW, untilMs, lease.conversation, lease.holder, lease.fence) === 1;
}

export function release(db: Connection, lease: Lease): void {
  db.run(RELEASE, lease.conversation, lease.holder, lease.fence);
}

export function holder(db: Connection, conversation: ConversationId): Lease | undefined {
  const row = db.prepared(HOLDER).get(conversation);
  if (typeof row?.['holder'] !== 'string') return undefined;
  return { conversation, holder: row['holder'], fence: Number(row['fence']) };
}

const ACQUIRE = `
  UPDATE conversation SET fence = fence + 1, holder = ?, leasedUntilMs = ?
  WHERE id = ? AND (holder IS NULL OR holder = ? OR leasedUntilMs <= ?)
  RETURNING fence`;

const EXISTS = 'SELECT 1 FROM conversation WHERE id = ?';

const HOLDER = 'SELECT holder, fence FROM conversation WHERE id = ?';

const RENEW = `
  UPDATE conversation SET leasedUntilMs = ? WHERE id = ? AND holder = ? AND fence = ?`;

const RELEASE = `
  UPDATE conversation SET holder = NULL, leasedUntilMs = NULL
  WHERE id = ? AND holder = ? AND fence = ?`;
