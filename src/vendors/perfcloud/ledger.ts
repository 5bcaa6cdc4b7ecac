import { randomBytes } from 'node:crypto';
import { type ContractId, type ConversationId, id, type MoveId } from '../../sla/ids.ts';
import type { Database } from './database.ts';
import type { Room } from './room.ts';
import {
  type GuestRecord,
  type Held,
  type HeldState,
  heldOf,
  integer,
  type MoveRecord,
  moveOf,
  roomOf,
  text,
} from './rows.ts';
import type { Sibling } from './standing.ts';

/** A move that no longer holds room is remembered this long, so that repeating it is harmless. */
const movesKeptMs = 86_400_000;

/**
 * The state in words. Every method is to be called inside one transaction of its database, which
 * the caller opens: {@link Database.read} or {@link Database.write}.
 */
export class Ledger {
  readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** Who does not hold it cannot make proposals that are accepted; absent in a new file. */
  secret(): string | undefined {
    const row = this.database.get("SELECT value FROM meta WHERE key = 'secret'");
    return row === undefined ? undefined : text(row, 'value');
  }

  /** Of several processes that open a new file at once, the first one's secret holds. */
  makeSecret(): string {
    const secret = this.secret() ?? randomBytes(32).toString('hex');
    this.database.run("INSERT OR IGNORE INTO meta VALUES ('secret', ?)", secret);
    return secret;
  }

  held(contract: ContractId): Held | undefined {
    const row = this.database.get('SELECT * FROM contract WHERE id = ?', contract);
    return row === undefined ? undefined : heldOf(row);
  }

  /** Everything that is held, oldest first. */
  all(): readonly Held[] {
    return this.database.all('SELECT * FROM contract ORDER BY signed_ms, slot').map(heldOf);
  }

  /** Where the machines of the objective are, and where they are on their way to. */
  siblings(conversation: ConversationId, objective: string): readonly Sibling[] {
    return this.database
      .all(
        `SELECT id, host FROM contract WHERE conversation = ?1 AND objective = ?2
         UNION ALL
         SELECT contract.id, move.holds FROM contract JOIN move ON move.contract = contract.id
          WHERE conversation = ?1 AND objective = ?2
            AND move.state IN ('prepared', 'paused', 'committed')`,
        conversation,
        objective,
      )
      .map((row) => ({ contract: id<ContractId>(text(row, 'id')), host: text(row, 'host') }));
  }

  /** Rises with every contract that is signed, and never falls while proposals of it are valid. */
  generation(): number {
    const row = this.database.get(
      `SELECT (SELECT count(*) FROM contract) + (SELECT count(*) FROM withdrawn) AS generation`,
    );
    return row === undefined ? 0 : integer(row, 'generation');
  }

  /** What contracts and moves hold, by host. */
  taken(): ReadonlyMap<string, Room> {
    const rows = this.database.all(
      `SELECT host, sum(cpus) AS cpus, sum(memory_mib) AS memory_mib, sum(disk_gib) AS disk_gib
         FROM (SELECT host, cpus, memory_mib, disk_gib FROM contract
               UNION ALL
               SELECT move.holds, cpus, memory_mib, disk_gib
                 FROM move JOIN contract ON contract.id = move.contract
                WHERE move.state IN ('prepared', 'paused', 'committed'))
        GROUP BY host`,
    );
    return new Map(rows.map((row) => [text(row, 'host'), roomOf(row)]));
  }

  /** The lowest address that nobody has. */
  freeSlot(): number {
    const row = this.database.get(
      `SELECT min(after.slot) AS slot
         FROM (SELECT 0 AS slot UNION ALL SELECT slot + 1 FROM contract) AS after
        WHERE after.slot NOT IN (SELECT slot FROM contract)`,
    );
    return row === undefined ? 0 : integer(row, 'slot');
  }

  sign(held: Omit<Held, 'state' | 'paused' | 'readyMs' | 'unlisted' | 'guest'>): void {
    this.database.run(
      `INSERT INTO contract VALUES
        (?, ?, ?, 'signed', 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0)`,
      held.id,
      held.conversation,
      held.objective,
      held.site,
      held.host,
      held.class,
      held.apart,
      held.cpus,
      held.memoryMiB,
      held.diskGiB,
      held.networkMbps,
      held.slot,
      held.signedMs,
    );
  }

  setState(contract: ContractId, state: HeldState): void {
    this.database.run('UPDATE contract SET state = ? WHERE id = ?', state, contract);
  }

  start(contract: ContractId, readyMs: number): void {
    this.database.run(
      "UPDATE contract SET state = 'starting', ready_ms = ? WHERE id = ?",
      readyMs,
      contract,
    );
  }

  setGuest(contract: ContractId, { port, pid, start }: GuestRecord): void {
    this.database.run(
      'UPDATE contract SET guest_port = ?, guest_pid = ?, guest_start = ? WHERE id = ?',
      port,
      pid,
      start,
      contract,
    );
  }

  passOver(contract: ContractId): void {
    this.database.run('UPDATE contract SET unlisted = unlisted + 1 WHERE id = ?', contract);
  }

  /** Frees everything that the contract holds, also for its moves. */
  forget(contract: ContractId): void {
    this.database.run('DELETE FROM move WHERE contract = ?', contract);
    this.database.run('DELETE FROM contract WHERE id = ?', contract);
  }

  /** From now until then the contract cannot be signed again. */
  bury(contract: ContractId, untilMs: number, nowMs: number): void {
    this.database.run('DELETE FROM withdrawn WHERE until_ms < ?', nowMs);
    this.database.run('INSERT OR REPLACE INTO withdrawn VALUES (?, ?)', contract, untilMs);
  }

  isWithdrawn(contract: ContractId): boolean {
    return this.database.get('SELECT 1 FROM withdrawn WHERE id = ?', contract) !== undefined;
  }

  move(move: MoveId): MoveRecord | undefined {
    const row = this.database.get('SELECT * FROM move WHERE id = ?', move);
    return row === undefined ? undefined : moveOf(row);
  }

  /** The move of this contract that still holds room. */
  openMove(contract: ContractId): MoveRecord | undefined {
    const row = this.database.get(
      "SELECT * FROM move WHERE contract = ? AND state IN ('prepared', 'paused', 'committed')",
      contract,
    );
    return row === undefined ? undefined : moveOf(row);
  }

  addMove({ id: move, contract, state, source, target }: MoveRecord, nowMs: number): void {
    this.database.run(
      "DELETE FROM move WHERE at_ms < ? AND state IN ('released', 'discarded')",
      nowMs - movesKeptMs,
    );
    this.database.run(
      'INSERT INTO move VALUES (?, ?, ?, ?, ?, ?, ?)',
      move,
      contract,
      state,
      source,
      target,
      target,
      nowMs,
    );
  }

  setMove(move: MoveId, state: MoveRecord['state']): void {
    this.database.run('UPDATE move SET state = ? WHERE id = ?', state, move);
  }

  setPaused(contract: ContractId, power: 'paused' | 'running'): void {
    const paused = power === 'paused' ? 1 : 0;
    this.database.run('UPDATE contract SET paused = ? WHERE id = ?', paused, contract);
  }

  /** The machine runs at the target from now on; the move holds the room that it left. */
  arrive({ id: move, contract, source, target }: MoveRecord): void {
    this.database.run("UPDATE move SET state = 'committed', holds = ? WHERE id = ?", source, move);
    this.database.run('UPDATE contract SET host = ?, paused = 0 WHERE id = ?', target, contract);
  }

  /** How often the fault had been met before. */
  meet(fault: string): number {
    const row = this.database.get(
      `INSERT INTO fault VALUES (?, 1)
       ON CONFLICT (key) DO UPDATE SET calls = calls + 1 RETURNING calls`,
      fault,
    );
    return row === undefined ? 0 : integer(row, 'calls') - 1;
  }
}
