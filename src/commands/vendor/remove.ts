import { Args, Flags, type Interfaces } from '@oclif/core';
import { loadConfig, writeVendor } from '../../agency/config.ts';
import { machinesAt } from '../../agency/doctor.ts';
import { pathsOf } from '../../agency/paths.ts';
import { failure } from '../../base/failure.ts';
import { BaseCommand } from '../../cli/base-command.ts';

const args = { name: Args.string({ description: 'a configured vendor', required: true }) };
const flags = {
  force: Flags.boolean({ description: 'although SLAs have machines there; they go on running' }),
};

export default class VendorRemove extends BaseCommand {
  static override summary = 'remove a vendor from the configuration; nothing is destroyed';
  static override args: Interfaces.ArgInput = args;
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { args: words, flags: given } = await this.parse({ args, flags });
    const paths = pathsOf(process.env, process.cwd());
    const { vendors } = await loadConfig(paths, process.env);
    if (!vendors.some(({ value }) => value.name === words.name)) {
      throw failure('VENDOR.UNKNOWN', `there is no vendor ${words.name}`, {
        next: 'skypact vendor list',
      });
    }
    await using store = await this.store();
    const machines = await machinesAt(store, words.name);
    if (machines.length > 0 && !given.force) {
      throw failure(
        'VENDOR.IN_USE',
        `${machines.length} machines are at ${words.name}: ${machines.join(', ')}`,
        {
          facts: { vendor: words.name, machines: machines.length },
          next: 'withdraw their SLAs first, or repeat with --force',
        },
      );
    }
    await writeVendor(paths, words.name, undefined);
    this.print(`${words.name} removed`);
    return { name: words.name, machines };
  }
}
