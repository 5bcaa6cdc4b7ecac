/**
 * Builds what is published: commands and hooks as bundles, the two published entries, their types,
 * and oclif's manifest, so that starting a command reads two or three files.
 */
import { execFileSync } from 'node:child_process';
import { glob, mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type OutputOptions } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

const cli: Record<string, string> = { main: 'src/cli/main.ts', help: 'src/cli/help.ts' };
for await (const file of glob('src/{commands,hooks}/**/*.ts')) {
  cli[file.slice('src/'.length, -'.ts'.length)] = file;
}

await rm('dist', { recursive: true, force: true });
await mkdir('dist', { recursive: true });
// What the plainest commands read, in one file: a dozen small ones take longer to find and to load.
await bundle(cli, { groups: [{ name: 'first', test: /src\/cli\/(hot-list|errors)/ }] });
await bundle({ vendor: 'src/vendors/published.ts', conformance: 'src/vendors/conformance/kit.ts' });
await bundle({ 'solver-worker': 'src/agency/solver/worker.ts' });
execFileSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
await writeManifest();

/** Each bundle has chunks of its own, so that none loads what only another needs. */
async function bundle(
  input: Record<string, string>,
  codeSplitting: OutputOptions['codeSplitting'] = true,
): Promise<void> {
  await build({
    input,
    platform: 'node',
    // HiGHS reads its WASM beside itself; the AWS SDK is large and rarely needed; oclif finds itself.
    external: [/^highs/, /^@aws-sdk\//, /^@oclif\//, /^@inquirer\//],
    output: {
      dir: 'dist',
      format: 'esm',
      chunkFileNames: 'chunks/[name]-[hash].js',
      minify: false,
      codeSplitting,
    },
  });
}

/** The manifest saves oclif from loading every command to know its flags. */
async function writeManifest(): Promise<void> {
  const { Plugin } = await import('@oclif/core');
  await rm('oclif.manifest.json', { force: true });
  const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true });
  await plugin.load();
  await writeFile('oclif.manifest.json', `${JSON.stringify(plugin.manifest, null, 2)}\n`);
}
