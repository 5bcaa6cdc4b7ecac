import { Args, Flags, type Interfaces } from '@oclif/core';
import { readModel } from '../../agency/models.ts';
import { type TraceEntry, traceOfRun } from '../../agency/trace.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { styleOf } from '../../cli/diagrams.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { arrowOf } from '../../cli/trace-sequence.ts';
import { sequenceText } from '../../render/sequence-text.ts';
import { table } from '../../render/table.ts';
import type { DatacentreReport, Load } from '../../simulation/run-datacentre.ts';
import { type RunOptions, type RunReport, runModel } from '../../simulation/run-model.ts';

const args = { model: Args.string({ description: 'a file, or a shipped model', required: true }) };
const flags = {
  seed: Flags.integer({ default: 1, description: 'of the datacentre: where its machines are' }),
  hosts: Flags.integer({ default: 15, min: 2, max: 100, description: 'how many it has' }),
  'fails-at': Flags.option({
    options: ['db', 'app', 'web'] as const,
    description: 'of a service that moves: the component that cannot be created',
  })(),
  trace: Flags.boolean({ description: 'draw all messages first' }),
};

export default class ModelRun extends BaseCommand {
  static override summary = 'run a model in a small simulated world';
  static override description: string =
    'Models of migration run on an unevenly loaded datacentre until nothing moves any more; others ' +
    'in the world that answers what they ask: a service of three components that moves, or three ' +
    'vendors that bid. Time is simulated, and equal runs give equal reports.';
  static override examples: string[] = [
    '<%= config.bin %> model run pull --seed 2',
    '<%= config.bin %> model run interdc-workflow --fails-at web --trace',
  ];
  static override args: Interfaces.ArgInput = args;
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { args: words, flags: given } = await this.parse({ args, flags });
    const { name, text } = await readModel(words.model);
    const failsAt = given['fails-at'];
    const options: RunOptions = {
      seed: given.seed,
      hosts: given.hosts,
      ...(failsAt === undefined ? {} : { relocation: { failsAt } }),
    };
    const report = runModel(text, options);
    const messages = traceOfRun(report.sent);
    if (given.trace) this.print(`${drawn(name, messages)}\n`);
    this.print(reportText(report, given.seed));
    if (isFaulty(report)) this.endWith(exitCodes.couldNot);
    const { world, result } = report;
    return { model: name, world, result, ...(given.trace ? { messages } : {}) };
  }
}

function drawn(model: string, messages: readonly TraceEntry[]): string {
  const part = { title: 'all messages', detail: 'in simulated time', startedMs: 0 };
  const conversations = [{ ...part, arrows: messages.map(arrowOf) }];
  return sequenceText(
    { title: `a run of ${model}`, conversations },
    styleOf(process.stdout, process.env),
  );
}

/** A model that loses a machine, or has it twice, must not be trusted with real ones. */
function isFaulty({ world, result }: RunReport): boolean {
  return world === 'datacentre' && (result.lost > 0 || result.duplicated > 0);
}

function reportText(report: RunReport, seed: number): string {
  const messages = `${report.sent.length} messages`;
  switch (report.world) {
    case 'datacentre':
      return datacentreText(report.result, seed);
    case 'relocation': {
      const { source, target, traffic, outcome, leftBehind } = report.result;
      const rows = [
        ['at the source', list(source)],
        ['at the target', list(target)],
        ['traffic goes to', `the ${traffic}`],
        ['left behind', list(leftBehind)],
      ];
      const moved = outcome === 'done' ? 'moved' : `not moved: ${outcome}`;
      const columns = [{ heading: 'WHAT' }, { heading: 'IN THE END' }];
      return `${moved}, ${messages}\n\n${table(columns, rows)}`;
    }
    case 'contract-net': {
      const { winner = 'nobody', price, outcome } = report.result;
      return `${outcome}: ${winner} wins${price === undefined ? '' : ` for ${price}`}, ${messages}\n`;
    }
  }
}

function datacentreText(report: DatacentreReport, seed: number): string {
  const { hosts, vms, before, after, migrations, messages, lost, duplicated } = report;
  const row = (what: string, figure: (load: Load) => string): readonly string[] => [
    what,
    figure(before),
    figure(after),
  ];
  const rows = [
    row('overloaded hosts', ({ overloaded }) => String(overloaded)),
    row('underloaded hosts', ({ underloaded }) => String(underloaded)),
    row('powered off', ({ poweredOff }) => String(poweredOff)),
    row('st.dev. of load', ({ standardDeviation }) => standardDeviation.toFixed(3)),
    row('highest load', ({ highest }) => highest.toFixed(3)),
  ];
  const columns = [
    { heading: 'LOAD' },
    { heading: 'BEFORE', align: 'right' },
    { heading: 'AFTER', align: 'right' },
  ] as const;
  const settled = report.settled
    ? `settled after ${Math.round(report.settledMs / 1000)} s`
    : 'not settled after an hour';
  const faults = lost + duplicated > 0 ? `FAULT: ${lost} machines lost, ${duplicated} twice\n` : '';
  return (
    `${hosts} hosts, ${vms} machines, seed ${seed}\n\n${table(columns, rows)}\n` +
    `${migrations} migrations, ${messages} messages, ${settled}\n${faults}`
  );
}

function list(names: readonly string[]): string {
  return names.join(', ') || 'nothing';
}
