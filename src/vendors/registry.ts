/**
 * The drivers that plugins bring through the oclif hook `vendors`.
 *
 * oclif isolates a plugin that throws and then says nothing; here its failure is a value, so that
 * the caller shows it and goes on with the other plugins.
 */
import { type Failure, failure } from '../base/failure.ts';
import type { VendorEntry } from './vendor.ts';

/** What `config.runHook('vendors', {})` of oclif resolves to: the part that is read here. */
export interface HookResults {
  readonly successes: readonly { readonly plugin: PluginName; readonly result: unknown }[];
  readonly failures: readonly { readonly plugin: PluginName; readonly error: Error }[];
}

interface PluginName {
  readonly name: string;
}

export interface Registry {
  /** By the driver's name, in the order of the names. */
  readonly drivers: ReadonlyMap<string, Driver>;
  /** What plugins did wrong, for the caller to show. Their other drivers still serve. */
  readonly failures: readonly PluginFailure[];
}

/** A driver and the npm package that brought it. */
export interface Driver {
  readonly plugin: string;
  readonly entry: VendorEntry;
}

interface PluginFailure {
  readonly plugin: string;
  /** REGISTRY.PLUGIN_FAILED, REGISTRY.ENTRY_INVALID or REGISTRY.NAME_TAKEN. */
  readonly error: Failure;
}

/** Reads what the hook gave. `own` is the plugin whose drivers win a clash of names: the program. */
export function registryOf(results: HookResults, own: string): Registry {
  const failures = results.failures.map(({ plugin, error }) => pluginFailed(plugin.name, error));
  const drivers = new Map<string, Driver>();
  for (const { plugin, result } of ownFirst(results.successes, own)) {
    for (const value of Array.isArray(result) ? result : [result]) {
      const entry = parseEntry(value);
      if (typeof entry === 'string') {
        failures.push(entryInvalid(plugin.name, entry));
        continue;
      }
      const first = drivers.get(entry.name);
      if (first === undefined) drivers.set(entry.name, { plugin: plugin.name, entry });
      else failures.push(nameTaken(plugin.name, first));
    }
  }
  const byName = [...drivers].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { drivers: new Map(byName), failures };
}

/** The driver of that name; fails with REGISTRY.DRIVER_UNKNOWN, naming those there are. */
export function findDriver({ drivers }: Registry, name: string): Driver {
  const driver = drivers.get(name);
  if (driver !== undefined) return driver;
  const known = [...drivers.keys()].join(', ');
  throw failure('REGISTRY.DRIVER_UNKNOWN', `no driver ${name}; there are: ${known}`, {
    facts: { driver: name },
    next: 'skypact plugins install PACKAGE, if a plugin brings it',
  });
}

function ownFirst(
  successes: HookResults['successes'],
  own: string,
): readonly HookResults['successes'][number][] {
  return successes.toSorted(
    (a, b) => Number(b.plugin.name === own) - Number(a.plugin.name === own),
  );
}

/** The entry, or in words why it is none. Its methods keep their `this`, so it is not copied. */
function parseEntry(value: unknown): VendorEntry | string {
  if (typeof value !== 'object' || value === null) return `an entry is ${String(value)}`;
  const { name, api, summary, open, settings }: Partial<Record<keyof VendorEntry, unknown>> = value;
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]{0,39}$/.test(name)) {
    return 'an entry has no name of lower-case letters, digits and `-`';
  }
  if (api !== 1) return `driver ${name} is for vendor contract ${String(api)}; this is contract 1`;
  if (typeof summary !== 'string') return `driver ${name} has no summary`;
  if (typeof open !== 'function') return `driver ${name} has no function open`;
  if (!isSettingsSchema(settings)) return `settings of driver ${name} are no Standard Schema v1`;
  return value as VendorEntry;
}

function isSettingsSchema(value: unknown): value is VendorEntry['settings'] {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const standard: unknown = '~standard' in value ? value['~standard'] : undefined;
  if (typeof standard !== 'object' || standard === null) return false;
  const { version, validate }: { readonly version?: unknown; readonly validate?: unknown } =
    standard;
  return version === 1 && typeof validate === 'function';
}

function pluginFailed(plugin: string, cause: Error): PluginFailure {
  const error = failure('REGISTRY.PLUGIN_FAILED', `plugin ${plugin} failed: ${cause.message}`, {
    facts: { plugin },
    next: `skypact plugins update, or skypact plugins uninstall ${plugin}`,
    cause,
  });
  return { plugin, error };
}

function entryInvalid(plugin: string, found: string): PluginFailure {
  const error = failure('REGISTRY.ENTRY_INVALID', `plugin ${plugin}: ${found}`, {
    facts: { plugin },
    next: `skypact plugins update, or skypact plugins uninstall ${plugin}`,
  });
  return { plugin, error };
}

function nameTaken(plugin: string, { plugin: first, entry: { name } }: Driver): PluginFailure {
  const what = `driver ${name} of plugin ${plugin} is not used: ${first} brings one of that name`;
  const error = failure('REGISTRY.NAME_TAKEN', what, {
    facts: { plugin, driver: name, first },
    next: `skypact plugins uninstall ${plugin}`,
  });
  return { plugin, error };
}
