import { Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { slaTable } from '../../render/sla-table.ts';
import { slaStates } from '../../sla/sla.ts';

const flags = {
  all: Flags.boolean({ description: 'ended, refused and expired ones too' }),
  limit: Flags.integer({ description: 'show at most this many', default: 1000, min: 1, max: 100_000 }),
};

const over: readonly string[] = ['refused', 'expired', 'ended'];

export default class SlaList extends BaseCommand {
  static override summary = 'list SLAs, the newest first';
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { flags: given } = await this.parse({ flags });
    await using store = await this.store();
    const states = given.all ? slaStates : slaStates.filter((state) => !over.includes(state));
    const slas = await store.slas({ states, limit: given.limit });
    this.print(slaTable(slas, Date.now()));
    return { slas };
  }
}
