import { Args, Flags, type Interfaces } from '@oclif/core';
import { loadConfig } from '../../agency/config.ts';
import { pathsOf } from '../../agency/paths.ts';
import type { ConfiguredVendor } from '../../agency/vendors.ts';
import { failure } from '../../base/failure.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { confirmed } from '../../cli/confirm.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { checkLine, conformanceText } from '../../render/conformance.ts';
import { type ConversationId, id } from '../../sla/ids.ts';
import { type Calls, callsFor, runConformance } from '../../vendors/conformance/kit.ts';
import { openBare } from '../../vendors/open.ts';
import { findDriver } from '../../vendors/registry.ts';
import type { Call, Vendor } from '../../vendors/vendor.ts';

const args = { name: Args.string({ description: 'a configured vendor', required: true }) };
const flags = {
  confirm: Flags.string({
    description: 'the vendor’s name: the check starts and ends machines, which may cost money',
  }),
};

export default class VendorCheck extends BaseCommand {
  static override summary = 'check a vendor against the fourteen rules of the vendor contract';
  static override description: string =
    'Signs, starts and ends dozens of small machines at it, and leaves alone what was there before. ' +
    'Exit 2 when a rule is broken.';
  static override examples: string[] = [
    '<%= config.bin %> vendor check perfcloud',
    '<%= config.bin %> vendor check aws --confirm aws',
  ];
  static override args: Interfaces.ArgInput = args;
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { args: words, flags: given } = await this.parse({ args, flags });
    const { name, driver: driverName, settings } = await configured(words.name);
    const driver = findDriver(await this.registry(), driverName);
    if (driver.entry.free !== true) {
      const does = `the check starts and ends dozens of machines at ${name}, which may cost money`;
      await confirmed({ name, does }, given.confirm, this.signal);
    }
    const open = (instance: string): Promise<Vendor & AsyncDisposable> =>
      openBare(driver, { name: instance, settings }, this.#call());
    const calls = await this.#callsFor(await open(name));
    this.interruptible(
      `what the check under way has signed, should ${name} not have ended it`,
      'skypact doctor',
    );
    const rules = await runConformance({ open, name, ...calls, signal: this.signal }, (result) =>
      this.say(checkLine(result)),
    );
    this.print(conformanceText(rules));
    if (rules.some(({ verdict }) => verdict === 'broken')) this.endWith(exitCodes.couldNot);
    return { vendor: name, driver: driverName, rules };
  }

  /** A vendor that cannot even say what it has cannot be checked. */
  async #callsFor(vendor: Vendor & AsyncDisposable): Promise<Calls> {
    await using opened = vendor;
    return callsFor(await opened.describe(this.#call()));
  }

  #call(): Call {
    const conversation = id<ConversationId>(`check-${crypto.randomUUID()}`);
    return { conversation, signal: this.signal, progress: () => undefined };
  }
}

async function configured(name: string): Promise<ConfiguredVendor> {
  const { vendors } = await loadConfig(pathsOf(process.env, process.cwd()), process.env);
  const found = vendors.find(({ value }) => value.name === name);
  if (found !== undefined) return found.value;
  throw failure('VENDOR.UNKNOWN', `there is no vendor ${name}`, {
    facts: { vendor: name },
    next: 'skypact vendor list',
  });
}
