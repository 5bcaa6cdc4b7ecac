import { machineOf } from '../cloud.ts';
import type { Faults } from './fault.ts';

/** Breaks V11 and V12: offering a move, and making it. */
export const movingFaults: Faults = {
  'V11 takes room for every offer': ({ moveTarget }, cloud) => ({
    moveTarget: {
      ...moveTarget,
      offers: async (objective, call) => {
        cloud.wasted.push('host-2');
        return moveTarget.offers(objective, call);
      },
    },
  }),
  'V11 pauses the machine that it offers to move': ({ moveSource }, cloud) => ({
    moveSource: {
      ...moveSource,
      offers: async (contract, call) => {
        for (const copy of cloud.copiesOf(contract.id)) copy.running = false;
        return moveSource.offers(contract, call);
      },
    },
  }),
  'V12 runs on both sides while it moves': ({ moveSource }, cloud) => ({
    moveSource: {
      ...moveSource,
      transfer: async function* (move, ticket, call) {
        const { id: contract } = move.source;
        const copy = { machine: machineOf(contract), contract, host: 'host-2', running: true };
        cloud.copies.add(copy);
        yield* moveSource.transfer(move, ticket, call);
        cloud.copies.delete(copy);
      },
    },
  }),
  'V12 starts again at the source after it was committed': ({ moveSource }, cloud) => ({
    moveSource: {
      ...moveSource,
      release: async ({ source }) => {
        for (const copy of cloud.copiesOf(source.id)) copy.running = true;
      },
    },
  }),
  'V12 stays paused when a move is discarded': ({ moveSource }) => ({
    moveSource: { ...moveSource, resume: async () => undefined },
  }),
  'V12 keeps the room of a move that was discarded': ({ moveTarget }) => ({
    moveTarget: { ...moveTarget, discard: async () => undefined },
  }),
  'V12 ends the machine when a transfer is cut off': ({ moveSource }, cloud) => ({
    moveSource: {
      ...moveSource,
      transfer: async function* (move, ticket, call) {
        try {
          yield* moveSource.transfer(move, ticket, call);
        } catch (thrown) {
          for (const copy of cloud.copiesOf(move.source.id)) cloud.copies.delete(copy);
          throw thrown;
        }
      },
    },
  }),
  'V12 says that it moved, and did not': ({ moveSource, moveTarget, bind }) => ({
    moveSource: { ...moveSource, release: moveSource.resume },
    moveTarget: {
      ...moveTarget,
      commit: async (move, call) => {
        await moveTarget.discard(move, call);
        return bind(move.source, call);
      },
    },
  }),
  'V12 gives the machine another id where it arrives': ({ moveTarget }) => ({
    moveTarget: {
      ...moveTarget,
      commit: async (move, call) => ({
        ...(await moveTarget.commit(move, call)),
        machine: `moved-${move.id}`,
      }),
    },
  }),
};
