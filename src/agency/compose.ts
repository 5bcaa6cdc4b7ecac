/** The only place that constructs: store, transport, vendors, solver and the agency over them. */
import type { Clock } from '../base/clock.ts';
import { failure, isFailure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { compile } from '../lcc/compile.ts';
import { parseModel } from '../lcc/parser.ts';
import type { Program } from '../lcc/program.ts';
import { explainLosers } from '../negotiation/compose/explain.ts';
import { negotiationTable } from '../negotiation/table.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Store, StoredConversation } from '../store/store.ts';
import { inProcessTransport } from '../transport/in-process.ts';
import type { Transport } from '../transport/transport.ts';
import type { Registry } from '../vendors/registry.ts';
import { Agency } from './agency.ts';
import { systemClock } from './clock.ts';
import { type Config, loadConfig } from './config.ts';
import { type Crashing, crashing, crashPlanOf } from './crash-points.ts';
import { isGone, thisHolder } from './holder.ts';
import { type ModelText, readModel } from './models.ts';
import { cloudAgencyHandlers } from './negotiation/cloud-agency-handlers.ts';
import { endingHandlers } from './negotiation/ending-handlers.ts';
import type { NegotiationPorts } from './negotiation/ports.ts';
import { recordHandlers } from './negotiation/record-handlers.ts';
import { vendorHandlers } from './negotiation/vendor-handlers.ts';
import { type Environment, type Paths, pathsOf } from './paths.ts';
import { groupCommit } from './run/group-commit.ts';
import type { Handler, Handlers } from './run/handlers.ts';
import type { RunEvent } from './run/loop.ts';
import { compose } from './solver/solver.ts';
import { type VendorPool, vendorPool } from './vendors.ts';

/** What differs between the program, the tests and a simulation. */
export interface Surroundings {
  readonly environment: Environment;
  readonly workingFolder: string;
  /** The drivers that plugins bring. */
  readonly registry: () => Promise<Registry>;
  readonly report?: (event: RunEvent) => void;
  readonly clock?: Clock;
  readonly transport?: () => Transport;
}

export interface Office extends AsyncDisposable {
  readonly agency: Agency;
  readonly store: Store;
  readonly vendors: VendorPool;
  readonly config: Config;
  readonly paths: Paths;
}

/** How long composing may look for a better choice or a proof. */
const composeLimitMs = 10_000;

export async function openOffice(surroundings: Surroundings): Promise<Office> {
  const { environment, workingFolder, clock = systemClock } = surroundings;
  const paths = pathsOf(environment, workingFolder);
  const config = await loadConfig(paths, environment);
  const crash = crashing(crashPlanOf(environment));
  const store = crash.store(await openSqliteStore({ path: paths.storeFile }));
  const vendors = vendorPool(
    config.vendors.map(({ value }) => value),
    surroundings.registry,
  );
  const programOf = programCache();
  const agency = new Agency({
    store,
    clock,
    holder: thisHolder(),
    isGone,
    leaseMs: leaseMsOf(environment),
    handlers: handlersOf({ store, clock, vendors, compose: composeWithReasons }, crash),
    commit: groupCommit(store),
    transport: surroundings.transport ?? inProcessTransport,
    programOf,
    report: surroundings.report ?? (() => undefined),
    modelText: (name) => runnable(name, programOf),
    newId: () => crypto.randomUUID(),
  });
  return {
    agency,
    store,
    vendors,
    config,
    paths,
    async [Symbol.asyncDispose]() {
      await vendors[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

const composeWithReasons: NegotiationPorts['compose'] = async (input, signal) => {
  const { composite, cheapest, fastest, sla } = await compose(input, {
    timeLimitMs: composeLimitMs,
    signal,
  });
  return {
    composite,
    ...(cheapest === undefined ? {} : { cheapest }),
    ...(fastest === undefined ? {} : { fastest }),
    lost: explainLosers(sla, composite, input.records),
  };
};

function handlersOf(ports: NegotiationPorts, crash: Crashing): Handlers {
  const all = [
    ...vendorHandlers(ports),
    ...recordHandlers(ports),
    ...endingHandlers(ports),
    ...cloudAgencyHandlers(ports),
  ];
  return new Map(
    all.map(([name, handler]): [string, Handler] => [
      name,
      {
        ...handler,
        handle: (asked, context) => crash.around(name, () => handler.handle(asked, context)),
      },
    ]),
  );
}

/** `SKYPACT_LEASE_MS`: longer where a disk or a machine may stand still for longer. */
function leaseMsOf(environment: Environment): number {
  const asked = Number(environment['SKYPACT_LEASE_MS']);
  return Number.isFinite(asked) && asked >= 100 ? asked : limits.leaseMs;
}

type ProgramOf = (model: Pick<StoredConversation, 'modelName' | 'modelText'>) => Program;

/** A conversation keeps the model text it began with; equal texts are compiled once. */
function programCache(): ProgramOf {
  const compiled = new Map<string, Program>();
  return ({ modelText, modelName }) => {
    const known = compiled.get(modelText);
    if (known !== undefined) return known;
    const program = compile(parseModel(modelText, { file: `${modelName}.lcc` }), negotiationTable);
    compiled.set(modelText, program);
    return program;
  };
}

/** A model that can be run: one that cannot must not begin a conversation that nobody can end. */
async function runnable(nameOrFile: string, programOf: ProgramOf): Promise<ModelText> {
  const model = await readModel(nameOrFile);
  try {
    programOf({ modelName: model.name, modelText: model.text });
    return model;
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    const { code, message, facts } = thrown;
    throw failure(code, `${model.file}: ${message}`, {
      facts: { ...facts, file: model.file },
      next: `skypact model check ${nameOrFile}`,
    });
  }
}
