/** Writes schema/ anew from its sources; `--check` fails instead when a file is out of date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { slaSchemaText } from '../src/sla/json-schema.ts';

const generated: ReadonlyMap<string, () => string> = new Map([
  ['schema/sla.schema.json', slaSchemaText],
]);

for (const [path, text] of generated) {
  const file = new URL(`../${path}`, import.meta.url);
  if (!process.argv.includes('--check')) writeFileSync(file, text());
  else if (readFileSync(file, 'utf8') !== text()) {
    console.error(`${path} is out of date: run node scripts/generate-schema.ts`);
    process.exitCode = 1;
  }
}
