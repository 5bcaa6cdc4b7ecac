import { lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder that only its owner reads, and its parents; one that is there stays as it is.
 * Node's own `recursive` never ends where a parent is a link that leads nowhere, or lies in /proc:
 * this fails with what the system said.
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    if (code === 'EEXIST') return;
    const parent = dirname(path);
    const isThere = lstatSync(parent, { throwIfNoEntry: false }) !== undefined;
    if (code !== 'ENOENT' || isThere || parent === path) throw thrown;
    makeFolder(parent);
    makeFolder(path);
  }
}
