/** Checking every shipped model, exploration included, beside reading them alone. */
import { glob, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { knownConstraints } from '../src/agency/model-library.ts';
import { checkModel } from '../src/lcc/check/check.ts';
import { parseModel } from '../src/lcc/parser.ts';
import { median, print, type Row } from './harness.ts';

const REPEATS = 7;

export async function modelCheckRows(): Promise<readonly Row[]> {
  const folder = fileURLToPath(new URL('../models/', import.meta.url));
  const files = await Array.fromAsync(glob('**/*.lcc', { cwd: folder }));
  const texts = await Promise.all(files.map((file) => readFile(`${folder}${file}`, 'utf8')));
  const cold = timed(() => texts.map(check));
  const checks: number[] = [];
  const parses: number[] = [];
  for (let n = 0; n < REPEATS; n += 1) {
    checks.push(timed(() => texts.map(check)));
    parses.push(timed(() => texts.map((text) => parseModel(text))));
  }
  const parse = median(parses);
  const shared = {
    unit: 's',
    goal: '< 1 s together',
    reference: `parsing them ${(parse * 1_000).toFixed(1)} ms`,
    conditions: `${files.length} models, every exploration complete`,
  };
  const what = 'model check of every shipped model';
  const warm = median(checks);
  return [
    { what: `${what}, first time`, figure: cold, met: cold < 1, ratio: cold / parse, ...shared },
    { what: `${what}, warm`, figure: warm, met: warm < 1, ratio: warm / parse, ...shared },
  ];
}

function check(text: string): void {
  const { exploration } = checkModel(parseModel(text), knownConstraints);
  if (exploration.kind !== 'complete') throw new Error('a model was not explored completely');
}

function timed(work: () => unknown): number {
  const beganMs = performance.now();
  work();
  return (performance.now() - beganMs) / 1_000;
}

if (import.meta.main) print(await modelCheckRows());
