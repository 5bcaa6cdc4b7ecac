/**
 * What the shipped models of migration and of the contract net ask. Machines, answers and bids are
 * terms of whoever answers; the models pass them on and never look inside.
 */
import { type ConstraintSpec, type ConstraintTable, constraintTable } from '../lcc/constraint.ts';

/** simple-migration, best-fit, pull and consolidation: one agent is one host. */
export const hostConstraints: readonly ConstraintSpec[] = [
  {
    name: 'isOverloaded',
    modes: ['-'],
    kind: 'wait',
    summary: 'the host was measured and is overloaded, by that much',
  },
  {
    name: 'isUnderloaded',
    modes: ['-'],
    kind: 'wait',
    summary: 'the host was measured and is underloaded, with that much room',
  },
  {
    name: 'isBalanced',
    modes: [],
    kind: 'wait',
    summary: 'the host was measured and is neither over- nor underloaded',
  },
  {
    name: 'noLongerUnderloaded',
    modes: [],
    kind: 'wait',
    summary: 'the host was measured and is not underloaded any more',
  },
  {
    name: 'shouldEvacuate',
    modes: ['-'],
    kind: 'wait',
    summary: 'the host is so empty that it should move all its machines, which are listed',
  },
  { name: 'newRequest', modes: ['-'], kind: 'act', summary: 'an id that no other request has' },
  {
    name: 'selectVm',
    modes: ['+', '-'],
    kind: 'compute',
    summary: 'the machine to move into so much room; no when the host is overloaded no more',
  },
  {
    name: 'bestFit',
    modes: ['+', '+', '-', '-'],
    kind: 'compute',
    summary: 'of the bids for a need, the host that fits best and the machine for it',
  },
  { name: 'freeCapacity', modes: ['-'], kind: 'compute', summary: 'the room of the host now' },
  {
    name: 'reserve',
    modes: ['+', '+', '-'],
    kind: 'act',
    summary: 'holds room for a request of that need, for a limited time; answers how much',
  },
  {
    name: 'hold',
    modes: ['+', '+'],
    kind: 'act',
    summary: 'holds room for a request to bring that machine, for a limited time',
  },
  {
    name: 'takeIn',
    modes: ['+', '+'],
    kind: 'act',
    summary: 'as hold, for a machine of a host that empties itself; no when this one is empty',
  },
  { name: 'release', modes: ['+'], kind: 'act', summary: 'gives back the room held for a request' },
  {
    name: 'migrate',
    modes: ['+', '+', '+'],
    kind: 'act',
    summary: 'moves a machine, for a request, to a host; yes when it runs there',
  },
  {
    name: 'powerOff',
    modes: [],
    kind: 'act',
    summary: 'powers the host off; no when a machine is on it, or on its way',
  },
];

/** interdc-workflow: a migrator, two datacentres and a router. */
export const relocationConstraints: readonly ConstraintSpec[] = [
  {
    name: 'service',
    modes: ['-', '-'],
    kind: 'compute',
    summary: 'the service to move and its components in the order of their dependencies',
  },
  {
    name: 'provision',
    modes: ['+', '+', '-'],
    kind: 'act',
    summary: 'creates a component of a service; the atom made, or why it could not',
  },
  {
    name: 'deprovision',
    modes: ['+', '+'],
    kind: 'act',
    summary: 'destroys a component of a service; yes also when it is not there',
  },
  {
    name: 'repoint',
    modes: ['+', '+'],
    kind: 'act',
    summary: 'leads the traffic of a service to its new components',
  },
  { name: 'reverse', modes: ['+', '-'], kind: 'compute', summary: 'a list in reverse order' },
  {
    name: 'leftBehind',
    modes: ['+', '+'],
    kind: 'act',
    summary: 'reports a component that may still be there',
  },
  { name: 'migrationDone', modes: ['+'], kind: 'act', summary: 'reports a service as moved' },
  {
    name: 'migrationFailed',
    modes: ['+', '+'],
    kind: 'act',
    summary: 'reports a service as not moved, and why',
  },
];

/** contract-net: an initiator and vendors. */
export const contractNetConstraints: readonly ConstraintSpec[] = [
  {
    name: 'objective',
    modes: ['-', '-', '-'],
    kind: 'act',
    summary: 'a fresh conversation id, the objective, and how many ms vendors have to answer',
  },
  {
    name: 'bid',
    modes: ['+', '+', '+', '-'],
    kind: 'act',
    summary: 'a bid for an objective in a conversation, binding until the deadline; no: refused',
  },
  {
    name: 'evaluate',
    modes: ['+', '+', '-', '-'],
    kind: 'compute',
    summary: 'of the answers for an objective, who wins and who else proposed; no: nobody proposed',
  },
  {
    name: 'allocate',
    modes: ['+', '-'],
    kind: 'act',
    summary: 'provides what was bid in a conversation, and says how to reach it',
  },
  { name: 'rejected', modes: ['+'], kind: 'act', summary: 'a bid lost: its room is free' },
  { name: 'ready', modes: ['+', '+'], kind: 'act', summary: 'the objective is provided' },
  { name: 'failed', modes: ['+', '+'], kind: 'act', summary: 'it is not provided, and why' },
];

/** All of them. */
export const migrationTable: ConstraintTable = constraintTable([
  ...hostConstraints,
  ...relocationConstraints,
  ...contractNetConstraints,
]);
