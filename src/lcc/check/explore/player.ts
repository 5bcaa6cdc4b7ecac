import type { ReceiveDef } from '../../ast.ts';
import { isJoin, type Program, signature } from '../program.ts';
import { playable } from '../roles.ts';
import type { Agent } from './cast.ts';
import type { Choice, Progress, ReceiveChoice, World } from './choice.ts';
import { type Deeds, join } from './deeds.ts';
import { depthOf, type Local, type Rest, rolesOf, settle } from './local.ts';
import { beginning, choicesOf } from './machine.ts';
import type { Letter } from './post.ts';

/** Where an agent stands after it did all that needs nobody else. */
export interface Outcome {
  readonly next: number;
  readonly sent: readonly number[];
  readonly did: Deeds;
}

/**
 * One agent with every state that it can be in, numbered and worked out once. Steps that need
 * nobody else are run together up to the next wait: they commute with whatever others do.
 */
export class Player {
  readonly agent: Agent;
  readonly #world: World;
  readonly #readable: ReadonlySet<string>;
  readonly #locals: Local[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #choices: (readonly Choice[] | undefined)[] = [];
  readonly #outcomes = new Map<Choice, Map<number, readonly Outcome[]>>();
  readonly #next = new Map<number, readonly Outcome[]>();
  readonly #forgiving = new Map<string, boolean>();
  readonly #reach: (Reach | undefined)[] = [];

  constructor(world: World, agent: Agent) {
    this.agent = agent;
    this.#world = world;
    this.#readable = reachOf(world.program, beginning(world, agent)).reads;
  }

  begin(): readonly Outcome[] {
    return this.#run([{ local: beginning(this.#world, this.agent), sent: [], did: undefined }]);
  }

  /** What comes of a step that needs nobody else. */
  step(choice: Extract<Choice, { kind: 'step' }>): readonly Outcome[] {
    return this.#once(0, choice, () => this.#run(choice.results));
  }

  /** What comes of reading a letter. */
  read(choice: ReceiveChoice, letter: number): readonly Outcome[] {
    return this.#once(letter, choice, () =>
      this.#run(choice.take(this.#world.post.letter(letter))),
    );
  }

  /** What comes of writing to these agents. */
  write(
    choice: Extract<Choice, { kind: 'address' }>,
    peers: readonly number[],
  ): readonly Outcome[] {
    return this.#run(choice.send(peers));
  }

  #once(key: number, choice: Choice, run: () => readonly Outcome[]): readonly Outcome[] {
    const byKey = this.#outcomes.get(choice) ?? new Map<number, readonly Outcome[]>();
    this.#outcomes.set(choice, byKey);
    const outcomes = byKey.get(key) ?? run();
    byKey.set(key, outcomes);
    return outcomes;
  }

  #run(starts: readonly Progress[]): readonly Outcome[] {
    const outcomes: Outcome[] = [];
    const seen = new Set<string>();
    const open: Outcome[] = [];
    const visit = (step: Outcome, past: Pick<Outcome, 'sent' | 'did'>): void => {
      const sent = step.sent.reduce((all, letter) => this.#world.post.add(all, letter), past.sent);
      const key = `${step.next} ${sent.join()}`;
      if (seen.has(key)) return;
      seen.add(key);
      this.#world.budget.countMove();
      open.push({ next: step.next, sent, did: join(past.did, step.did) });
    };
    for (const start of starts) visit(this.#arrive(start), { sent: [], did: undefined });
    for (let item = open.pop(); item !== undefined; item = open.pop()) {
      const steps = this.#world.budget.isSpent ? undefined : this.#steps(item.next);
      if (steps === undefined) outcomes.push(item);
      for (const step of steps ?? []) visit(step, item);
    }
    return outcomes;
  }

  /** The next steps where all need nobody else; `undefined` at a wait and at the end. */
  #steps(local: number): readonly Outcome[] | undefined {
    const known = this.#next.get(local);
    if (known !== undefined) return known;
    const steps: Outcome[] = [];
    const choices = this.choices(local);
    for (const choice of choices) {
      if (choice.kind !== 'step' || choice.slow) return undefined;
      steps.push(...choice.results.map((result) => this.#arrive(result)));
    }
    if (choices.length === 0) return undefined;
    this.#next.set(local, steps);
    return steps;
  }

  #arrive({ local, sent, did }: Progress): Outcome {
    return { next: this.#number(local), sent, did };
  }

  choices(local: number): readonly Choice[] {
    const known = this.#choices[local];
    if (known !== undefined) return known;
    const choices = choicesOf(this.#world, this.agent, this.#local(local));
    this.#choices[local] = choices;
    return choices;
  }

  isDone(local: number): boolean {
    return this.#local(local).rest === undefined;
  }

  gaveUp(local: number): boolean {
    return this.#local(local).gaveUp;
  }

  plays(local: number, role: string): boolean {
    return rolesOf(this.#local(local).rest).includes(role);
  }

  /** Whether it may stand where nothing but the right peer helps. */
  needsPeer(): boolean {
    return this.#choices.some(
      (choices) =>
        choices?.some((choice) => choice.kind === 'address') &&
        !choices.some((choice) => choice.kind === 'step'),
    );
  }

  /** Whether it may read such a letter some day. */
  canRead(local: number, letter: Letter): boolean {
    return this.#reachOf(local).reads.has(
      `${letter.toRole} ${letter.fromRole} ${letter.signature}`,
    );
  }

  /** Whether it may send such a message some day. */
  canSend(local: number, receive: ReceiveDef, toRole: string): boolean {
    const kind = `${toRole} ${receive.target.role} ${signature(receive.message)}`;
    return this.#reachOf(local).sends.has(kind);
  }

  /** Whether it knows the agent, so that it may write to it without being written to. */
  mentions(local: number, agent: number): boolean {
    return this.#reachOf(local).mentions.has(agent);
  }

  /** The first step that it stands before. */
  standsAt(local: number): Rest | undefined {
    let rest = this.#local(local).rest;
    while (rest !== undefined && rest.op !== 'begin')
      rest = rest.op === 'play' ? rest.inner : rest.left;
    return rest;
  }

  #local(number: number): Local {
    const local = this.#locals[number];
    if (local === undefined) throw new RangeError(`local ${number}`);
    return local;
  }

  #number(unsettled: Local): number {
    const { local, key } = settle(this.#forgive(unsettled), this.#world.clauses);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#world.budget.countState();
    this.#world.budget.checkDepth(depthOf(local.rest));
    this.#numbers.set(key, this.#locals.length);
    return this.#locals.push(local) - 1;
  }

  /** At a new beginning from where it can read all that it ever could, late mail is read late. */
  #forgive(local: Local): Local {
    const { rest } = local;
    const begins = local.gaveUp && rest?.op === 'play' && rest.inner.op === 'begin';
    if (!begins || rest.inner.body !== this.#world.program.clauses.get(rest.role)?.body)
      return local;
    const forgiving =
      this.#forgiving.get(rest.role) ??
      this.#readable.isSubsetOf(reachOf(this.#world.program, local).reads);
    this.#forgiving.set(rest.role, forgiving);
    return forgiving ? { ...local, gaveUp: false } : local;
  }

  #reachOf(number: number): Reach {
    const known = this.#reach[number];
    if (known !== undefined) return known;
    const reach = reachOf(this.#world.program, this.#local(number));
    this.#reach[number] = reach;
    return reach;
  }
}

/** What the rest of an agent's clauses still holds; kinds are `receiver sender message`. */
interface Reach {
  readonly reads: ReadonlySet<string>;
  readonly sends: ReadonlySet<string>;
  readonly mentions: ReadonlySet<number>;
}

function reachOf(program: Program, local: Local): Reach {
  const reads = new Set<string>();
  const sends = new Set<string>();
  const mentions = new Set<number>();
  const called = new Set<string>();
  const use = (body: Parameters<typeof isJoin>[0], role: string): void => {
    if (isJoin(body)) {
      use(body.left, role);
      use(body.right, role);
    } else if (body.op === 'receive') {
      reads.add(`${role} ${body.target.role} ${signature(body.message)}`);
    } else if (body.op === 'send') {
      sends.add(`${body.target.role} ${role} ${signature(body.message)}`);
    } else if (body.op === 'role') {
      for (const reached of playable(program, body.target.role)) called.add(reached);
    }
  };
  const walk = (rest: Rest | undefined, role: string): void => {
    if (rest === undefined) return;
    if (rest.op === 'begin') use(rest.body, role);
    else if (rest.op === 'play') walk(rest.inner, rest.role);
    else {
      walk(rest.left, role);
      if (rest.op === 'par') walk(rest.right, role);
      else use(rest.right, rest.frame.clause.clause.role);
    }
  };
  walk(local.rest, '');
  for (const role of called) {
    const clause = program.clauses.get(role);
    if (clause !== undefined) use(clause.body, role);
  }
  for (const value of local.heap) if (value?.kind === 'agent') mentions.add(value.agent);
  return { reads, sends, mentions };
}
