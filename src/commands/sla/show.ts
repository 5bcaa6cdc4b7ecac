import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { besideLines, explanationText, readExplanation } from '../../cli/explanation.ts';
import { findSla } from '../../cli/find-sla.ts';
import { slaJson, slaText } from '../../cli/sla-outcome.ts';

const args = { id: Args.string({ description: 'id, prefix of it, or name', required: true }) };
const flags = { explain: Flags.boolean({ description: 'every vendor’s answer, and why it lost' }) };

export default class SlaShow extends BaseCommand {
  static override summary = 'show one SLA: what was agreed, and how to reach its machines';
  static override args: Interfaces.ArgInput = args;
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { args: words, flags: given } = await this.parse({ args, flags });
    await using store = await this.store();
    const sla = await findSla(store, words.id);
    const explanation = await readExplanation(store, sla);
    if (given.explain && explanation !== undefined) this.print(explanationText(explanation));
    this.print(slaText(sla, explanation === undefined ? '' : besideLines(explanation)));
    return { ...slaJson(sla), ...(given.explain ? { explanation } : {}) };
  }
}
