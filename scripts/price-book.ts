/**
 * Writes the EC2 driver's built-in price book from a catalogue of on-demand list prices:
 *
 *   node scripts/price-book.ts CATALOGUE.csv YYYY-MM-DD > src/vendors/ec2/price-book.generated.ts
 *
 * The catalogue has the columns InstanceType, Region and PriceUSDPerHour and holds one region; the
 * date is the day on which the prices were taken. List prices are facts that Amazon publishes.
 */
import { readFile } from 'node:fs/promises';
import { parsePriceBook } from '../src/vendors/ec2/price-book.ts';

const region = 'us-east-1';
const [path, date] = process.argv.slice(2);
if (path === undefined || date === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(date)) {
  throw new Error('usage: node scripts/price-book.ts CATALOGUE.csv YYYY-MM-DD');
}
const book = parsePriceBook(await readFile(path, 'utf8'), { path, region, modifiedMs: 0 });
const lines = Object.entries(book.microsPerHour)
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([type, micros]) => `${type},${(micros / 1_000_000).toFixed(6)}`);

process.stdout.write(`// Written by scripts/price-book.ts; do not edit.
/** On-demand list prices of Linux machines in ${region} on the day named: ${lines.length} types. */
export const builtInPrices = {
  region: '${region}',
  date: '${date}',
  csv: \`type,usdPerHour
${lines.join('\n')}
\`,
} as const;
`);
