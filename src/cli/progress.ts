/** Live progress on stderr: a line per objective on a terminal, plain lines elsewhere. */
import type { RunEvent } from '../agency/run/loop.ts';
import type { TracedMessage } from '../store/store.ts';

export interface Progress {
  readonly report: (event: RunEvent) => void;
  /** Clears what is live; plain lines stay. */
  readonly end: () => void;
}

/** The objective that a message is about stands in the name of the agent on either side. */
export function progressOf(stream: NodeJS.WriteStream, objectives: readonly string[]): Progress {
  const states = new Map(objectives.map((name) => [name, 'calling for proposals']));
  const live = stream.isTTY && process.env['TERM'] !== 'dumb';
  let drawn = 0;
  const clear = () => {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  const draw = () => {
    clear();
    const width = stream.columns || 80;
    // What has scrolled off a screen cannot be drawn over.
    const most = Math.max(1, (stream.rows || 24) - 2);
    const lines = [...states]
      .slice(0, most)
      .map(([name, state]) => `  ${name}: ${state}`.slice(0, width - 1));
    stream.write(lines.map((line) => `${line}\n`).join(''));
    drawn = lines.length;
  };
  const set = (objective: string, state: string) => {
    if (states.get(objective) === state) return;
    states.set(objective, state);
    if (live) draw();
    else stream.write(`${objective}: ${state}\n`);
  };
  if (live) draw();
  return {
    report: (event) => {
      const told = event.kind === 'message' ? stageOf(event.message) : stepOf(event);
      if (told !== undefined) set(told.objective, told.state);
    },
    end: clear,
  };
}

interface Told {
  readonly objective: string;
  readonly state: string;
}

function stageOf({ message: { name, from, to } }: TracedMessage): Told | undefined {
  const words = stages[name];
  const agent = [from.id, to.id].find((id) => id.startsWith('vendor:'));
  const [, vendor, objective] = agent?.split(':') ?? [];
  if (words === undefined || vendor === undefined || objective === undefined) return undefined;
  return { objective, state: `${vendor} ${words}` };
}

const stages: Readonly<Record<string, string>> = {
  propose: 'proposes',
  refuse: 'refuses',
  accept_proposal: 'is signing',
  request: 'is starting',
  inform_done: 'is done',
  failure: 'failed',
  cancel: 'is ending',
};

function stepOf(event: Extract<RunEvent, { kind: 'progress' }>): Told | undefined {
  const [role, vendor, objective] = event.agent.split(':');
  if (role !== 'vendor' || objective === undefined) return undefined;
  const prefix = `${objective}: `;
  const step = event.step.startsWith(prefix) ? event.step.slice(prefix.length) : event.step;
  return { objective, state: `${vendor}: ${step}` };
}
