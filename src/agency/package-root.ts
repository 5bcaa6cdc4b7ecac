import { existsSync } from 'node:fs';

/** The folder of our package.json, from the sources as from any bundle. Ends in `/`. */
export function packageRoot(): URL {
  let folder = new URL('./', import.meta.url);
  while (!existsSync(new URL('package.json', folder)) && folder.pathname !== '/') {
    folder = new URL('../', folder);
  }
  return folder;
}
