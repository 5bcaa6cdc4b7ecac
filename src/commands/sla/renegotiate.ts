import { Args, Flags, type Interfaces } from '@oclif/core';
import { readSlaText, readTemplate } from '../../agency/read-template.ts';
import { failure } from '../../base/failure.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { findSla } from '../../cli/find-sla.ts';
import { unknownVendors } from '../../cli/known-vendors.ts';
import { negotiateFlags, negotiateOptions } from '../../cli/negotiate-flags.ts';
import { progressOf } from '../../cli/progress.ts';
import { exitAfterAccept, exitAfterProposal, slaJson, slaText } from '../../cli/sla-outcome.ts';
import { differences, editTemplate } from '../../sla/edit.ts';
import type { Template } from '../../sla/template.ts';

const args = {
  id: Args.string({ description: 'id, prefix of it, or name', required: true }),
  file: Args.string({ description: 'the whole new template, instead of edits' }),
};
const flags = {
  ...negotiateFlags,
  set: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'change a field: web.memory=8GiB',
  }),
  add: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'file with further objectives in YAML',
  }),
  drop: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'name of an objective to end',
  }),
};

export default class SlaRenegotiate extends BaseCommand {
  static override summary = 'change an SLA: the new one is ready before the old part ends';
  static override examples: string[] = [
    '<%= config.bin %> sla renegotiate shop --set web.memory=8GiB --accept',
    '<%= config.bin %> sla renegotiate shop --drop cache --accept',
  ];
  static override args: Interfaces.ArgInput = args;
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { args: words, flags: given } = await this.parse({ args, flags });
    const progress = progressOf(process.stderr, []);
    await using office = await this.office(progress.report);
    await office.agency.resume(this.signal);
    const before = await findSla(office.store, words.id);
    const template = await changed(before.template, { ...given, file: words.file }, this.signal);
    const changes = changesOf(before.template, template);
    if (changes.length === 0) {
      throw failure('SLA.UNCHANGED', `nothing of ${before.name} would change`, {
        next: `skypact sla renegotiate ${before.id} --set OBJECTIVE.FIELD=VALUE`,
      });
    }
    for (const words of changes) this.say(words);
    this.interruptible(
      `the change of ${before.name}, in the store; machines of both may run`,
      'skypact doctor, which goes on with it; then skypact sla list',
    );
    for (const vendor of unknownVendors(template, office.vendors.names)) {
      this.say(`warning: no vendor ${vendor} is configured`);
    }
    const options = negotiateOptions(given, office.config);
    const sla = await office.agency.renegotiate(before, { template, options }, this.signal);
    progress.end();
    this.print(slaText(sla));
    this.endWith(given.accept ? exitAfterAccept(sla) : exitAfterProposal(sla));
    return { ...slaJson(sla), changes };
  }
}

function changesOf(before: Template, after: Template): readonly string[] {
  const { words, added, dropped } = differences(before, after);
  return [
    ...words,
    ...added.map((name) => `${name}: added`),
    ...dropped.map((name) => `${name}: dropped`),
  ];
}

async function changed(
  template: Template,
  given: {
    readonly file: string | undefined;
    readonly set?: readonly string[] | undefined;
    readonly add?: readonly string[] | undefined;
    readonly drop?: readonly string[] | undefined;
  },
  signal: AbortSignal,
): Promise<Template> {
  const base = given.file === undefined ? template : await readTemplate(given.file, signal);
  const add = await Promise.all(
    (given.add ?? []).map(async (file) => ({ text: await readSlaText(file, signal), file })),
  );
  return editTemplate(base, { set: given.set ?? [], drop: given.drop ?? [], add });
}
