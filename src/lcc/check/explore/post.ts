import type { SendDef } from '../../ast.ts';
import { spellValue, type Value } from './values.ts';

/** A message on its way or in a queue. */
export interface Letter {
  readonly from: number;
  readonly fromRole: string;
  readonly to: number;
  readonly toRole: string;
  /** `name/arity` */
  readonly signature: string;
  readonly args: readonly Value[];
  /** To be reported if it is never read: a reply, or to the only one who could be meant. */
  readonly due: boolean;
  readonly def: SendDef;
}

/** A queue holds so many messages of one kind from one sender; what comes on top is not looked at. */
const QUEUE_LENGTH = 2;

/** Numbers letters, so that queues are short lists of numbers. */
export class Post {
  readonly #letters: Letter[] = [];
  readonly #numbers = new Map<string, number>();
  /** By letter: all that differ in their arguments alone have one lane. */
  readonly #lanes: string[] = [];

  number(letter: Letter): number {
    const { from, fromRole, to, toRole, signature, args, due } = letter;
    const lane = `${from} ${fromRole} ${to} ${toRole} ${signature}`;
    const key = `${lane} ${args.map(spellValue).join(' ')} ${due}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#letters.length);
    this.#lanes.push(lane);
    return this.#letters.push(letter) - 1;
  }

  letter(number: number): Letter {
    const letter = this.#letters[number];
    if (letter === undefined) throw new RangeError(`letter ${number}`);
    return letter;
  }

  /** A queue, which is kept in order of number, with one letter more. */
  add(queue: readonly number[], number: number): readonly number[] {
    const lane = this.#lanes[number];
    const waiting = queue.filter((other) => this.#lanes[other] === lane).length;
    if (waiting >= QUEUE_LENGTH) return queue;
    return [...queue, number].sort((left, right) => left - right);
  }

  /** A queue with one such letter less. */
  remove(queue: readonly number[], number: number): readonly number[] {
    return queue.toSpliced(queue.indexOf(number), 1);
  }
}
