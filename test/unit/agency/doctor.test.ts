import { expect, test } from 'vitest';
import type { Office } from '../../../src/agency/compose.ts';
import { type Difference, examine, resumeAll } from '../../../src/agency/doctor.ts';
import { repair } from '../../../src/agency/doctor-repair.ts';
import type { VendorPool } from '../../../src/agency/vendors.ts';
import { type ContractId, type ConversationId, id, type SlaId } from '../../../src/sla/ids.ts';
import type { Sla } from '../../../src/sla/sla.ts';
import { callsFor } from '../../../src/vendors/conformance/kit.ts';
import type { Call } from '../../../src/vendors/vendor.ts';
import { homeWith, options, signal, small, template } from '../../support/office.ts';

const vendor = 'cloud';

function calling(conversation: string): Call {
  return { conversation: id<ConversationId>(conversation), signal, progress: () => undefined };
}

/** Long after every vendor's list has caught up. */
const later = { nowMs: () => Date.now() + 3_600_000 };

/** Signs a machine past the agency, as a crash would leave it. */
async function signed({ vendors }: Office, conversation: string): Promise<ContractId> {
  const call = calling(conversation);
  const opened = await vendors.open(vendor, call);
  const { possible } = callsFor(await opened.describe(call));
  const answer = await opened.bid({ ...possible, replyByMs: Date.now() + 60_000 }, call);
  const [proposal] = 'kind' in answer ? [] : answer;
  if (proposal === undefined) throw new Error('nothing was proposed');
  return (await opened.accept(proposal, 0, call)).id;
}

async function ended({ vendors }: Office, sla: Sla, machine: string): Promise<void> {
  const found = sla.machines.find(({ name }) => name === machine);
  if (found === undefined) throw new Error(`no ${machine}`);
  const opened = await vendors.open(vendor, calling('behind-our-back'));
  await opened.withdraw(found.contract, calling('behind-our-back'));
}

function begin(
  { store }: Office,
  conversation: string,
  { sla = 'nobody', modelText = '' } = {},
): Promise<void> {
  return store.begin(
    {
      id: id<ConversationId>(conversation),
      purpose: 'negotiate',
      sla: id<SlaId>(sla),
      modelName: 'negotiation',
      modelText,
      agents: [{ id: 'client', role: 'client', state: '' }],
      createdMs: Date.now(),
    },
    [],
  );
}

async function inOffice(
  work: (office: Office) => Promise<void>,
  clouds: Readonly<Record<string, object>> = { [vendor]: {} },
): Promise<void> {
  await using home = await homeWith(clouds);
  await using office = await home.office();
  await work(office);
}

const pair = template({ web: { ...small, count: 2 } });

function told({ differences }: { readonly differences: readonly Difference[] }) {
  return differences.map((difference) => ({
    kind: difference.kind,
    about:
      'machine' in difference
        ? difference.machine.name
        : 'vendor' in difference
          ? difference.vendor
          : difference.conversation,
  }));
}

test('machines that SLAs have, and their vendor too, are no difference', () =>
  inOffice(async (office) => {
    await office.agency.negotiate(pair, options(), signal);
    expect(await examine(office, signal, later)).toEqual({ held: { cloud: 2 }, differences: [] });
  }));

test('a contract that no SLA has is found, and ended by the repair', () =>
  inOffice(async (office) => {
    const contract = await signed(office, 'a-killed-process');
    const found = await examine(office, signal);
    expect(found.differences).toMatchObject([{ kind: 'leaked', vendor, held: { id: contract } }]);
    const fixing = { signal, nowMs: Date.now() };
    expect(await repair(office, found.differences, fixing)).toMatchObject({
      mended: [{ kind: 'leaked' }],
      left: [],
    });
    expect(await examine(office, signal)).toEqual({ held: { cloud: 0 }, differences: [] });
  }));

test('what a conversation in progress has signed is never reaped', () =>
  inOffice(async (office) => {
    await begin(office, 'in-progress');
    await signed(office, 'in-progress');
    expect((await examine(office, signal)).differences).toEqual([]);
  }));

test('what is signed under the transaction of an SLA that is being renegotiated is not, either', () =>
  inOffice(async (office) => {
    const sla = await office.agency.negotiate(pair, options(), signal);
    await signed(office, sla.transaction);
    expect(told(await examine(office, signal))).toEqual([{ kind: 'leaked', about: vendor }]);
    await begin(office, 'renegotiation', { sla: sla.id });
    expect(told(await examine(office, signal))).toEqual([]);
  }));

test('a negotiation that begins while vendors are asked is in progress, too', () =>
  inOffice(async (office) => {
    const vendors = meanwhile(office.vendors, async () => {
      await begin(office, 'just-begun');
      await signed(office, 'just-begun');
    });
    expect(await examine({ store: office.store, vendors }, signal)).toMatchObject({
      held: { cloud: 1 },
      differences: [],
    });
  }));

test('machines that come up after their vendor was asked are not gone', () =>
  inOffice(async (office) => {
    let before = false;
    const open: VendorPool['open'] = async (name, call) => {
      const opened = await office.vendors.open(name, call);
      return {
        ...opened,
        contracts: async function* () {
          const held = await Array.fromAsync(opened.contracts(call));
          if (!before) await office.agency.negotiate(pair, options(), signal);
          before = true;
          yield* held;
        },
      };
    };
    const found = await examine({ ...office, vendors: { ...office.vendors, open } }, signal, later);
    expect(found).toEqual({ held: { cloud: 0 }, differences: [] });
  }));

test('a machine that is gone is found, and its SLA goes on without it', () =>
  inOffice(async (office) => {
    const sla = await office.agency.negotiate(pair, options(), signal);
    await ended(office, sla, 'web-1');
    const found = await examine(office, signal, later);
    expect(told(found)).toEqual([{ kind: 'lost', about: 'web-1' }]);
    await repair(office, found.differences, { signal, nowMs: later.nowMs() });
    const [left] = await office.store.findSla(sla.id);
    expect(left).toMatchObject({ state: 'partial', reason: 'gone at their vendor: web-1' });
    expect(left?.machines.map(({ name }) => name)).toEqual(['web-2']);
    expect((await examine(office, signal, later)).differences).toEqual([]);
  }));

test('an SLA whose last machine is gone has ended', () =>
  inOffice(async (office) => {
    const sla = await office.agency.negotiate(pair, options(), signal);
    await ended(office, sla, 'web-1');
    await ended(office, sla, 'web-2');
    const { differences } = await examine(office, signal, later);
    await repair(office, differences, { signal, nowMs: later.nowMs() });
    expect((await office.store.findSla(sla.id))[0]).toMatchObject({ state: 'ended', machines: [] });
  }));

test('what is not listed just after it was signed is unknown, and is not forgotten', () =>
  inOffice(
    async (office) => {
      const sla = await office.agency.negotiate(pair, options(), signal);
      const found = await examine(office, signal);
      expect(told(found)).toEqual([
        { kind: 'unlisted', about: 'web-1' },
        { kind: 'unlisted', about: 'web-2' },
      ]);
      const { left, mended } = await repair(office, found.differences, {
        signal,
        nowMs: Date.now(),
      });
      expect({ left, mended }).toEqual({ left: found.differences, mended: [] });
      expect((await office.store.findSla(sla.id))[0]?.machines).toHaveLength(2);
    },
    { [vendor]: { faults: [{ kind: 'list-lag', ms: 600_000 }] } },
  ));

test('a vendor that cannot be asked is unknown, and the others are compared all the same', () =>
  inOffice(
    async (office) => {
      await signed(office, 'a-killed-process');
      const { held, differences } = await examine(office, signal);
      expect(held).toEqual({ cloud: 1 });
      expect(differences).toMatchObject([
        { kind: 'leaked', vendor: 'cloud' },
        { kind: 'unknown', vendor: 'down', failure: { code: 'VENDOR.UNREACHABLE' } },
      ]);
    },
    { [vendor]: {}, down: { faults: [{ kind: 'unreachable', on: 'contracts' }] } },
  ));

test('what could not be ended is left, with why', () =>
  inOffice(
    async (office) => {
      await signed(office, 'a-killed-process');
      const { differences } = await examine(office, signal);
      expect(await repair(office, differences, { signal, nowMs: Date.now() })).toMatchObject({
        mended: [],
        left: [{ kind: 'unknown', vendor, failure: { code: 'VENDOR.UNREACHABLE' } }],
      });
    },
    { [vendor]: { faults: [{ kind: 'unreachable', on: 'withdraw' }] } },
  ));

test('machines at a vendor that is not configured any more are told, and kept', () =>
  inOffice(async (office) => {
    await office.agency.negotiate(pair, options(), signal);
    const without = { ...office, vendors: { ...office.vendors, names: [] } };
    const found = await examine(without, signal, later);
    expect(told(found)).toEqual([
      { kind: 'unconfigured', about: 'web-1' },
      { kind: 'unconfigured', about: 'web-2' },
    ]);
    const { left } = await repair(without, found.differences, { signal, nowMs: Date.now() });
    expect(left).toEqual(found.differences);
  }));

const foreign = 'r(client, initial)\na(client, C) ::\n  null <- askedByNobodyHere()\n';
const broken = 'r(client, initial)\na(client, C) ::\n  null <- contractsOf("no request", _)\n';

test.each([
  ['whose model this version does not know', foreign],
  ['that a bug stops', broken],
])('a conversation %s keeps no other from going on', (_, modelText) =>
  inOffice(async (office) => {
    await begin(office, 'stuck', { modelText });
    const sla = await office.agency.negotiate(pair, options(), signal);
    expect(sla.state).toBe('ready');
    const { resumed, stuck } = await resumeAll(office.agency, signal);
    expect(resumed).toEqual([]);
    expect(stuck).toMatchObject([{ kind: 'stuck', conversation: 'stuck', purpose: 'negotiate' }]);
  }),
);

test('what a stuck conversation has signed is ended after it, by the repair', () =>
  inOffice(async (office) => {
    await begin(office, 'stuck', { modelText: foreign });
    await signed(office, 'stuck');
    expect(told(await examine(office, signal))).toEqual([]);
    const { stuck } = await resumeAll(office.agency, signal);
    const fixing = { signal, nowMs: Date.now() };
    expect(await repair(office, stuck, fixing)).toEqual({ mended: stuck, left: [] });
    expect((await resumeAll(office.agency, signal)).stuck).toEqual([]);
    const { differences } = await examine(office, signal);
    expect(differences).toMatchObject([{ kind: 'leaked' }]);
    await repair(office, differences, fixing);
    expect((await examine(office, signal)).held).toEqual({ cloud: 0 });
  }));

test('a model that cannot be run begins no conversation', () =>
  inOffice(async (office) => {
    const negotiated = office.agency.negotiate(pair, options({ model: 'pull' }), signal);
    await expect(negotiated).rejects.toMatchObject({ code: 'LCC.CONSTRAINT_UNKNOWN' });
    const withdrawn = office.agency.negotiate(pair, options({ model: 'withdrawal' }), signal);
    await expect(withdrawn).rejects.toMatchObject({ code: 'MODEL.WRONG_KIND' });
    expect(await office.store.unfinished()).toEqual([]);
  }));

/** The pool, where something happens before a vendor says what it holds. */
function meanwhile(pool: VendorPool, happens: () => Promise<void>): VendorPool {
  return {
    ...pool,
    open: async (name, call) => {
      if (call.conversation === 'doctor') await happens();
      return pool.open(name, call);
    },
  };
}
