import { Args, Flags, type Interfaces } from '@oclif/core';
import { type CheckedModel, checkText } from '../../agency/model-check.ts';
import { readModel } from '../../agency/models.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { findingsText } from '../../render/findings.ts';

const args = {
  file: Args.string({
    description: 'files, or names of shipped models',
    required: true,
    multiple: true,
  }),
};
const flags = {
  dialect: Flags.option({
    options: ['union', 'openk'] as const,
    default: 'union',
    description: 'the language: all of ours, or only what the OpenKnowledge kernel reads',
  })(),
  syntax: Flags.boolean({ description: 'only whether it can be read' }),
};

export default class ModelCheck extends BaseCommand {
  static override summary = 'find what is wrong with models before they run';
  static override description: string =
    'Messages that nobody awaits, waits that never end, constraints that nobody answers, deadlocks: ' +
    'each with its place, its code, and where it needs one, the run that leads there. All runs are ' +
    'explored when the verdict says complete. Exit 2 when there is an error.';
  static override examples: string[] = [
    '<%= config.bin %> model check models/*.lcc',
    '<%= config.bin %> model check mine.lcc --dialect openk --syntax',
  ];
  static override args: Interfaces.ArgInput = args;
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { args: words, flags: given } = await this.parse({ args, flags });
    const depth = given.syntax ? 'syntax' : 'runs';
    const files: CheckedModel[] = [];
    for (const name of words.file) {
      this.signal.throwIfAborted();
      const checked = checkText(await readModel(name), { dialect: given.dialect, depth });
      this.print(findingsText(checked));
      files.push(checked);
    }
    const found = files.flatMap(({ findings }) => findings);
    const errors = found.filter(({ severity }) => severity === 'error').length;
    if (errors > 0) this.endWith(exitCodes.couldNot);
    return { errors, files };
  }
}
