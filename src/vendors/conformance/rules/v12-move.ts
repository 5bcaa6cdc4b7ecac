import assert from 'node:assert/strict';
import { abortMoments } from '../abort.ts';
import type { RuleChecks } from '../check.ts';
import { Journey } from '../journey.ts';
import { isFailureOfVendor, settled } from '../outcome.ts';
import type { Subject } from '../subject.ts';

export const v12: RuleChecks = [
  {
    claim: 'a move ends with the machine running at the target only, under the same contract',
    unless: cannotMove,
    run: async (bench) => {
      const journey = await Journey.from(bench);
      const usedBefore = used(await bench.hosts());
      const guest = await journey.transfer(await journey.prepare());
      assert.notEqual(guest, 'running', 'the last report says that it has not moved');
      const binding = await journey.arrive();
      const { contract, machine, host } = journey.binding;
      assert.deepEqual([binding.contract, binding.machine], [contract, machine]);
      const wanted = journey.move.targetHost;
      if (wanted !== undefined) assert.equal(binding.host, wanted, 'the host it moved to');
      assert.ok(binding.host === undefined || binding.host !== host, `it is still on ${host}`);
      await journey.runsAt(binding);
      assert.deepEqual(used(await bench.hosts()), usedBefore, 'room in use on all hosts');
    },
  },
  {
    claim: 'a move that is discarded before the transfer leaves all as it was',
    unless: cannotMove,
    run: async (bench) => {
      const journey = await Journey.from(bench);
      const before = await bench.world();
      await journey.prepare();
      await journey.runsAt(journey.binding);
      await journey.giveUp();
      await journey.runsAt(journey.binding);
      assert.deepEqual(await bench.world(), before);
    },
  },
  {
    claim: 'a move that is discarded while paused goes on at the source, in a new process too',
    unless: cannotMove,
    run: async (bench) => {
      const journey = await Journey.from(bench);
      const before = await bench.world();
      const guest = await journey.transfer(await journey.prepare());
      await bench.reopen();
      if (guest === 'arrived') return journey.runsAt(await journey.arrive());
      await journey.giveUp();
      await journey.runsAt(journey.binding);
      assert.deepEqual(await bench.world(), before);
    },
  },
  {
    claim: 'a transfer that is cut off leaves the machine at the source, unless it had arrived',
    unless: cannotMove,
    run: async (bench) => {
      for (const moment of abortMoments) {
        const journey = await Journey.from(bench);
        const ticket = await journey.prepare();
        const outcome = await bench.cut(moment, journey.call, (stop) =>
          journey.transfer(ticket, stop),
        );
        if ('thrown' in outcome) isFailureOfVendor(outcome.thrown, 'transfer, cut off');
        await journey.runsOnceAtMost('after the transfer was cut off');
        const there = (await journey.places()).some((place) => place !== journey.binding.host);
        if (there || ('value' in outcome && outcome.value === 'arrived')) {
          await journey.runsAt(await journey.arrive());
        } else {
          await journey.giveUp();
          await journey.runsAt(journey.binding);
        }
        await bench.vendor.withdraw(journey.move.source.id, journey.call);
      }
    },
  },
  {
    claim: 'every step of a move can be repeated, and continued by a new process',
    unless: cannotMove,
    run: async (bench) => {
      const journey = await Journey.from(bench);
      await journey.prepare();
      await bench.reopen();
      const ticket = await journey.prepare();
      const guest = await journey.transfer(ticket);
      await bench.reopen();
      assert.equal(await journey.transfer(ticket), guest, 'transfer again');
      await bench.reopen();
      const binding = await journey.arrive();
      await bench.reopen();
      assert.deepEqual(await journey.arrive(), binding, 'commit again');
      await journey.runsAt(binding);
    },
  },
  {
    claim: 'a move to a host that does not exist fails, and the machine stays where it is',
    unless: cannotMove,
    run: async (bench) => {
      const journey = await Journey.from(bench);
      const before = await bench.world();
      const nowhere = { ...journey.move, targetHost: 'no-such-host' };
      const outcome = await settled(journey.target.prepare(nowhere, journey.call));
      assert.ok('thrown' in outcome, 'prepare succeeded');
      isFailureOfVendor(outcome.thrown, 'prepare');
      await journey.runsAt(journey.binding);
      assert.deepEqual(await bench.world(), before);
    },
  },
];

function cannotMove({ roles, machines }: Subject): string | undefined {
  if (!roles.includes('moveSource')) return 'machines cannot leave it';
  if (!roles.includes('moveTarget')) return 'machines cannot arrive at it';
  const sees = roles.includes('hosts') || machines !== undefined;
  return sees ? undefined : 'nothing shows where a machine runs';
}

function used(
  hosts: readonly { readonly cpusUsed: number; readonly memoryMiBUsed: number }[],
): object {
  return {
    cpus: hosts.reduce((sum, host) => sum + host.cpusUsed, 0),
    memoryMiB: hosts.reduce((sum, host) => sum + host.memoryMiBUsed, 0),
  };
}
