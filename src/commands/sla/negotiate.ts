import { Args, Flags, type Interfaces } from '@oclif/core';
import { readTemplate } from '../../agency/read-template.ts';
import { failure } from '../../base/failure.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { besideLines, explanationText, readExplanation } from '../../cli/explanation.ts';
import { unknownVendors } from '../../cli/known-vendors.ts';
import { negotiateFlags, negotiateOptions } from '../../cli/negotiate-flags.ts';
import { progressOf } from '../../cli/progress.ts';
import { exitAfterAccept, exitAfterProposal, slaJson, slaText } from '../../cli/sla-outcome.ts';
import type { Template } from '../../sla/template.ts';

const args = { file: Args.string({ description: 'the SLA file, or - for standard input' }) };
const flags = {
  ...negotiateFlags,
  interactive: Flags.boolean({ char: 'i', description: 'build the template by questions' }),
  explain: Flags.boolean({ description: 'every vendor’s answer, and why it lost' }),
};

export default class SlaNegotiate extends BaseCommand {
  static override summary = 'negotiate a composite SLA with all configured vendors';
  static override description =
    'Calls for proposals, composes the best of them and shows it. Nothing is signed before you accept.';
  static override examples: string[] = [
    '<%= config.bin %> sla negotiate examples/shop.sla.yaml',
    '<%= config.bin %> sla negotiate examples/shop.sla.yaml --accept --json',
  ];
  static override args: Interfaces.ArgInput = args;
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { args: words, flags: given } = await this.parse({ args, flags });
    const template = given.interactive ? await this.#ask() : await read(words.file, this.signal);
    const progress = progressOf(
      process.stderr,
      template.objectives.map(({ name }) => name),
    );
    await using office = await this.office(progress.report);
    await office.agency.resume(this.signal);
    for (const vendor of unknownVendors(template, office.vendors.names)) {
      this.say(`warning: no vendor ${vendor} is configured`);
    }
    const options = negotiateOptions(given, office.config);
    const machines = given.accept ? ', and machines that may have started' : '';
    this.interruptible(
      `the negotiation of ${template.name}, in the store${machines}`,
      'skypact doctor, which goes on with it; then skypact sla list',
    );
    const sla = await office.agency.negotiate(template, options, this.signal);
    progress.end();
    const explanation = await readExplanation(office.store, sla);
    if (given.explain && explanation !== undefined) this.print(explanationText(explanation));
    this.print(slaText(sla, explanation === undefined ? '' : besideLines(explanation)));
    this.endWith(given.accept ? exitAfterAccept(sla) : exitAfterProposal(sla));
    if (given.accept && sla.state === 'refused') this.endWith(exitCodes.declined);
    return { ...slaJson(sla), ...(given.explain ? { explanation } : {}) };
  }

  async #ask(): Promise<Template> {
    if (!process.stdin.isTTY || !process.stderr.isTTY) {
      throw failure('CLI.NO_TTY', '--interactive needs a terminal', {
        next: 'skypact sla negotiate FILE',
      });
    }
    const { interactiveTemplate } = await import('../../cli/interactive.ts');
    await using office = await this.office();
    return await interactiveTemplate(office, this.signal);
  }
}

async function read(file: string | undefined, signal: AbortSignal): Promise<Template> {
  if (file !== undefined) return await readTemplate(file, signal);
  throw failure('CLI.USAGE', 'no SLA file was named', {
    next: 'skypact sla negotiate FILE, or skypact sla negotiate --interactive',
  });
}
