/**
 * `npm run bench [-- NAME…] [--write]`: every benchmark, one process after the other, so that none
 * shares a heap with another. `--write` copies the table, with the machine it was measured on, to
 * docs/benchmarks.md: as measured, goals that are missed included.
 */
import { spawn } from 'node:child_process';
import { glob, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith('--'));
const files = (await Array.fromAsync(glob('bench/*.bench.ts')))
  .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
  .toSorted();

const head = '| what | figure | goal | met | reference | ratio | conditions |';
const rule = '| --- | --- | --- | --- | --- | --- | --- |';
const rows: string[] = [];
const failed: string[] = [];
for (const file of files) {
  process.stderr.write(`${file} …\n`);
  const { code, lines } = await run(file);
  const own = lines.filter((line) => line.startsWith('|') && line !== head && line !== rule);
  const other = lines.filter((line) => !line.startsWith('|') && line.trim() !== '');
  for (const line of other) process.stderr.write(`${line}\n`);
  if (code !== 0 || own.length === 0) failed.push(file);
  rows.push(...own);
}

const table = [head, rule, ...rows].join('\n');
console.log(table);
const missed = rows.filter((row) => row.split(' | ')[3] === 'NO').length;
console.log(`\n${rows.length} figures, ${missed} goals missed, ${failed.length} benchmarks failed`);
for (const file of failed) console.log(`failed: ${file}`);
if (words.includes('--write')) await writeFile('docs/benchmarks.md', page());
process.exitCode = failed.length > 0 ? 1 : 0;

async function run(file: string): Promise<{ readonly code: number; readonly lines: string[] }> {
  const child = spawn(process.execPath, ['--expose-gc', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number>((resolve) => {
    child.on('close', (code) => resolve(code ?? 1));
  });
  const [output, code] = await Promise.all([text(child.stdout), ended]);
  return { code, lines: output.split('\n') };
}

function page(): string {
  const [cpu] = cpus();
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${memoryGiB} GiB`;
  const day = new Date().toISOString().slice(0, 10);
  return `# Benchmarks

Every figure is a command: \`npm run bench\`, or \`npm run bench -- NAME\` for one. The reference beside a
figure was measured in the same run, unless it says otherwise. Machines drift: the ratio says more than
the figure.

Measured ${day} on ${machine}, Node ${process.version}. ${missed === 0 ? 'All goals are met.' : `${missed} goals are missed; they are marked.`}

${table}
`;
}
