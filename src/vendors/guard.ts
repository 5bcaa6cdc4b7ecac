/**
 * The edge to vendors: whatever a plugin does, the host gets parsed values, Failures with a
 * VendorCode, and an end. A plugin's own mistake becomes a Bug that names the plugin.
 */
import { Edge, type GuardOptions } from './edge.ts';
import { malformed, parseBinding, parseReply, replies, type Source } from './reply.ts';
import type {
  Call,
  Contract,
  Measurement,
  Move,
  MoveProgress,
  MoveSource,
  MoveTarget,
  Ticket,
  Vendor,
} from './vendor.ts';

/** The vendor behind its guard. Its optional roles are those it has now (V2). */
export function guarded(
  vendor: Vendor & AsyncDisposable,
  options: GuardOptions,
): Vendor & AsyncDisposable {
  const edge = new Edge(options);
  if (vendor.api !== 1 || vendor.name !== options.name) {
    const found = `api ${String(vendor.api)}, name ${String(vendor.name)}`;
    throw malformed(edge.source('open'), '', found);
  }
  return {
    api: 1,
    name: options.name,
    ...negotiating(vendor, edge),
    ...running(vendor, edge),
    ...roles(vendor, edge),
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  };
}

function negotiating(vendor: Vendor, edge: Edge): Pick<Vendor, 'describe' | 'bid' | 'accept'> {
  return {
    describe: (call) =>
      edge.ask({ method: 'describe', call }, async (inner, source) =>
        parseReply(replies.description, await vendor.describe(inner), source),
      ),
    bid: (cfp, call) =>
      edge.ask({ method: 'bid', call }, async (inner, source) =>
        parseBid(await vendor.bid(cfp, inner), cfp.objective.name, source),
      ),
    accept: (proposal, unit, call) =>
      edge.ask({ method: 'accept', call }, async (inner, source) => {
        const contract = await vendor.accept(proposal, unit, inner);
        const { id, unit: signed } = parseReply(replies.contract, contract, source);
        if (signed !== unit) throw malformed(source, 'unit', `${signed}, asked ${unit}`);
        return { id, proposal, unit } satisfies Contract;
      }),
  };
}

function running(
  vendor: Vendor,
  edge: Edge,
): Pick<Vendor, 'bind' | 'withdraw' | 'contracts' | 'measure'> {
  return {
    bind: (contract, call) =>
      edge.ask({ method: 'bind', call, pace: 'machine' }, async (inner, source) =>
        parseBinding(await vendor.bind(contract, inner), contract, source),
      ),
    withdraw: (contract, call) =>
      edge.ask({ method: 'withdraw', call, pace: 'machine' }, async (inner) => {
        await vendor.withdraw(contract, inner);
      }),
    contracts: (call) =>
      edge.each(
        { method: 'contracts', call },
        (inner) => vendor.contracts(inner),
        (value, source) => parseReply(replies.held, value, source),
      ),
    measure: (bindings, metrics, call) => {
      const asked = new Set<string>(metrics);
      const bound = new Set<string>(bindings.map(({ contract }) => contract));
      return edge.each(
        { method: 'measure', call },
        (inner) => vendor.measure(bindings, metrics, inner),
        (value, source): Measurement => {
          const measurement = parseReply(replies.measurement, value, source);
          const { contract, metric } = measurement;
          if (!asked.has(metric)) throw malformed(source, 'metric', `${metric}, not asked`);
          if (!bound.has(contract)) throw malformed(source, 'contract', `${contract}, not asked`);
          return measurement;
        },
      );
    },
  };
}

function roles(vendor: Vendor, edge: Edge): Pick<Vendor, 'moveSource' | 'moveTarget' | 'hosts'> {
  const { moveSource, moveTarget, hosts } = vendor;
  return {
    ...(moveSource === undefined ? {} : { moveSource: leaving(moveSource, edge) }),
    ...(moveTarget === undefined ? {} : { moveTarget: arriving(moveTarget, edge) }),
    ...(hosts === undefined
      ? {}
      : {
          hosts: {
            list: (call: Call) =>
              edge.each(
                { method: 'hosts.list', call },
                (inner) => hosts.list(inner),
                (value, source) => parseReply(replies.host, value, source),
              ),
          },
        }),
  };
}

function leaving(moves: MoveSource, edge: Edge): MoveSource {
  return {
    offers: (contract, call) =>
      edge.ask({ method: 'moveSource.offers', call }, async (inner, source) =>
        parseReply(replies.offers, await moves.offers(contract, inner), source),
      ),
    transfer: (move, ticket, call) => transferred(moves, edge, { move, ticket, call }),
    release: (move, call) =>
      edge.ask({ method: 'moveSource.release', call }, async (inner) => {
        await moves.release(move, inner);
      }),
    resume: (move, call) =>
      edge.ask({ method: 'moveSource.resume', call }, async (inner) => {
        await moves.resume(move, inner);
      }),
  };
}

interface Transfer {
  readonly move: Move;
  readonly ticket: Ticket;
  readonly call: Call;
}

/** The host acts on the last report, so one must come, and it must say where the guest is. */
async function* transferred(
  moves: MoveSource,
  edge: Edge,
  { move, ticket, call }: Transfer,
): AsyncIterable<MoveProgress> {
  const method = 'moveSource.transfer';
  let guest: MoveProgress['guest'] = 'running';
  const reports = edge.each(
    { method, call, pace: 'transfer' },
    (inner) => moves.transfer(move, ticket, inner),
    (value, source) => parseReply(replies.progress, value, source),
  );
  for await (const report of reports) {
    guest = report.guest;
    yield report;
  }
  if (guest === 'running') {
    throw malformed(edge.source(method), 'guest', 'it ended neither paused nor arrived');
  }
}

function arriving(moves: MoveTarget, edge: Edge): MoveTarget {
  return {
    offers: (objective, call) =>
      edge.ask({ method: 'moveTarget.offers', call }, async (inner, source) =>
        parseReply(replies.offers, await moves.offers(objective, inner), source),
      ),
    prepare: (move, call) =>
      edge.ask({ method: 'moveTarget.prepare', call }, async (inner, source) =>
        parseReply(replies.ticket, await moves.prepare(move, inner), source),
      ),
    commit: (move, call) =>
      edge.ask({ method: 'moveTarget.commit', call }, async (inner, source) =>
        parseBinding(await moves.commit(move, inner), move.target, source),
      ),
    discard: (move, call) =>
      edge.ask({ method: 'moveTarget.discard', call }, async (inner) => {
        await moves.discard(move, inner);
      }),
  };
}

function parseBid(
  answer: unknown,
  objective: string,
  source: Source,
): Awaited<ReturnType<Vendor['bid']>> {
  if (!Array.isArray(answer)) {
    const refusal = parseReply(replies.refusal, answer, source);
    requireOwn(refusal, objective, source);
    return refusal;
  }
  const proposals = parseReply(replies.proposals, answer, source);
  for (const proposal of proposals) requireOwn(proposal, objective, source);
  return proposals;
}

function requireOwn(
  { vendor, objective }: { readonly vendor: string; readonly objective: string },
  asked: string,
  source: Source,
): void {
  if (vendor !== source.vendor) throw malformed(source, 'vendor', vendor);
  if (objective !== asked) throw malformed(source, 'objective', `${objective}, asked ${asked}`);
}
