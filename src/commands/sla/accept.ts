import { Args, type Interfaces } from '@oclif/core';
import { failure } from '../../base/failure.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { findSla } from '../../cli/find-sla.ts';
import { progressOf } from '../../cli/progress.ts';
import { exitAfterAccept, slaJson, slaText } from '../../cli/sla-outcome.ts';
import type { Sla } from '../../sla/sla.ts';

const args = { id: Args.string({ description: 'id, prefix of it, or name', required: true }) };

export default class SlaAccept extends BaseCommand {
  static override summary = 'accept a proposed SLA: every vendor signs, then the machines start';
  static override args: Interfaces.ArgInput = args;

  async run(): Promise<object> {
    const { args: words } = await this.parse({ args });
    const progress = progressOf(process.stderr, []);
    await using office = await this.office(progress.report);
    await office.agency.resume(this.signal);
    const before = await findSla(office.store, words.id);
    this.interruptible(
      `the acceptance of ${before.name}, in the store; machines may have started`,
      `skypact sla status ${before.id}, which goes on with it`,
    );
    if (before.state === 'expired') throw expired(before);
    const sla = before.state === 'ready' ? before : await office.agency.accept(before, this.signal);
    progress.end();
    this.print(slaText(sla));
    this.endWith(exitAfterAccept(sla));
    return slaJson(sla);
  }
}

/** It held until then, and accepting it later is no agreement, whoever finds out first. */
function expired({ id, name, composite }: Sla): Error {
  const until = new Date(composite.validUntilMs).toISOString();
  const what = `the proposal of ${name} (${id}) held until ${until}`;
  return failure('VENDOR.PROPOSAL_EXPIRED', what, { next: 'skypact sla negotiate FILE' });
}
