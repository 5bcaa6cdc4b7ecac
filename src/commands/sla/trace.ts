import { Args, Flags, type Interfaces } from '@oclif/core';
import { type TracedConversation, traceOf } from '../../agency/trace.ts';
import { failure } from '../../base/failure.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { fileStyle, formatOf, styleOf, writeDiagram } from '../../cli/diagrams.ts';
import { findSla } from '../../cli/find-sla.ts';
import { jsonText } from '../../cli/json-text.ts';
import { sequenceOf } from '../../cli/trace-sequence.ts';
import { sequenceMermaid } from '../../render/sequence-mermaid.ts';
import { sequenceSvg } from '../../render/sequence-svg.ts';
import { sequenceText, type TextStyle } from '../../render/sequence-text.ts';
import { id, type SlaId } from '../../sla/ids.ts';

const formats = ['text', 'mermaid', 'svg', 'json'] as const;
type Format = (typeof formats)[number];

const byExtension: Readonly<Record<string, Format>> = {
  '.txt': 'text',
  '.mmd': 'mermaid',
  '.mermaid': 'mermaid',
  '.svg': 'svg',
  '.json': 'json',
};

const args = { id: Args.string({ description: 'id, prefix of it, or name', required: true }) };
const flags = {
  format: Flags.option({
    options: formats,
    description: 'how to draw it; otherwise as the file’s name says, or as text',
  })(),
  output: Flags.string({ char: 'o', description: 'write it to this file' }),
  conversation: Flags.string({
    description: 'only this one: its id or the beginning of it, or what it is for (withdraw)',
  }),
  content: Flags.boolean({ description: 'in JSON, with what the messages carry' }),
};

export default class SlaTrace extends BaseCommand {
  static override summary = 'draw what the agents said to each other about an SLA';
  static override description: string =
    'All conversations about it, those of the SLAs it replaced first: negotiation, renegotiation, ' +
    'withdrawal. Times are counted from the beginning of each.';
  static override examples: string[] = [
    '<%= config.bin %> sla trace shop',
    '<%= config.bin %> sla trace shop -o shop.svg',
    '<%= config.bin %> sla trace shop --format json --conversation withdraw',
  ];
  static override args: Interfaces.ArgInput = args;
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { args: words, flags: given } = await this.parse({ args, flags });
    await using store = await this.store();
    const content = given.content ? 'with' : 'without';
    // A negotiation that came to no proposal has messages, and no SLA that findSla knows.
    const itself = id<SlaId>(words.id);
    const begun = (await store.conversationsOf(itself)).length > 0;
    const sla = begun ? itself : (await findSla(store, words.id)).id;
    const [document] = await store.findSla(sla);
    const title = document?.id === sla ? `${document.name} (${sla}): ${document.state}` : sla;
    const traced = narrowed(await traceOf(store, sla, { content }), given.conversation);
    const file = given.output;
    const format = formatOf(given.format, file, byExtension) ?? 'text';
    const style = file === undefined ? styleOf(process.stdout, process.env) : fileStyle;
    const text = drawn(`SLA ${title}`, traced, { format, style });
    if (file === undefined) this.print(text);
    else {
      await writeDiagram(file, text);
      this.say(`${file} written`);
    }
    return messagesOf(traced);
  }
}

function narrowed(
  traced: readonly TracedConversation[],
  wanted: string | undefined,
): readonly TracedConversation[] {
  const found = traced.filter(
    (each) => wanted === undefined || each.purpose === wanted || each.id.startsWith(wanted),
  );
  if (found.length > 0) return found;
  const known = traced.map((each) => `${each.purpose} ${each.id}`).join(', ');
  throw failure(
    'SLA.TRACE_NOT_KEPT',
    wanted === undefined
      ? 'what was said about this SLA is not kept any more'
      : `no conversation ${wanted}; there are: ${known || 'none'}`,
    { next: 'skypact sla list --all' },
  );
}

function messagesOf(traced: readonly TracedConversation[]): readonly object[] {
  return traced.flatMap(({ messages }) => messages);
}

function drawn(
  title: string,
  traced: readonly TracedConversation[],
  { format, style }: { readonly format: Format; readonly style: TextStyle },
): string {
  switch (format) {
    case 'text':
      return sequenceText(sequenceOf(title, traced), style);
    case 'mermaid':
      return sequenceMermaid(sequenceOf(title, traced));
    case 'svg':
      return sequenceSvg(sequenceOf(title, traced));
    case 'json':
      return jsonText(messagesOf(traced));
  }
}
