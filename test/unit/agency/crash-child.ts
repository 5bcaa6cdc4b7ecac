/** A run of four points in another process: `node crash-child.ts PLAN STORE`. */
import { crashing, parseCrashPlan } from '../../../src/agency/crash-points.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { sla } from '../../conformance/store/samples.ts';

const [plan = '', path = ''] = process.argv.slice(2);
const points = crashing(parseCrashPlan(plan));
await using store = points.store(await openSqliteStore({ path }));

await store.record([{ kind: 'sla', sla: sla('abcdef') }]);
await points.around('accept', async () => {
  process.stdout.write('effect\n');
});
process.stdout.write('end\n');
