import type { Answer } from '../lcc/constraint.ts';
import type { AgentStart } from '../lcc/engine.ts';
import type { Handler } from '../lcc/in-memory.ts';
import { list, listItems, type Term } from '../lcc/term.ts';

export interface MarketOptions {
  /** By vendor: what it bids, `refuse`, or `silent`. Default 30, 20 and refuse. */
  readonly bids?: readonly (number | 'refuse' | 'silent')[];
  /** The winner has no room left when its proposal is accepted. */
  readonly gone?: boolean;
}

export interface MarketResult {
  readonly winner: string | undefined;
  readonly price: number | undefined;
  /** `ready`, why it failed, or `unfinished`. */
  readonly outcome: string;
}

const REPLY_MS = 30_000;

/** Vendors that bid what they are told to, and one who wants the cheapest. */
export class Market {
  readonly agents: readonly AgentStart[];
  private readonly bids: ReadonlyMap<string, number | 'refuse' | 'silent'>;
  private readonly gone: boolean;
  private winner: string | undefined;
  private outcome = 'unfinished';

  constructor({ bids = [30, 20, 'refuse'], gone = false }: MarketOptions = {}) {
    this.bids = new Map(bids.map((bid, index) => [`vendor${index + 1}`, bid]));
    this.gone = gone;
    this.agents = [
      ...Array.from(this.bids.keys(), (id) => ({ id, role: 'vendor' })),
      { id: 'initiator', role: 'initiator' },
    ];
  }

  get result(): MarketResult {
    const bid = this.bids.get(this.winner ?? '');
    return {
      winner: this.winner,
      price: typeof bid === 'number' ? bid : undefined,
      outcome: this.outcome,
    };
  }

  handlers(): ReadonlyMap<string, Handler> {
    return new Map<string, Handler>([
      ['objective/3', () => yes('contract-net-1', 'one machine', REPLY_MS)],
      ['bid/4', ({ agent }) => this.bid(agent)],
      ['evaluate/4', ({ args: [, answers] }) => this.evaluate(answers)],
      ['allocate/2', ({ agent }) => (this.gone ? no : yes(`ssh://${agent}`))],
      ['rejected/1', () => yes()],
      ['ready/2', () => this.end('ready')],
      ['failed/2', ({ args: [, why] }) => this.end(String(why))],
    ]);
  }

  private bid(vendor: string): Answer | undefined {
    const bid = this.bids.get(vendor);
    if (bid === 'silent') return undefined;
    return typeof bid === 'number' ? yes(bid) : no;
  }

  private evaluate(answers: Term | undefined): Answer {
    const proposals = (listItems(answers ?? '') ?? []).flatMap(proposalOf);
    const [best, ...others] = proposals.toSorted((a, b) => a.price - b.price);
    if (best === undefined) return no;
    this.winner = best.vendor;
    return yes(best.vendor, list(others.map(({ vendor }) => vendor)));
  }

  private end(outcome: string): Answer {
    this.outcome = outcome;
    return yes();
  }
}

interface Offered {
  readonly vendor: string;
  readonly price: number;
}

function proposalOf(answer: Term): readonly Offered[] {
  if (typeof answer !== 'object' || answer.kind !== 'struct') return [];
  const [vendor, price] = answer.args;
  const isProposal = answer.name === 'proposal' && typeof price === 'number';
  return isProposal && typeof vendor === 'string' ? [{ vendor, price }] : [];
}

const no: Answer = { no: true };

function yes(...outputs: readonly Term[]): Answer {
  return { yes: outputs };
}
