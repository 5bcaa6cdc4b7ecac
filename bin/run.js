#!/usr/bin/env node
// Plain JavaScript that any Node can read: it must be able to say that a Node is too old.
import { readFileSync } from 'node:fs';
import module from 'node:module';

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
  process.stdout.write(
    `${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`,
  );
} else {
  module.enableCompileCache();
  const { start } = await import('../dist/main.js');
  await start(words, { bin: import.meta.url, run: 'bundle' });
}
