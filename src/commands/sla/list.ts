import { Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { listSlas, slaListLimit, slaListText } from '../../cli/sla-list.ts';

const { least: min, most: max } = slaListLimit;
const flags = {
  all: Flags.boolean({ description: 'ended, refused and expired ones too' }),
  limit: Flags.integer({
    description: 'show at most this many',
    default: slaListLimit.default,
    min,
    max,
  }),
};

/** Its plain forms are answered by src/cli/hot-list.ts, with the same functions. */
export default class SlaList extends BaseCommand {
  static override summary = 'list SLAs, the newest first';
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { flags: given } = await this.parse({ flags });
    const slas = await listSlas(given);
    this.print(slaListText(slas));
    return { slas };
  }
}
