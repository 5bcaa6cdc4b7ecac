import { expect, test } from 'vitest';
import { id, type MoveId } from '../../../src/sla/ids.ts';
import { anywhere, call, cfp, codeOf, held, Lab, proposals, sign } from './fixture.ts';

const always = (kind: string, on: string): object => ({ faults: [{ kind, on }] });
const once = (kind: string, on: string): object => ({ faults: [{ kind, on, times: 1 }] });

test('slow: the answer comes, but only after its time', async () => {
  await using lab = new Lab();
  const vendor = await lab.open({ faults: [{ kind: 'slow', on: 'bid', ms: 700 }] });
  const before = lab.nowMs;
  await proposals(vendor);
  expect(lab.nowMs - before).toBe(700);
});

test('silent: nothing comes until the caller gives up', async () => {
  await using lab = new Lab();
  const vendor = await lab.open(always('silent', 'bid'));
  const abort = new AbortController();
  const answer = vendor.bid(cfp(), call('talk', abort.signal));
  expect(await Promise.race([answer, Promise.resolve('nothing')])).toBe('nothing');
  abort.abort();
  expect(await codeOf(answer)).toBe('VENDOR.ABORTED');
});

test('silent, and given up by a deadline, is VENDOR.TIMEOUT', async () => {
  await using lab = new Lab();
  const vendor = await lab.open(always('silent', 'accept'));
  const [proposal] = await proposals(vendor);
  const work = vendor.accept(proposal, 0, call('talk', AbortSignal.timeout(5)));
  expect(await codeOf(work)).toBe('VENDOR.TIMEOUT');
  expect(await held(vendor)).toEqual([]);
});

test('unreachable: nothing was done', async () => {
  await using lab = new Lab();
  const vendor = await lab.open(once('unreachable', 'accept'));
  const [proposal] = await proposals(vendor);
  await expect(vendor.accept(proposal, 0, call())).rejects.toMatchObject({
    code: 'VENDOR.UNREACHABLE',
    retry: 'later',
  });
  expect(await held(vendor)).toEqual([]);
  await vendor.accept(proposal, 0, call());
});

test('loses-answer: it was done, and repeating it finds it done', async () => {
  await using lab = new Lab();
  const faults = ['accept', 'bind', 'withdraw'].map((on) => ({
    kind: 'loses-answer',
    on,
    times: 1,
  }));
  const vendor = await lab.open({ faults });
  const [proposal] = await proposals(vendor);
  expect(await codeOf(vendor.accept(proposal, 0, call()))).toBe('VENDOR.UNREACHABLE');
  const [lost] = await held(vendor);
  const contract = await vendor.accept(proposal, 0, call());
  expect(contract.id).toBe(lost);
  expect(await codeOf(vendor.bind(contract, call()))).toBe('VENDOR.UNREACHABLE');
  const [running] = await Array.fromAsync(vendor.contracts(call()));
  expect(running?.state).toBe('running');
  await vendor.bind(contract, call());
  expect(await codeOf(vendor.withdraw(contract.id, call()))).toBe('VENDOR.UNREACHABLE');
  expect(await held(vendor)).toEqual([]);
  await vendor.withdraw(contract.id, call());
});

test('refuses: a reasoned no', async () => {
  await using lab = new Lab();
  const answer = await (await lab.open(always('refuses', 'bid'))).bid(cfp(), call());
  expect(answer).toMatchObject({ kind: 'refusal', reason: 'policy', vendor: 'p' });
});

test('forgets, on accept: the contract is answered and then unknown', async () => {
  await using lab = new Lab();
  const vendor = await lab.open(once('forgets', 'accept'));
  const contract = await sign(vendor);
  expect(await held(vendor)).toEqual([]);
  expect(await codeOf(vendor.bind(contract, call()))).toBe('VENDOR.CONTRACT_UNKNOWN');
});

test('forgets, on bind: the machine is gone behind its binding', async () => {
  await using lab = new Lab();
  const vendor = await lab.open(once('forgets', 'bind'));
  const contract = await sign(vendor);
  const binding = await vendor.bind(contract, call());
  expect(await held(vendor)).toEqual([]);
  expect(await Array.fromAsync(vendor.measure([binding], ['power'], call()))).toEqual([]);
});

test('price-moved: both prices are told, and nothing is signed', async () => {
  await using lab = new Lab();
  const vendor = await lab.open(once('price-moved', 'accept'));
  const [proposal] = await proposals(vendor);
  await expect(vendor.accept(proposal, 0, call())).rejects.toMatchObject({
    code: 'VENDOR.PRICE_MOVED',
    facts: { acceptedMicros: 62_000, nowMicros: 68_200 },
  });
  expect(await held(vendor)).toEqual([]);
});

test('capacity-gone: signed, but it cannot start; the contract stands until withdrawn', async () => {
  await using lab = new Lab();
  const vendor = await lab.open(once('capacity-gone', 'bind'));
  const contract = await sign(vendor);
  await expect(vendor.bind(contract, call())).rejects.toMatchObject({
    code: 'VENDOR.CAPACITY_GONE',
    leftBehind: 'the contract is still signed',
  });
  const [left] = await Array.fromAsync(vendor.contracts(call()));
  expect(left?.state).toBe('signed');
});

test('answers-twice: every element of the answer comes twice', async () => {
  await using lab = new Lab();
  const faults = ['bid', 'contracts', 'hosts', 'measure'].map((on) => ({
    kind: 'answers-twice',
    on,
  }));
  const vendor = await lab.open({ faults });
  expect(await proposals(vendor)).toHaveLength(4);
  const contract = await sign(vendor);
  const binding = await vendor.bind(contract, call());
  expect(await held(vendor)).toEqual([contract.id, contract.id]);
  expect(await Array.fromAsync(vendor.hosts?.list(call()) ?? [])).toHaveLength(4);
  expect(await Array.fromAsync(vendor.measure([binding], ['power'], call()))).toHaveLength(2);
});

test('list-lag by listings: a new contract is missing from so many lists', async () => {
  await using lab = new Lab();
  const vendor = await lab.open({ faults: [{ kind: 'list-lag', listings: 2 }] });
  const contract = await sign(vendor);
  const binding = await vendor.bind(contract, call());
  expect(await Array.fromAsync(vendor.measure([binding], ['power'], call()))).toEqual([]);
  expect(await held(vendor)).toEqual([]);
  expect(await held(vendor)).toEqual([]);
  expect(await held(vendor)).toEqual([contract.id]);
});

test('list-lag by time: a new contract is missing from lists and hosts until then', async () => {
  await using lab = new Lab();
  const vendor = await lab.open({ faults: [{ kind: 'list-lag', ms: 500 }] });
  const contract = await sign(vendor);
  const onHosts = async (): Promise<readonly string[]> =>
    (await Array.fromAsync(vendor.hosts?.list(call()) ?? [])).flatMap(({ contracts }) => contracts);
  expect([await held(vendor), await onHosts()]).toEqual([[], []]);
  lab.nowMs += 500;
  expect([await held(vendor), await onHosts()]).toEqual([[contract.id], [contract.id]]);
});

test('a fault that happens once happens once for all processes together', async () => {
  await using lab = new Lab();
  const first = await lab.open(once('unreachable', 'describe'));
  const second = await lab.open(once('unreachable', 'describe'));
  expect(await codeOf(first.describe(call()))).toBe('VENDOR.UNREACHABLE');
  await second.describe(call());
  await first.describe(call());
});

test('a fault may leave the first calls alone', async () => {
  await using lab = new Lab();
  const faults = [{ kind: 'capacity-gone', on: 'bind', after: 1, times: 1 }];
  const vendor = await lab.open({ faults });
  const ask = cfp({ count: 2, place: { ...anywhere } });
  const [proposal] = await proposals(vendor, ask);
  const outcomes: string[] = [];
  for (const unit of [0, 1]) {
    const contract = await vendor.accept(proposal, unit, call());
    outcomes.push(
      await vendor.bind(contract, call()).then(
        () => 'bound',
        () => 'gone',
      ),
    );
  }
  expect(outcomes).toEqual(['bound', 'gone']);
});

test('every method can be hit, those of moving and measuring too', async () => {
  await using lab = new Lab();
  const methods = ['offers', 'prepare', 'transfer', 'commit', 'release', 'discard', 'resume'];
  const healthy = await lab.open();
  const contract = await sign(healthy);
  const binding = await healthy.bind(contract, call());
  const vendor = await lab.open({
    faults: [...methods, 'contracts', 'measure', 'hosts'].map((on) => ({
      kind: 'unreachable',
      on,
    })),
  });
  const { moveSource: source, moveTarget: target, hosts } = vendor;
  if (!source || !target || !hosts) expect.fail('it has no role in moving');
  const offer = { protocol: 'perfcloud/1', live: true, downtimeMsEstimate: 0 } as const;
  const move = { id: id<MoveId>('move'), source: contract, target: contract, offer };
  const calls = [
    source.offers(contract, call()),
    target.offers(cfp().objective, call()),
    target.prepare(move, call()),
    Array.fromAsync(source.transfer(move, new Uint8Array(), call())),
    target.commit(move, call()),
    source.release(move, call()),
    target.discard(move, call()),
    source.resume(move, call()),
    Array.fromAsync(vendor.contracts(call())),
    Array.fromAsync(vendor.measure([binding], ['power'], call())),
    Array.fromAsync(hosts.list(call())),
  ];
  const codes = await Promise.all(calls.map((work) => codeOf(work)));
  expect(new Set(codes)).toEqual(new Set(['VENDOR.UNREACHABLE']));
});
