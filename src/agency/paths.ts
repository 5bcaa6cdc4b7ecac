/** Where things lie: the XDG base directories, with our own variables before them. */
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Paths {
  readonly userConfigFile: string;
  readonly projectConfigFile: string;
  readonly storeFile: string;
  /** Data of vendors that keep some here, a folder each. */
  readonly vendorsFolder: string;
  readonly cacheFolder: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** `SKYPACT_HOME` puts everything below one folder. */
export function pathsOf(environment: Environment, workingFolder: string): Paths {
  const home = environment['SKYPACT_HOME'];
  const base = (variable: string, ...fallback: readonly string[]) =>
    home ?? join(environment[variable] || join(homedir(), ...fallback), 'skypact');
  const config = base('XDG_CONFIG_HOME', '.config');
  const data = base('XDG_DATA_HOME', '.local', 'share');
  return {
    userConfigFile: join(config, 'config.yaml'),
    projectConfigFile: join(workingFolder, 'skypact.yaml'),
    storeFile: environment['SKYPACT_STORE'] ?? join(data, 'skypact.db'),
    vendorsFolder: join(data, 'vendors'),
    cacheFolder: home === undefined ? base('XDG_CACHE_HOME', '.cache') : join(home, 'cache'),
  };
}
