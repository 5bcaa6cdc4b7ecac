import { failure } from '../../base/failure.ts';
import type { Call } from '../vendor.ts';
import { type Cloud, pause } from './cloud.ts';
import type { Fault, Method } from './fault-settings.ts';

/** What goes wrong in this call. */
export type Strikes = readonly Fault[];

export function strikes(met: Strikes, kind: Fault['kind']): boolean {
  return met.some((fault) => fault.kind === kind);
}

/** Runs one method with its faults around it; those that only it can play are handed to it. */
export async function withFaults<T>(
  cloud: Cloud,
  { on, call }: { readonly on: Method; readonly call: Call },
  act: (met: Strikes) => Promise<T>,
): Promise<T> {
  const met = await begin(cloud, on, call);
  const result = await act(met);
  end(cloud, on, met);
  return result;
}

/** The same for a method that answers bit by bit. */
export async function* streamWithFaults<T>(
  cloud: Cloud,
  { on, call }: { readonly on: Method; readonly call: Call },
  act: () => AsyncIterable<T> | Promise<Iterable<T>>,
): AsyncIterable<T> {
  const met = await begin(cloud, on, call);
  const answer = act();
  for await (const element of Symbol.asyncIterator in answer ? answer : await answer) {
    yield element;
    if (strikes(met, 'answers-twice')) yield element;
  }
  end(cloud, on, met);
}

async function begin(cloud: Cloud, on: Method, call: Call): Promise<Strikes> {
  await pause(cloud, 0, call);
  const met = await meet(cloud, on, call);
  for (const fault of met) if (fault.kind === 'slow') await pause(cloud, fault.ms, call);
  if (strikes(met, 'silent')) await silence(cloud, call);
  if (strikes(met, 'unreachable')) throw unreachableNow(cloud, on, {});
  return met;
}

function end(cloud: Cloud, on: Method, met: Strikes): void {
  if (strikes(met, 'loses-answer')) {
    throw unreachableNow(cloud, on, { leftBehind: `${on} may have been done` });
  }
}

/** Counted in the state file, so that "once" is once for all processes together. */
function meet({ settings, ledger }: Cloud, on: Method, call: Call): Promise<Strikes> {
  const possible = settings.faults.flatMap((fault, index) =>
    fault.kind !== 'list-lag' && fault.on === on
      ? [{ fault, key: `${index} ${JSON.stringify(fault)}` }]
      : [],
  );
  if (possible.length === 0) return Promise.resolve([]);
  return ledger.database.write(call, () =>
    possible
      .filter(({ fault: { times = Number.POSITIVE_INFINITY, after }, key }) => {
        const before = ledger.meet(key);
        return before >= after && before < after + times;
      })
      .map(({ fault }) => fault),
  );
}

/** Until the call is aborted. Like an open connection, it keeps the process from ending. */
async function silence(cloud: Cloud, call: Call): Promise<void> {
  const connection = setInterval(() => undefined, 60_000);
  try {
    await new Promise<void>((resolve) => {
      call.signal.addEventListener('abort', () => resolve(), { once: true });
      if (call.signal.aborted) resolve();
    });
  } finally {
    clearInterval(connection);
  }
  await pause(cloud, 0, call);
}

function unreachableNow(
  { name }: Cloud,
  on: Method,
  left: { readonly leftBehind?: string },
): Error {
  return failure('VENDOR.UNREACHABLE', `${name} did not answer ${on}`, {
    retry: 'later',
    facts: { method: on },
    ...left,
  });
}
