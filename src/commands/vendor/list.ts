import { Flags, type Interfaces } from '@oclif/core';
import { loadConfig } from '../../agency/config.ts';
import { pathsOf } from '../../agency/paths.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../render/table.ts';

const flags = { drivers: Flags.boolean({ description: 'the drivers there are, instead' }) };

export default class VendorList extends BaseCommand {
  static override summary = 'list the configured vendors';
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { flags: given } = await this.parse({ flags });
    return given.drivers ? await this.#drivers() : await this.#vendors();
  }

  async #vendors(): Promise<object> {
    const paths = pathsOf(process.env, process.cwd());
    const config = await loadConfig(paths, process.env);
    const vendors = config.vendors.map(({ value, source }) => ({ ...value, source }));
    const rows = vendors.map(({ name, driver, source }) => [name, driver, source]);
    this.print(table([{ heading: 'NAME' }, { heading: 'DRIVER' }, { heading: 'FROM' }], rows));
    return { vendors };
  }

  async #drivers(): Promise<object> {
    const registry = await this.registry();
    const drivers = [...registry.drivers.values()].map(({ plugin, entry }) => ({
      name: entry.name,
      plugin,
      summary: entry.summary,
    }));
    const rows = drivers.map(({ name, plugin, summary }) => [name, plugin, summary]);
    this.print(table([{ heading: 'DRIVER' }, { heading: 'PLUGIN' }, { heading: 'WHAT' }], rows));
    return { drivers };
  }
}
