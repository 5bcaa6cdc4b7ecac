import { Args, Flags, type Interfaces } from '@oclif/core';
import { readModel } from '../../agency/models.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { formatOf, writeDiagram } from '../../cli/diagrams.ts';
import { type Graph, graphModel } from '../../lcc/graph.ts';
import { graphSvg } from '../../lcc/graph-svg.ts';
import { graphMermaid, graphText } from '../../lcc/graph-text.ts';
import { parseModel } from '../../lcc/parser.ts';

const formats = ['text', 'mermaid', 'svg'] as const;
type Format = (typeof formats)[number];

const byExtension: Readonly<Record<string, Format>> = {
  '.txt': 'text',
  '.mmd': 'mermaid',
  '.mermaid': 'mermaid',
  '.svg': 'svg',
};

const args = { name: Args.string({ description: 'a shipped model, or a file', required: true }) };
const flags = {
  format: Flags.option({
    options: formats,
    description: 'how to draw it; otherwise as the file’s name says, or as text',
  })(),
  output: Flags.string({ char: 'o', description: 'write it to this file' }),
};

export default class ModelGraph extends BaseCommand {
  static override summary = 'draw the roles of a model and what they send each other';
  static override examples: string[] = [
    '<%= config.bin %> model graph contract-net',
    '<%= config.bin %> model graph mine.lcc -o mine.svg',
  ];
  static override args: Interfaces.ArgInput = args;
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { args: words, flags: given } = await this.parse({ args, flags });
    const { name, text, file } = await readModel(words.name);
    const graph = graphModel(parseModel(text, { file }));
    const drawn = draw[formatOf(given.format, given.output, byExtension) ?? 'text'](graph);
    if (given.output === undefined) this.print(drawn);
    else {
      await writeDiagram(given.output, drawn);
      this.say(`${given.output} written`);
    }
    return { name, ...graph };
  }
}

const draw: Readonly<Record<Format, (graph: Graph) => string>> = {
  text: graphText,
  mermaid: graphMermaid,
  svg: graphSvg,
};
