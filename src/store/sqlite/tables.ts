/** The rows of migrations.ts, for Kysely; columns are called as the values they hold. */
import type { Generated } from 'kysely';
import type { ConversationId, SlaId } from '../../sla/ids.ts';
import type { VendorRecord } from '../../sla/sla.ts';
import type { SlaSummary } from '../store.ts';

export interface Tables {
  readonly model: { readonly hash: string; readonly text: string };
  readonly conversation: ConversationRow;
  readonly agent: AgentRow;
  readonly ask: AskRow;
  readonly message: MessageRow;
  readonly sla: SlaSummary & { readonly key: Generated<number> };
  readonly slaPart: { readonly sla: number; readonly part: number; readonly text: string };
  readonly vendorRecord: VendorRecord;
  readonly kept: KeptRow;
}

export interface ConversationRow {
  readonly key: Generated<number>;
  readonly id: ConversationId;
  readonly purpose: string;
  readonly sla: SlaId;
  readonly modelName: string;
  readonly model: string;
  readonly createdMs: number;
  readonly ended: number;
  /** The newest lease's; it stays when that is released. */
  readonly fence: number;
  readonly holder: string | null;
  readonly leasedUntilMs: number | null;
}

interface AgentRow {
  readonly conversation: number;
  readonly id: string;
  readonly role: string;
  readonly state: string;
  readonly done: number;
  readonly wakeMs: number | null;
}

export interface AskRow {
  readonly conversation: number;
  readonly agent: string;
  readonly ask: number;
  readonly name: string;
  readonly arity: number;
  /** Terms, see `rows.ts`. */
  readonly args: string;
  readonly answer: string | null;
}

/** A message sent: the trace; while `queued` is 1 it is also mail. */
export interface MessageRow {
  readonly conversation: number;
  readonly number: number;
  readonly atMs: number;
  readonly fromRole: string;
  readonly fromId: string;
  readonly toRole: string;
  readonly toId: string;
  readonly name: string;
  readonly args: string;
  readonly codes: string | null;
  readonly queued: number;
}

interface KeptRow {
  readonly conversation: ConversationId;
  readonly key: string;
  readonly text: string | Uint8Array;
}
