/** Rows of the state file as values; a file that somebody changed fails with VENDOR.REPLY_MALFORMED. */
import { failure } from '../../base/failure.ts';
import { type ContractId, type ConversationId, id, type MoveId } from '../../sla/ids.ts';
import type { Row } from './database.ts';
import type { Room } from './room.ts';
import type { Apart } from './standing.ts';

/** A contract as the state file keeps it. */
export interface Held extends Room {
  readonly id: ContractId;
  readonly conversation: ConversationId;
  readonly objective: string;
  readonly state: HeldState;
  /** A move has paused its machine. */
  readonly paused: boolean;
  readonly site: string;
  readonly host: string;
  /** The class of hosts that was sold; a move may end on a better one. */
  readonly class: string;
  readonly apart: Apart;
  readonly networkMbps: number;
  /** Which address it has, counting from 0. */
  readonly slot: number;
  readonly signedMs: number;
  /** When it will have booted; 0 before it is started. */
  readonly readyMs: number;
  /** How many listings have left it out. */
  readonly unlisted: number;
  readonly guest: GuestRecord;
}

const heldStates = ['signed', 'starting', 'running', 'ending'] as const;
export type HeldState = (typeof heldStates)[number];

/** Zeros before there is one. */
export interface GuestRecord {
  readonly port: number;
  readonly pid: number;
  /** When its process started, in the kernel's ticks: another process with its pid has another. */
  readonly start: number;
}

const moveStates = ['prepared', 'paused', 'committed', 'released', 'discarded'] as const;

export interface MoveRecord {
  readonly id: MoveId;
  readonly contract: ContractId;
  readonly state: (typeof moveStates)[number];
  readonly source: string;
  readonly target: string;
}

const aparts = ['host', 'site', 'vendor', 'no'] as const;

export function heldOf(row: Row): Held {
  return {
    ...roomOf(row),
    id: id<ContractId>(text(row, 'id')),
    conversation: id<ConversationId>(text(row, 'conversation')),
    objective: text(row, 'objective'),
    state: oneOf(heldStates, text(row, 'state')),
    paused: integer(row, 'paused') === 1,
    site: text(row, 'site'),
    host: text(row, 'host'),
    class: text(row, 'class'),
    apart: oneOf(aparts, text(row, 'apart')),
    networkMbps: integer(row, 'network_mbps'),
    slot: integer(row, 'slot'),
    signedMs: integer(row, 'signed_ms'),
    readyMs: integer(row, 'ready_ms'),
    unlisted: integer(row, 'unlisted'),
    guest: {
      port: integer(row, 'guest_port'),
      pid: integer(row, 'guest_pid'),
      start: integer(row, 'guest_start'),
    },
  };
}

export function roomOf(row: Row): Room {
  return {
    cpus: integer(row, 'cpus'),
    memoryMiB: integer(row, 'memory_mib'),
    diskGiB: integer(row, 'disk_gib'),
  };
}

export function moveOf(row: Row): MoveRecord {
  return {
    id: id<MoveId>(text(row, 'id')),
    contract: id<ContractId>(text(row, 'contract')),
    state: oneOf(moveStates, text(row, 'state')),
    source: text(row, 'source'),
    target: text(row, 'target'),
  };
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw damaged(`column ${column} is no text`);
  return value;
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw damaged(`column ${column} is no integer`);
  return value;
}

function oneOf<Value extends string>(values: readonly Value[], found: string): Value {
  const value = values.find((one) => one === found);
  if (value === undefined) throw damaged(`${found} is none of ${values.join(', ')}`);
  return value;
}

function damaged(what: string): Error {
  return failure('VENDOR.REPLY_MALFORMED', `the state file is damaged: ${what}`, {
    next: 'restore the file, or set another folder',
  });
}
