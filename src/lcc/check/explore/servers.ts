import { isJoin, type Program, variablesOfTerms, waits } from '../program.ts';
import type { World } from './choice.ts';
import { answers } from './config.ts';
import { type Deeds, join } from './deeds.ts';
import type { Outcome, Player } from './player.ts';

/**
 * Agents that are after every request what they were before it, and write to nobody but who asked.
 * Their requests are served at once, since it makes no difference when: they commute.
 */
export class Servers {
  readonly #post: World['post'];
  readonly #budget: World['budget'];
  readonly #homes = new Map<number, { player: Player; home: number }>();
  readonly #served = new Map<number, readonly Served[]>();

  constructor(world: World, players: readonly Player[]) {
    this.#post = world.post;
    this.#budget = world.budget;
    for (const player of players) {
      if (!isStateless(world.program, player.agent.start)) continue;
      const [outcome, ...more] = player.begin();
      if (outcome === undefined || more.length > 0 || outcome.sent.length > 0) continue;
      this.#homes.set(player.agent.index, { player, home: outcome.next });
    }
  }

  has(agent: number | undefined): boolean {
    return agent !== undefined && this.#homes.has(agent);
  }

  home(player: Player): number | undefined {
    return this.#homes.get(player.agent.index)?.home;
  }

  /** Every way in which the requests among what was sent are answered; the answers take their place. */
  serve(outcome: Outcome): readonly Served[] {
    let all: readonly Served[] = [{ sent: [], did: outcome.did }];
    for (const number of outcome.sent) {
      const ways = this.#serveOne(number);
      const longer = all.flatMap(({ sent, did }) =>
        ways.map((way) => ({
          sent: way.sent.reduce((queue, letter) => this.#post.add(queue, letter), sent),
          did: join(did, way.did),
        })),
      );
      all = this.#budget.few(longer);
    }
    return all;
  }

  #serveOne(number: number): readonly Served[] {
    const known = this.#served.get(number);
    if (known !== undefined) return known;
    const letter = this.#post.letter(number);
    const server = this.#homes.get(letter.to);
    if (server === undefined) return [{ sent: [number], did: undefined }];
    const { player, home } = server;
    const ways = player.choices(home).flatMap((choice) => {
      if (choice.kind !== 'receive' || !answers(choice, letter)) return [];
      return player.read(choice, number).map(({ sent, did }) => ({
        sent,
        did: join({ agent: letter.to, read: letter }, did),
      }));
    });
    const served = ways.length > 0 ? ways : [{ sent: [], did: undefined }];
    this.#served.set(number, served);
    return served;
  }
}

interface Served {
  readonly sent: readonly number[];
  readonly did: Deeds;
}

/**
 * A server that is after every request what it was before: it only receives, from anybody, answers
 * without a wait, and calls itself.
 */
function isStateless(program: Program, role: string): boolean {
  const clause = program.clauses.get(role);
  if (clause === undefined || clause.params.length > 0) return false;
  const steps = program.steps.filter((step) => step.clause === clause);
  const senders = new Set<string>();
  for (const { def } of steps) {
    if (def.op !== 'receive') continue;
    const { id } = def.target;
    const isOpen = id.kind === 'anonymous' || (id.kind === 'variable' && id.name !== clause.me);
    if (!isOpen) return false;
    if (id.kind === 'variable') senders.add(id.name);
  }
  const first = firstsOf(clause.body);
  return steps.every(({ def, tail }) => {
    if (tail && def.op !== 'role') return false;
    if (waits(program, def.guard)) return false;
    if (def.op === 'role') return tail && def.target.role === role;
    if (def.op === 'receive') return first.has(def);
    if (def.op === 'null') return !first.has(def);
    const [target] = variablesOfTerms([def.target.id]);
    return !first.has(def) && target !== undefined && senders.has(target.name);
  });
}

type Body = Parameters<typeof isJoin>[0];

function firstsOf(body: Body): ReadonlySet<Body> {
  if (!isJoin(body)) return new Set([body]);
  const left = firstsOf(body.left);
  return body.op === 'then' ? left : left.union(firstsOf(body.right));
}
