import { loadConfig } from '../../agency/config.ts';
import { pathsOf } from '../../agency/paths.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../render/table.ts';

export default class ConfigShow extends BaseCommand {
  static override summary = 'show every setting, and where it comes from';

  async run(): Promise<object> {
    await this.parse({});
    const paths = pathsOf(process.env, process.cwd());
    const config = await loadConfig(paths, process.env);
    const settings = [
      ...Object.entries(config.negotiate).map(([name, { value, source }]) => ({
        name: `negotiate.${name}`,
        value: String(value),
        source,
      })),
      ...config.vendors.map(({ value, source }) => ({
        name: `vendors.${value.name}`,
        value: value.driver,
        source,
      })),
    ];
    const where = Object.entries(paths).map(([name, path]) => [name, path]);
    this.print(
      table(
        [{ heading: 'SETTING' }, { heading: 'VALUE' }, { heading: 'FROM' }],
        settings.map(({ name, value, source }) => [name, value, source]),
      ),
    );
    this.print(`\n${table([{ heading: 'PLACE' }, { heading: 'PATH' }], where)}`);
    return { settings, paths };
  }
}
