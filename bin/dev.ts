#!/usr/bin/env node
/** Runs the sources, for contributors: `npm run skypact -- sla list`. */
import { start } from '../src/cli/main.ts';

await start(process.argv.slice(2), { bin: import.meta.url, run: 'sources' });
