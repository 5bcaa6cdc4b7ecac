import { readFileSync } from 'node:fs';
import { compile } from '../../../src/lcc/compile.ts';
import type { Answer } from '../../../src/lcc/constraint.ts';
import { type Asked, type Handler, InMemoryNet } from '../../../src/lcc/in-memory.ts';
import { parseModel } from '../../../src/lcc/parser.ts';
import { Bargainer, type Party } from '../../../src/negotiation/bargain.ts';
import { bargainingTable } from '../../../src/negotiation/bargain-constraints.ts';

/** Two agents at one table, who sit down anew for each bargain. */
export class Table {
  /** Of the last bargain. */
  messages = 0;
  readonly #parties: readonly [Party, Party];
  readonly #rounds: number;
  readonly #net: InMemoryNet;
  #seats = new Map<string, { readonly bargainer: Bargainer; round: number }>();
  #agreed: number | undefined;

  constructor(parties: readonly [Party, Party], rounds: number) {
    this.#parties = parties;
    this.#rounds = rounds;
    const model = readFileSync(new URL('../../../models/bargaining.lcc', import.meta.url), 'utf8');
    const handlers = new Map<string, Handler>([
      ['opponent/1', ({ agent }) => ({ yes: [agent === 'first' ? 'second' : 'first'] })],
      ['nextOffer/1', (asked) => this.#nextOffer(asked)],
      ['goodEnough/1', (asked) => this.#goodEnough(asked)],
      ['agreed/1', ({ args: [offer] }) => this.#end(offer)],
      ['broken/1', () => this.#end(undefined)],
    ]);
    this.#net = new InMemoryNet(compile(parseModel(model), bargainingTable), { handlers });
  }

  /** The outcome that both agree to. */
  play(): number | undefined {
    const [first, second] = this.#parties;
    this.#seats = new Map([
      ['first', { bargainer: new Bargainer(first, this.#rounds), round: 0 }],
      ['second', { bargainer: new Bargainer(second, this.#rounds), round: 0 }],
    ]);
    const before = this.#net.delivered;
    this.#net.start({ id: 'second', role: 'answerer' });
    this.#net.start({ id: 'first', role: 'opener' });
    this.#net.run();
    this.messages = this.#net.delivered - before;
    return this.#agreed;
  }

  #nextOffer({ agent }: Asked): Answer {
    const seat = this.#seats.get(agent);
    if (seat === undefined || seat.round >= this.#rounds) return { no: true };
    const offer = seat.bargainer.offer(seat.round);
    seat.round += 1;
    return offer === undefined ? { no: true } : { yes: [offer] };
  }

  #goodEnough({ agent, args: [offer] }: Asked): Answer {
    const seat = this.#seats.get(agent);
    if (seat === undefined || typeof offer !== 'number' || seat.round >= this.#rounds)
      return { no: true };
    return seat.bargainer.accepts(offer, seat.round) ? { yes: [] } : { no: true };
  }

  #end(offer: unknown): Answer {
    this.#agreed = typeof offer === 'number' ? offer : undefined;
    return { yes: [] };
  }
}
