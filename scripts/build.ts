/**
 * Builds what is published: commands and hooks as bundles, the two published entries, their types,
 * and oclif's manifest, so that starting a command reads two or three files.
 */
import { execFileSync } from 'node:child_process';
import { glob, mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

const entries: Record<string, string> = {
  main: 'src/cli/main.ts',
  help: 'src/cli/help.ts',
  vendor: 'src/vendors/published.ts',
  conformance: 'src/vendors/conformance/kit.ts',
  'solver-worker': 'src/agency/solver/worker.ts',
};
for await (const file of glob('src/{commands,hooks}/**/*.ts')) {
  entries[file.slice('src/'.length, -'.ts'.length)] = file;
}

await rm('dist', { recursive: true, force: true });
await mkdir('dist', { recursive: true });
await build({
  input: entries,
  platform: 'node',
  // HiGHS reads its WASM beside itself; the AWS SDK is large and rarely needed; oclif finds itself.
  external: [/^highs/, /^@aws-sdk\//, /^@oclif\//, /^@inquirer\//],
  output: { dir: 'dist', format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js', minify: false },
});
execFileSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
await writeManifest();

/** The manifest saves oclif from loading every command to know its flags. */
async function writeManifest(): Promise<void> {
  const { Plugin } = await import('@oclif/core');
  await rm('oclif.manifest.json', { force: true });
  const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true });
  await plugin.load();
  await writeFile('oclif.manifest.json', `${JSON.stringify(plugin.manifest, null, 2)}\n`);
}
