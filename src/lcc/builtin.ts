import type { ConstraintSpec } from './constraint.ts';

/**
 * Constraints that the language itself answers; they are in no table and cannot be replaced.
 *
 * Times are milliseconds. A deadline is fixed once, and is absolute from then on, so that it
 * survives a restart: when the wait begins, unless the same guard asks something before it; then
 * when that is answered. A length that is no number is due at once: content that another agent
 * sent must not make a wait endless.
 */
export const builtins: readonly ConstraintSpec[] = [
  {
    name: 'timeout',
    modes: ['+'],
    kind: 'wait',
    summary: 'yes, that many milliseconds after the wait began',
  },
  {
    name: 'within',
    modes: ['+'],
    kind: 'wait',
    summary: 'yes until that many milliseconds after the wait began, then no',
  },
  {
    name: 'deadline',
    modes: ['+', '-'],
    kind: 'compute',
    summary: 'the time that many milliseconds from now, for passed',
  },
  {
    name: 'passed',
    modes: ['+'],
    kind: 'wait',
    summary: 'yes from that time on: one deadline for several waits',
  },
  {
    name: 'getPeers',
    modes: ['+', '-'],
    kind: 'compute',
    summary: 'the ids of all other agents that play the role now, as a list of strings',
  },
];
