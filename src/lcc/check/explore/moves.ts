import type { Budget } from './budget.ts';
import type { Choice, ReceiveChoice, World } from './choice.ts';
import { answers, type Config, type Move, type State } from './config.ts';
import { type Deeds, join } from './deeds.ts';
import type { Outcome, Player } from './player.ts';
import type { Post } from './post.ts';
import { Servers } from './servers.ts';

/**
 * `patient`: a wait ends only when nobody can do anything else, as with generous deadlines.
 * `restless`: it may end at any time.
 */
export type Clockwork = 'patient' | 'restless';

/** Part of a move: one reading, or one step, with what the servers answered to it. */
interface Leg {
  readonly config: number;
  readonly sent: readonly number[];
  readonly did: Deeds;
}

type Mailbox = Pick<Config, 'player' | 'mail'>;

/** What each agent can do in a state; worked out once for each agent with its mail. */
export class Moves {
  readonly #players: readonly Player[];
  readonly #post: Post;
  readonly #budget: Budget;
  readonly #clockwork: Clockwork;
  readonly #servers: Servers;
  readonly #configs: Config[] = [];
  readonly #numbers: readonly Map<string, number>[];
  readonly #own = new Map<number, readonly Move[]>();
  readonly #goings = new Map<number, readonly Leg[]>();
  readonly #delivered = new Map<string, number>();

  constructor(world: World, players: readonly Player[], clockwork: Clockwork) {
    this.#players = players;
    this.#post = world.post;
    this.#budget = world.budget;
    this.#clockwork = clockwork;
    this.#servers = new Servers(world, players);
    this.#numbers = players.map(() => new Map());
  }

  /** Before anybody began, but for servers, which wait already. */
  first(): State {
    return this.#players.map((player) =>
      this.#configure({ player, local: this.#servers.home(player), mail: [] }),
    );
  }

  config(number: number): Config {
    const config = this.#configs[number];
    if (config === undefined) throw new RangeError(`configuration ${number}`);
    return config;
  }

  of(state: State, agent: number): readonly Move[] {
    const number = state[agent] ?? -1;
    const own = this.#own.get(number) ?? this.#ownMoves(number);
    this.#own.set(number, own);
    const { player, local } = this.config(number);
    const addresses = local === undefined ? [] : player.choices(local).filter(isAddress);
    if (addresses.length === 0) return own;
    return [...own, ...addresses.flatMap((choice) => this.#addressed(state, number, choice))];
  }

  after(state: State, move: Move): State {
    const next = [...state];
    next[move.agent] = move.next;
    for (const number of move.sent) {
      const { to } = this.#post.letter(number);
      next[to] = this.#deliver(next[to] ?? -1, number);
    }
    for (const peer of move.takenBack) next[peer] = this.#takeBack(next[peer] ?? -1, move.agent);
    return next;
  }

  #ownMoves(number: number): readonly Move[] {
    const { player, local, mail } = this.config(number);
    if (local === undefined)
      return this.#whole('fast', this.#legs({ player, mail }, player.begin()));
    const fast = this.#whole('fast', this.#goingOn(number));
    if (this.#clockwork === 'patient' && this.#isAnswered(number)) return fast;
    const slow = this.#whole('slow', this.#steps(number, 'slow'));
    const awaited = this.#awaited(number);
    return [...fast, ...slow.map((move) => ({ ...move, takenBack: awaited }))];
  }

  /** What an agent does at once: it reads, it steps, or it gives up although the answer is there. */
  #goingOn(number: number): readonly Leg[] {
    const known = this.#goings.get(number);
    if (known !== undefined) return known;
    const late = this.#clockwork === 'patient' && this.#isAnswered(number);
    const legs = [
      ...this.#readings(number),
      ...this.#steps(number, 'fast'),
      ...(late ? this.#steps(number, 'slow') : []),
    ];
    this.#goings.set(number, legs);
    return legs;
  }

  #steps(number: number, speed: Move['speed']): readonly Leg[] {
    const { player, local, mail } = this.config(number);
    if (local === undefined) return [];
    const rest =
      speed === 'slow' && this.#clockwork === 'patient' ? this.#unanswering(number) : mail;
    return player.choices(local).flatMap((choice) => {
      if (choice.kind !== 'step' || choice.slow !== (speed === 'slow')) return [];
      return this.#legs({ player, mail: rest }, player.step(choice));
    });
  }

  /** Those whose answer the agent waits for. */
  #awaited(number: number): readonly number[] {
    const { player, local } = this.config(number);
    if (local === undefined || this.#clockwork === 'restless') return [];
    const receives = player.choices(local).filter(isReceive);
    return [...new Set(receives.flatMap((choice) => choice.from ?? []))];
  }

  #isAnswered(number: number): boolean {
    return this.#unanswering(number).length < this.config(number).mail.length;
  }

  /** The mail without the answers that the agent waits for. */
  #unanswering(number: number): readonly number[] {
    const { player, local, mail } = this.config(number);
    const choices = local === undefined ? [] : player.choices(local).filter(isReceive);
    const pinned = choices.filter((choice) => choice.from !== undefined);
    return mail.filter(
      (letter) => !pinned.some((choice) => answers(choice, this.#post.letter(letter))),
    );
  }

  /** A send to whoever plays the role now. */
  #addressed(
    state: State,
    number: number,
    choice: Extract<Choice, { kind: 'address' }>,
  ): readonly Move[] {
    const { player, mail } = this.config(number);
    const { role, id } = choice.def.target;
    const peers = this.#players
      .filter((other) => {
        const { local } = this.config(state[other.agent.index] ?? -1);
        if (other === player) return false;
        return local === undefined ? other.agent.start === role : other.plays(local, role);
      })
      .map((other) => other.agent.index);
    if (peers.length === 0) return [];
    const groups = id.kind === 'anonymous' ? [peers] : peers.map((peer) => [peer]);
    const outcomes = groups.flatMap((group) => player.write(choice, group));
    return this.#whole(choice.slow ? 'slow' : 'fast', this.#legs({ player, mail }, outcomes));
  }

  /** Moves go on as long as the agent waits for servers alone, and has their answer. */
  #whole(speed: Move['speed'], legs: readonly Leg[]): readonly Move[] {
    const moves: Move[] = [];
    const seen = new Set<string>();
    const open: Leg[] = [];
    const visit = (leg: Leg): void => {
      const key = `${leg.config} ${leg.sent.join()}`;
      if (seen.has(key) || this.#budget.isSpent) return;
      seen.add(key);
      this.#budget.countMove();
      open.push(leg);
    };
    for (const leg of legs) visit(leg);
    for (let leg = open.pop(); leg !== undefined; leg = open.pop()) {
      const { config, sent, did } = leg;
      const readings = this.#waitsForServers(config) ? this.#goingOn(config) : [];
      for (const next of readings) {
        const all = next.sent.reduce((queue, letter) => this.#post.add(queue, letter), sent);
        visit({ config: next.config, sent: all, did: join(did, next.did) });
      }
      const agent = this.config(config).player.agent.index;
      if (readings.length === 0)
        moves.push({ agent, speed, did, next: config, sent, takenBack: [] });
    }
    return moves;
  }

  #waitsForServers(config: number): boolean {
    const { player, local } = this.config(config);
    if (local === undefined) return false;
    return player.choices(local).every((choice) => {
      if (choice.kind === 'step') return choice.slow && this.#clockwork === 'patient';
      return choice.kind === 'receive' && this.#servers.has(choice.from);
    });
  }

  #readings(number: number): readonly Leg[] {
    const { player, local, mail } = this.config(number);
    const choices = local === undefined ? [] : player.choices(local).filter(isReceive);
    return choices.flatMap((choice) =>
      [...new Set(mail)].flatMap((letter) => {
        const read = this.#post.letter(letter);
        if (!answers(choice, read)) return [];
        const after = { player, mail: this.#post.remove(mail, letter) };
        const reading = { agent: player.agent.index, read };
        const outcomes = player.read(choice, letter);
        return this.#legs(
          after,
          outcomes.map((outcome) => ({ ...outcome, did: join(reading, outcome.did) })),
        );
      }),
    );
  }

  /** What servers answer to an outcome is in the mail at once. */
  #legs({ player, mail }: Mailbox, outcomes: readonly Outcome[]): readonly Leg[] {
    return outcomes.flatMap((outcome) =>
      this.#servers.serve(outcome).map(({ sent, did }) => {
        const isOwn = (letter: number): boolean =>
          this.#post.letter(letter).to === player.agent.index;
        const queue = sent.filter(isOwn).reduce((all, letter) => this.#post.add(all, letter), mail);
        const config = this.#configure({ player, local: outcome.next, mail: queue });
        return { config, sent: sent.filter((letter) => !isOwn(letter)), did };
      }),
    );
  }

  #deliver(config: number, letter: number): number {
    const key = `${config} ${letter}`;
    const known = this.#delivered.get(key);
    if (known !== undefined) return known;
    const before = this.config(config);
    const after = this.#configure({ ...before, mail: this.#post.add(before.mail, letter) });
    this.#delivered.set(key, after);
    return after;
  }

  #takeBack(config: number, from: number): number {
    const before = this.config(config);
    const mail = before.mail.filter((letter) => this.#post.letter(letter).from !== from);
    return mail.length === before.mail.length ? config : this.#configure({ ...before, mail });
  }

  #configure(config: Config): number {
    const numbers = this.#numbers[config.player.agent.index];
    const key = `${config.local} ${config.mail.join()}`;
    const known = numbers?.get(key);
    if (known !== undefined) return known;
    numbers?.set(key, this.#configs.length);
    return this.#configs.push(config) - 1;
  }
}

function isAddress(choice: Choice): choice is Extract<Choice, { kind: 'address' }> {
  return choice.kind === 'address';
}

function isReceive(choice: Choice): choice is ReceiveChoice {
  return choice.kind === 'receive';
}
