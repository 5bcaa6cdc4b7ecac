import { join } from 'node:path';
import { Args, Flags, type Interfaces } from '@oclif/core';
import { writeVendor } from '../../agency/config.ts';
import { pathsOf } from '../../agency/paths.ts';
import { isFailure } from '../../base/failure.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { settingsFrom } from '../../cli/settings-flags.ts';
import { checkSettings } from '../../vendors/open.ts';
import { type Driver, findDriver } from '../../vendors/registry.ts';

const args = { name: Args.string({ description: 'what to call it', required: true }) };
const flags = {
  driver: Flags.string({ description: 'see skypact vendor list --drivers', required: true }),
  set: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'a setting of the driver: key=value',
  }),
  settings: Flags.string({ description: 'YAML file with settings' }),
};

export default class VendorAdd extends BaseCommand {
  static override summary = 'add a vendor, or change one: it takes part in every negotiation';
  static override examples: string[] = [
    '<%= config.bin %> vendor add aws --driver ec2 --set region=eu-north-1',
  ];
  static override args: Interfaces.ArgInput = args;
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { args: words, flags: given } = await this.parse({ args, flags });
    const driver = findDriver(await this.registry(), given.driver);
    const paths = pathsOf(process.env, process.cwd());
    const asked = await settingsFrom(given.set ?? [], given.settings);
    const folder = join(paths.vendorsFolder, words.name);
    const settings = await complete(driver, { name: words.name, settings: asked }, folder);
    await writeVendor(paths, words.name, { driver: given.driver, settings });
    this.print(`${words.name} added to ${paths.userConfigFile}`);
    this.say(`next: skypact vendor describe ${words.name}`);
    return { name: words.name, driver: given.driver, settings, file: paths.userConfigFile };
  }
}

/** A driver that needs a folder gets one of its own, unless the user named one. */
async function complete(
  driver: Driver,
  instance: { readonly name: string; readonly settings: Readonly<Record<string, unknown>> },
  folder: string,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    await checkSettings(driver, instance);
    return instance.settings;
  } catch (thrown) {
    if (!isFailure(thrown) || 'folder' in instance.settings) throw thrown;
    const settings = { ...instance.settings, folder };
    try {
      await checkSettings(driver, { ...instance, settings });
    } catch {
      throw thrown;
    }
    return settings;
  }
}
