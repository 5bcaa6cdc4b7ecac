/** A host agent that changes its role a million times: its state and the heap stay as they are. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { compile } from '../src/lcc/compile.ts';
import { type ConstraintSpec, constraintTable } from '../src/lcc/constraint.ts';
import { startAgent, step } from '../src/lcc/engine.ts';
import { InMemoryNet } from '../src/lcc/in-memory.ts';
import { parseModel } from '../src/lcc/parser.ts';
import { encodeState } from '../src/lcc/state-encode.ts';
import { print, type Row } from './harness.ts';

/** Each turn: three role changes, two of them in tail position, with results handed back. */
const model = `
  r(host, initial)
  r(overloaded, auxiliary)
  r(chooser, auxiliary)
  a(host, Me) :: null <- measured(Need) then a(overloaded(Need), Me)
  a(overloaded(Need), Me) ::
    a(chooser(Need, Choice), Me) then null <- Choice = [_, _] then a(host, Me)
  a(chooser(Need, Choice), Me) :: null <- Choice = [Need | Rest] and Rest = [more]
`;

const sensor: ConstraintSpec = {
  name: 'measured',
  modes: ['-'],
  kind: 'wait',
  summary: 'the host was measured',
};

const CHANGES = 1_000_000;
const CHANGES_PER_TURN = 3;
const TURNS = Math.ceil(CHANGES / CHANGES_PER_TURN);
const GOAL_MIB = 5;

export async function run(): Promise<readonly Row[]> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  return [inPlace(collect), stepped(collect)];
}

/** As the net drives an agent: changed in place. */
function inPlace(collect: () => void): Row {
  const net = new InMemoryNet(compile(parseModel(model), constraintTable([sensor])));
  net.start({ id: 'host', role: 'host' });
  return measure({
    what: 'a host in memory, 1,000,000 role changes',
    turn: (number) => net.answer('host', number, { yes: [number % 10] }),
    size: () => encodeState(net.state('host')).length,
    collect,
  });
}

/** As the saving loop drives it: a new state with each step. */
function stepped(collect: () => void): Row {
  const program = compile(parseModel(model), constraintTable([sensor]));
  let { state } = startAgent(program, { id: 'host', role: 'host' }, 0);
  return measure({
    what: 'a host by pure steps, 1,000,000 role changes',
    turn: (number) => {
      const answer = { yes: [number % 10] };
      state = step(state, { kind: 'answer', ask: number, answer }, number).state;
    },
    size: () => encodeState(state).length,
    collect,
  });
}

interface Loop {
  readonly what: string;
  readonly turn: (number: number) => void;
  readonly size: () => number;
  readonly collect: () => void;
}

function measure({ what, turn, size, collect }: Loop): Row {
  const warm = 10_000;
  for (let number = 1; number <= warm; number += 1) turn(number);
  // What differs between turns is the number of the next question, which grows by a digit.
  const sizeBefore = size();
  collect();
  const heapBefore = process.memoryUsage().heapUsed;
  const startMs = performance.now();
  for (let number = warm + 1; number <= warm + TURNS; number += 1) turn(number);
  const seconds = (performance.now() - startMs) / 1_000;
  collect();
  const figure = (process.memoryUsage().heapUsed - heapBefore) / 1_048_576;
  const grown = size() - sizeBefore;
  return {
    what,
    figure,
    unit: 'MiB heap growth',
    goal: `< ${GOAL_MIB}, state of constant size`,
    met: figure < GOAL_MIB && grown <= DIGITS,
    reference: `saved state ${sizeBefore} characters before, ${sizeBefore + grown} after`,
    conditions: `${Math.round(CHANGES / seconds / 1_000)} thousand changes/s; heap after a collection`,
  };
}

/** The numbers of questions, mails and so on may have each one digit more. */
const DIGITS = 6;

if (import.meta.main) print(await run());
