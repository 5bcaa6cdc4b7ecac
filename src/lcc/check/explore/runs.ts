import type { Body, Position } from '../../ast.ts';
import { printDef } from '../../print.ts';
import { isJoin, type Program } from '../program.ts';
import { type Exploration, type Finding, finding } from '../report.ts';
import type { Waits } from '../waits.ts';
import { Budget } from './budget.ts';
import { Cast } from './cast.ts';
import type { World } from './choice.ts';
import { Clauses } from './clauses.ts';
import type { Move, State } from './config.ts';
import { listDeeds } from './deeds.ts';
import { kindsOf } from './kinds.ts';
import type { Clockwork } from './moves.ts';
import { Player } from './player.ts';
import { Post } from './post.ts';
import { Product, type Visit } from './product.ts';

/**
 * Explores the runs of a model for deadlocks and orphan messages. docs/lcc.md, "How runs are
 * explored", says what is looked at and what not.
 */
export function checkRuns(
  program: Program,
  waits: Waits,
): { findings: readonly Finding[]; exploration: Exploration } {
  const patient = new Run(program, waits, 'patient');
  patient.explore();
  // Where every wait ends by itself, or is a server's, nobody can be stuck whatever the clock does.
  const risky = waits.findings.length > 0 || patient.needsPeer;
  if (!risky || patient.findings.some(({ code }) => code === 'LCC.DEADLOCK')) return patient;
  const restless = new Run(program, waits, 'restless');
  restless.explore();
  const deadlocks = restless.findings.filter(({ code }) => code === 'LCC.DEADLOCK');
  const states = patient.exploration.states + restless.exploration.states;
  const bounded = [patient, restless].some(({ exploration }) => exploration.kind === 'bounded');
  return {
    findings: [...patient.findings, ...deadlocks],
    exploration: { kind: bounded ? 'bounded' : 'complete', states },
  };
}

class Run {
  readonly findings: Finding[] = [];
  exploration: Exploration = { kind: 'complete', states: 0 };
  readonly #waits: Waits;
  readonly #world: World;
  readonly #players: readonly Player[];
  readonly #product: Product;
  readonly #checked = new Set<number>();
  readonly #reported = new Set<unknown>();

  constructor(program: Program, waits: Waits, clockwork: Clockwork) {
    this.#waits = waits;
    const kinds = kindsOf(program);
    const budget = new Budget();
    const cast = new Cast(program, budget);
    const clauses = new Clauses(program, kinds);
    this.#world = { program, kinds, clauses, cast, post: new Post(), budget };
    this.#players = cast.agents.map((agent) => new Player(this.#world, agent));
    this.#product = new Product(this.#world, this.#players, clockwork);
  }

  get needsPeer(): boolean {
    return this.#players.some((player) => player.needsPeer());
  }

  explore(): void {
    this.#product.explore((visit) => {
      if (visit.moves.length === 0) this.#checkStuck(visit);
      if (visit.moves.every((move) => move.speed === 'slow')) this.#checkMail(visit);
    });
    const { isComplete, states } = this.#world.budget;
    this.exploration = { kind: isComplete ? 'complete' : 'bounded', states };
  }

  #checkStuck({ state, trace }: Visit): void {
    if (this.#reported.has('deadlock')) return;
    const stuck = state.flatMap((number) => {
      const { player, local } = this.#product.moves.config(number);
      if (local === undefined || player.isDone(local)) return [];
      const choices = player.choices(local);
      const rests = choices.some((c) => c.kind === 'receive' && this.#waits.idle.has(c.def));
      const at = placeOf(player, local);
      return rests || choices.some((c) => c.kind === 'step') || at === undefined
        ? []
        : [{ player, at }];
    });
    const [first] = stuck;
    if (first === undefined) return;
    this.#reported.add('deadlock');
    const who = stuck.map(({ player, at }) => `${player.agent.name} at ${at.line}:${at.column}`);
    const message = `nobody can go on: ${who.join(', ')} ${who.length > 1 ? 'wait' : 'waits'} for ever`;
    const found = finding('LCC.DEADLOCK', first.at, message);
    this.findings.push({ ...found, trace: this.#spell(trace()) });
  }

  #checkMail({ state, trace }: { state: State; trace: Visit['trace'] }): void {
    for (const number of state) {
      if (this.#checked.has(number)) continue;
      this.#checked.add(number);
      const { player, local, mail } = this.#product.moves.config(number);
      if (local === undefined || player.gaveUp(local)) continue;
      for (const letter of mail.map((one) => this.#world.post.letter(one))) {
        if (!letter.due || this.#reported.has(letter.def) || player.canRead(local, letter))
          continue;
        this.#reported.add(letter.def);
        const { name } = player.agent;
        const reader = letter.toRole === player.agent.start ? name : `${letter.toRole} (${name})`;
        const message = `${letter.signature} can arrive when ${reader} will not read it any more`;
        const found = finding('LCC.ORPHAN_MESSAGE', letter.def.at, message);
        this.findings.push({ ...found, trace: this.#spell(trace()) });
      }
    }
  }

  #spell(moves: readonly Move[]): readonly string[] {
    const name = (agent: number): string => this.#players[agent]?.agent.name ?? '';
    return moves
      .flatMap((move) => listDeeds(move.did))
      .map((deed) => {
        const who = name(deed.agent);
        if ('read' in deed)
          return `${who} reads ${deed.read.signature} from ${name(deed.read.from)}`;
        const { def, to } = deed;
        const peer = to === undefined ? '' : `, to ${name(to)}`;
        return `${who} at ${def.at.line}:${def.at.column}: ${printDef(def)}${peer}`;
      });
  }
}

function placeOf(player: Player, local: number): Position | undefined {
  const rest = player.standsAt(local);
  return rest?.op === 'begin' ? firstPlace(rest.body) : undefined;
}

function firstPlace(body: Body): Position {
  return isJoin(body) ? firstPlace(body.left) : body.at;
}
