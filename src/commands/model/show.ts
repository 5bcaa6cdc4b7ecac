import { Args, Flags, type Interfaces } from '@oclif/core';
import { readModel } from '../../agency/models.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { jsonText } from '../../cli/json-text.ts';
import { parseModel } from '../../lcc/parser.ts';

const args = { name: Args.string({ description: 'a shipped model, or a file', required: true }) };
const flags = {
  format: Flags.option({
    options: ['text', 'json'] as const,
    default: 'text',
    description: 'the text as it is, or its syntax tree',
  })(),
};

export default class ModelShow extends BaseCommand {
  static override summary = 'print a model: a text to read, and to begin your own from';
  static override examples: string[] = [
    '<%= config.bin %> model show negotiation > mine.lcc',
    '<%= config.bin %> model show mine.lcc --format json',
  ];
  static override args: Interfaces.ArgInput = args;
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { args: words, flags: given } = await this.parse({ args, flags });
    const { name, text, file } = await readModel(words.name);
    if (given.format === 'text' && !this.jsonEnabled()) {
      this.print(text);
      return {};
    }
    const model = parseModel(text, { file });
    this.print(jsonText(model));
    return { name, file, text, model };
  }
}
