/** What the program stands on: for `doctor`, and for whoever reads the report of a fault. */
import { stat } from 'node:fs/promises';
import type { Registry } from '../vendors/registry.ts';
import { examineStore, type StoreHealth } from './open-store.ts';
import type { Paths } from './paths.ts';

export interface Foundations {
  readonly node: { readonly version: string; readonly path: string };
  readonly store: StoreHealth;
  /** In the order in which the first that says something wins. */
  readonly configFiles: readonly ConfigFile[];
  readonly drivers: readonly { readonly name: string; readonly plugin: string }[];
  readonly failedPlugins: Registry['failures'];
}

export interface ConfigFile {
  readonly file: string;
  readonly state: 'read' | 'absent';
}

export async function foundations(paths: Paths, registry: Registry): Promise<Foundations> {
  const { projectConfigFile, userConfigFile } = paths;
  return {
    node: { version: process.version, path: process.execPath },
    store: await examineStore(paths),
    configFiles: await Promise.all([projectConfigFile, userConfigFile].map(configFile)),
    drivers: [...registry.drivers].map(([name, { plugin }]) => ({ name, plugin })),
    failedPlugins: registry.failures,
  };
}

async function configFile(file: string): Promise<ConfigFile> {
  const found = await stat(file).catch(() => undefined);
  return { file, state: found === undefined ? 'absent' : 'read' };
}
