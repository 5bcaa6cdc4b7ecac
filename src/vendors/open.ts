/** Opens configured vendor instances: settings checked by the driver's own schema, then guarded. */
import { Bug, failure } from '../base/failure.ts';
import { Edge } from './edge.ts';
import { guarded } from './guard.ts';
import type { Driver } from './registry.ts';
import { malformed } from './reply.ts';
import type { Call, SettingsIssue, SettingsResult, Vendor, VendorEntry } from './vendor.ts';
import { throwIfAborted } from './vendor-failure.ts';

/** One vendor as the user configured it. */
export interface Instance {
  readonly name: string;
  readonly settings: unknown;
}

/**
 * The instance behind its guard (guard.ts). Fails with VENDOR.SETTINGS_INVALID, with what the
 * driver's `open` fails with, or with VENDOR.REPLY_MALFORMED when what it opens is no vendor.
 */
export async function openVendor(
  driver: Driver,
  instance: Instance,
  call: Call,
): Promise<Vendor & AsyncDisposable> {
  const vendor = await openBare(driver, instance, call);
  try {
    return guarded(vendor, { plugin: driver.plugin, name: instance.name });
  } catch (thrown) {
    await vendor[Symbol.asyncDispose]();
    throw thrown;
  }
}

/** The instance as its plugin made it, for the conformance kit: a guard would hide its faults. */
export async function openBare(
  driver: Driver,
  instance: Instance,
  call: Call,
): Promise<Vendor & AsyncDisposable> {
  const settings = await checkSettings(driver, instance);
  const edge = new Edge({ plugin: driver.plugin, name: instance.name });
  return edge.ask({ method: 'open', call }, async (inner, source) => {
    const vendor: unknown = await driver.entry.open(instance.name, settings, inner);
    if (!isDisposable(vendor)) throw malformed(source, '', 'nothing that can be closed');
    const missing = methods.find((method) => typeof vendor[method] !== 'function');
    // Too late for a caller that was told the opening failed: nobody else would close it.
    if (missing !== undefined || inner.signal.aborted) await vendor[Symbol.asyncDispose]();
    throwIfAborted(inner);
    if (missing !== undefined) throw malformed(source, missing, 'no function');
    return vendor as Vendor & AsyncDisposable;
  });
}

/** The settings as the driver's schema gives them back; fails with VENDOR.SETTINGS_INVALID. */
export async function checkSettings(
  { entry, plugin }: Driver,
  { name, settings }: Instance,
): Promise<unknown> {
  const result = await validated(entry, settings, plugin);
  if (result.issues === undefined) return result.value;
  const found = result.issues.map(inWords);
  throw failure('VENDOR.SETTINGS_INVALID', `vendor ${name}: ${found.join('; ')}`, {
    facts: { vendor: name, driver: entry.name, issues: found.length },
    next: `skypact vendor add ${name} --driver ${entry.name} --set KEY=VALUE`,
  });
}

async function validated(
  entry: VendorEntry,
  settings: unknown,
  plugin: string,
): Promise<SettingsResult> {
  try {
    return await entry.settings['~standard'].validate(settings);
  } catch (cause) {
    throw new Bug(`plugin ${plugin}: the settings schema of ${entry.name} threw`, { cause });
  }
}

function inWords({ message, path = [] }: SettingsIssue): string {
  const keys = path.map((part) => String(typeof part === 'object' ? part.key : part));
  return keys.length === 0 ? message : `${keys.join('.')}: ${message}`;
}

const methods = [
  'describe',
  'bid',
  'accept',
  'bind',
  'withdraw',
  'contracts',
  'measure',
] as const satisfies readonly (keyof Vendor)[];

type Methods = Partial<Record<(typeof methods)[number], unknown>>;

function isDisposable(value: unknown): value is AsyncDisposable & Methods {
  return (
    typeof value === 'object' &&
    value !== null &&
    Symbol.asyncDispose in value &&
    typeof value[Symbol.asyncDispose] === 'function'
  );
}
