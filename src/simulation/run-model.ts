import { failure } from '../base/failure.ts';
import type { Body, Constraint, Model } from '../lcc/ast.ts';
import { builtins } from '../lcc/builtin.ts';
import { compile } from '../lcc/compile.ts';
import type { ConstraintSpec } from '../lcc/constraint.ts';
import type { AgentStart } from '../lcc/engine.ts';
import { type Handler, InMemoryNet } from '../lcc/in-memory.ts';
import { parseModel } from '../lcc/parser.ts';
import { signature } from '../lcc/program.ts';
import type { Message } from '../lcc/step.ts';
import {
  contractNetConstraints,
  hostConstraints,
  migrationTable,
  relocationConstraints,
} from '../migration/constraints.ts';
import { Market, type MarketOptions, type MarketResult } from './market.ts';
import { Relocation, type RelocationOptions, type RelocationResult } from './relocation.ts';
import { type DatacentreOptions, type DatacentreReport, runDatacentre } from './run-datacentre.ts';

export interface RunOptions extends Partial<Omit<DatacentreOptions, 'onMessage'>> {
  readonly relocation?: RelocationOptions;
  readonly market?: MarketOptions;
}

export interface SentMessage {
  readonly atMs: number;
  readonly message: Message;
}

/** What came of it, in the world whose constraints the model asks. */
export type RunReport = { readonly sent: readonly SentMessage[] } & (
  | { readonly world: 'datacentre'; readonly result: DatacentreReport }
  | { readonly world: 'relocation'; readonly result: RelocationResult }
  | { readonly world: 'contract-net'; readonly result: MarketResult }
);

/**
 * Runs a model in virtual time, in whichever of our three small worlds answers all that it asks:
 * an uneven datacentre, a service that moves between two datacentres, or vendors that bid.
 *
 * Throws what parsing and compiling throw, and LCC.NO_WORLD when none does.
 */
export function runModel(modelText: string, options: RunOptions = {}): RunReport {
  const asked = askedIn(parseModel(modelText));
  const sent: SentMessage[] = [];
  const onMessage = (message: Message, atMs: number): void => {
    sent.push({ atMs, message });
  };
  if (answers(hostConstraints, asked)) {
    const result = runDatacentre(modelText, { seed: 1, ...options, onMessage });
    return { world: 'datacentre', result, sent };
  }
  if (answers(relocationConstraints, asked)) {
    const world = new Relocation(options.relocation);
    play(modelText, world, onMessage);
    return { world: 'relocation', result: world.result, sent };
  }
  if (answers(contractNetConstraints, asked)) {
    const world = new Market(options.market);
    play(modelText, world, onMessage);
    return { world: 'contract-net', result: world.result, sent };
  }
  throw failure('LCC.NO_WORLD', 'no world that can be simulated answers all that the model asks', {
    facts: { asked: [...asked].join(', ') },
    next: 'skypact model check shows what it asks; a negotiation is run by sla negotiate --model',
  });
}

interface World {
  readonly agents: readonly AgentStart[];
  handlers(): ReadonlyMap<string, Handler>;
}

/** Longer than any wait of the shipped models. */
const LONGEST_MS = 86_400_000;

function play(
  modelText: string,
  world: World,
  onMessage: (message: Message, atMs: number) => void,
): void {
  const net: InMemoryNet = new InMemoryNet(compile(parseModel(modelText), migrationTable), {
    handlers: world.handlers(),
    onMessage: (message) => onMessage(message, net.nowMs),
  });
  for (const agent of world.agents) net.start(agent);
  net.run();
  net.advance(LONGEST_MS);
}

function answers(specs: readonly ConstraintSpec[], asked: ReadonlySet<string>): boolean {
  const known = new Set(
    [...builtins, ...specs].map(({ name, modes }) => signature(name, modes.length)),
  );
  return asked.isSubsetOf(known);
}

function askedIn(model: Model): ReadonlySet<string> {
  const asked = new Set<string>();
  const ask = (node: Constraint | undefined): void => {
    if (node?.op === 'call') asked.add(signature(node.name, node.args.length));
    else if (node?.op === 'not') ask(node.inner);
    else if (node?.op === 'and' || node?.op === 'or') {
      ask(node.left);
      ask(node.right);
    }
  };
  const walk = (body: Body): void => {
    if ('left' in body) {
      walk(body.left);
      walk(body.right);
    } else ask(body.guard);
  };
  for (const clause of model.clauses) walk(clause.body);
  return asked;
}
