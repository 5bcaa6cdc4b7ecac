import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkModel } from '../../../src/lcc/check/check.ts';
import { parseModel } from '../../../src/lcc/parser.ts';
import { migrationTable } from '../../../src/migration/constraints.ts';
import { type DatacentreReport, runDatacentre } from '../../../src/simulation/run-datacentre.ts';
import { type RunReport, runModel } from '../../../src/simulation/run-model.ts';

function model(name: string): string {
  return readFileSync(new URL(`../../../models/${name}.lcc`, import.meta.url), 'utf8');
}

const balancing = ['simple-migration', 'best-fit', 'pull'];
const shipped = [...balancing, 'consolidation', 'interdc-workflow', 'contract-net'];
const seeds = [1, 2, 3];

test.each(shipped)('%s: model check is complete and finds nothing', (name) => {
  const report = checkModel(parseModel(model(name)), migrationTable);
  expect(report.findings).toEqual([]);
  expect(report.exploration.kind).toBe('complete');
});

const runs = balancing.flatMap((name) => seeds.map((seed) => ({ name, seed })));

test.each(runs)('$name, seed $seed: no host stays overloaded, and loads are evener', (run) => {
  const report = runDatacentre(model(run.name), { seed: run.seed });
  expect(report.before.overloaded).toBeGreaterThan(1);
  expect(report.after.overloaded).toBe(0);
  expect(report.after.standardDeviation).toBeLessThan(0.7 * report.before.standardDeviation);
  expectNoneLost(report);
  expect(report.migrations).toBeGreaterThan(3);
  expect(report.migrations).toBeLessThan(20);
});

test.each(seeds)(
  'seed %i: pull and push cost a few messages for a move, asking all many',
  (seed) => {
    const cost = (name: string): number => {
      const { messages, migrations } = runDatacentre(model(name), { seed });
      return messages / migrations;
    };
    expect(cost('simple-migration')).toBeLessThan(6);
    expect(cost('pull')).toBeLessThan(8);
    expect(cost('best-fit')).toBeGreaterThan(2 * cost('simple-migration'));
  },
);

test.each(seeds)(
  'consolidation, seed %i: some hosts are powered off, and no machine is lost',
  (seed) => {
    const report = runDatacentre(model('consolidation'), { seed });
    expect(report.after.poweredOff).toBeGreaterThanOrEqual(3);
    expect(report.after.overloaded).toBe(report.before.overloaded);
    expectNoneLost(report);
  },
);

function expectNoneLost(report: DatacentreReport): void {
  expect(report).toMatchObject({ lost: 0, duplicated: 0, undelivered: 0, settled: true });
}

test('the same seed gives the same run, another seed another one', () => {
  const text = model('best-fit');
  expect(runDatacentre(text, { seed: 5 })).toEqual(runDatacentre(text, { seed: 5 }));
  expect(runDatacentre(text, { seed: 5 })).not.toEqual(runDatacentre(text, { seed: 6 }));
});

test('a larger datacentre is balanced as well', () => {
  const report = runDatacentre(model('pull'), { seed: 1, hosts: 90 });
  expect(report.vms).toBeGreaterThan(300);
  expect(report.after.overloaded).toBe(0);
  expectNoneLost(report);
});

function names(report: RunReport): readonly string[] {
  return report.sent.map(({ message }) => message.name);
}

test('interdc-workflow: three components move with 14 messages, the old ones destroyed in reverse', () => {
  const report = runModel(model('interdc-workflow'));
  expect(report.result).toEqual({
    source: [],
    target: ['db', 'app', 'web'],
    traffic: 'target',
    outcome: 'done',
    leftBehind: [],
  });
  expect(report.sent).toHaveLength(14);
  const destroyed = report.sent.filter(({ message }) => message.name === 'destroy');
  expect(destroyed.map(({ message }) => message.args[1])).toEqual(['web', 'app', 'db']);
});

test('interdc-workflow: a failure at the third rolls two creations back with 10 messages', () => {
  const report = runModel(model('interdc-workflow'), { relocation: { failsAt: 'web' } });
  expect(report.result).toEqual({
    source: ['db', 'app', 'web'],
    target: [],
    traffic: 'source',
    outcome: 'no room',
    leftBehind: [],
  });
  expect(report.sent).toHaveLength(10);
  const destroyed = report.sent.filter(({ message }) => message.name === 'destroy');
  expect(destroyed.map(({ message }) => [message.to.id, message.args[1]])).toEqual([
    ['target', 'app'],
    ['target', 'db'],
  ]);
});

test('interdc-workflow: what cannot be destroyed is left behind, and said', () => {
  const report = runModel(model('interdc-workflow'), { relocation: { sticksAt: 'app' } });
  expect(report.result).toMatchObject({ source: ['app'], outcome: 'done', leftBehind: ['app'] });
});

test('interdc-workflow: traffic that cannot be redirected rolls all creations back', () => {
  const report = runModel(model('interdc-workflow'), { relocation: { router: 'refuses' } });
  expect(report.result).toMatchObject({
    source: ['db', 'app', 'web'],
    target: [],
    outcome: 'the traffic could not be redirected',
  });
});

test('interdc-workflow: while it is not known where the traffic goes, nothing is destroyed', () => {
  const report = runModel(model('interdc-workflow'), { relocation: { router: 'is silent' } });
  expect(report.result).toMatchObject({
    source: ['db', 'app', 'web'],
    target: ['db', 'app', 'web'],
    outcome: 'the router fell silent: both sides still run',
  });
});

test('contract-net: vendors that bid 30, 20 and refuse need 9 messages', () => {
  const report = runModel(model('contract-net'));
  expect(report.result).toEqual({ winner: 'vendor2', price: 20, outcome: 'ready' });
  expect(names(report)).toEqual([
    ...['cfp', 'cfp', 'cfp', 'propose', 'propose', 'refuse'],
    ...['reject_proposal', 'accept_proposal', 'inform_done'],
  ]);
});

test('contract-net: a silent vendor costs no more than the deadline', () => {
  const bids = [9, 'silent', 7, 'silent'] as const;
  const report = runModel(model('contract-net'), { market: { bids } });
  expect(report.result).toEqual({ winner: 'vendor3', price: 7, outcome: 'ready' });
  expect(report.sent.at(-1)?.atMs).toBe(30_000);
});

test('contract-net: no proposal, or no room for the winner, is said', () => {
  const refused = runModel(model('contract-net'), { market: { bids: ['refuse', 'refuse'] } });
  expect(refused.result).toMatchObject({ outcome: 'nobody proposed' });
  const gone = runModel(model('contract-net'), { market: { gone: true } });
  expect(gone.result).toMatchObject({ outcome: 'the room is gone' });
  expect(names(gone).at(-1)).toBe('failure');
});

test('a model is run in the world that answers what it asks, or in none', () => {
  expect(runModel(model('consolidation'), { seed: 3 }).world).toBe('datacentre');
  expect(() => runModel(model('negotiation'))).toThrowError(
    expect.objectContaining({ code: 'LCC.NO_WORLD' }),
  );
});
