#!/usr/bin/env node
// Plain JavaScript that any Node can read: it must be able to say that a Node is too old.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

const least = [24, 15];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < least[0] || (major === least[0] && minor < least[1])) {
  process.stderr.write(
    `skypact needs Node ${least.join('.')} or newer; this is ${process.version}.\n` +
      'next: install a newer Node, or in a checkout run `npm ci` and then `npx skypact`.\n',
  );
  process.exit(2);
}

const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === '--version' || words[0] === '-v')) {
  const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url)));
  const { platform, arch } = process;
  process.stdout.write(`${name}/${version} ${platform}-${arch} node-${process.version}\n`);
} else {
  const folder = compileCacheFolder(process.env);
  if (folder !== undefined) module.enableCompileCache(folder);
  const { start } = await import('../dist/main.js');
  await start(words, { bin: import.meta.url, run: 'bundle' });
}

/**
 * Compiled code is run as it is found, so it lies where only the user writes, and not in a folder
 * for temporary files that all share. `undefined` where none can be made. Step by step: making
 * parents as well never ends in Node where a link leads nowhere.
 */
function compileCacheFolder({ NODE_COMPILE_CACHE, SKYPACT_HOME, XDG_CACHE_HOME }) {
  if (NODE_COMPILE_CACHE) return NODE_COMPILE_CACHE;
  const home = SKYPACT_HOME || XDG_CACHE_HOME || join(homedir(), '.cache');
  const own = join(home, SKYPACT_HOME ? 'cache' : 'skypact');
  const folder = join(own, 'compiled');
  if (existsSync(folder)) return folder;
  try {
    for (const each of [home, own, folder]) if (!existsSync(each)) mkdirSync(each, { mode: 0o700 });
    return folder;
  } catch {
    return undefined;
  }
}
