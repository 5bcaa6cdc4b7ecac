import {
  CreateLaunchTemplateCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ContractId, id } from '../../src/sla/ids.ts';
import type { Contract } from '../../src/vendors/vendor.ts';
import {
  callOf,
  cfpOf,
  ec2Error,
  failureOf,
  type Lab,
  proposalsOf,
  signedBy,
  startLab,
} from './ec2-lab.ts';
import { allMachines, foreignMachine, oursAt, withMoto } from './moto.ts';

/** One machine, never two, whatever the provider or another process does meanwhile. */
withMoto(() => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
  });
  beforeEach(() => lab.renew());
  afterAll(() => lab[Symbol.asyncDispose]());

  const machineIds = async (): Promise<readonly (string | undefined)[]> =>
    (await oursAt(lab.moto)).machines.map(({ InstanceId }) => InstanceId);

  test('moto starts a second machine for the same token, so these tests mean something', async () => {
    const first = await foreignMachine(lab.moto, {}, 'same-token');
    const second = await foreignMachine(lab.moto, {}, 'same-token');
    expect(first).not.toBe(second);
  });

  test('a lost answer of RunInstances is looked for before it is asked again', async () => {
    await using vendor = await lab.open();
    const call = callOf();
    const contract = await signedBy(vendor, call);
    let lost = 0;
    lab.proxy.hooks = {
      interfere: ({ action }) => {
        if (action !== 'RunInstances' || lost > 0) return undefined;
        lost += 1;
        return { kind: 'lose-answer' };
      },
    };
    const { machine } = await vendor.bind(contract, call);
    expect(lab.proxy.count('RunInstances')).toBe(1);
    expect(await machineIds()).toEqual([machine]);
  });

  test('two processes that both saw no machine and both created one keep the same one', async () => {
    const call = callOf();
    await using first = await lab.open();
    await using second = await lab.open();
    const contract = await signedBy(first, call);
    // Both look before either creates: each waits at RunInstances for the other.
    const both = Promise.withResolvers<void>();
    let waiting = 0;
    lab.proxy.hooks = {
      before: async ({ action }) => {
        if (action !== 'RunInstances') return;
        waiting += 1;
        if (waiting === 2) both.resolve();
        await both.promise;
      },
    };
    const bindings = await Promise.all([first.bind(contract, call), second.bind(contract, call)]);
    expect(lab.proxy.count('RunInstances')).toBe(2);
    expect(bindings[0]).toEqual(bindings[1]);
    expect(await machineIds()).toEqual([bindings[0]?.machine]);
  });

  test('a machine that the list does not show yet is unknown, not gone', async () => {
    await using vendor = await lab.open();
    const call = callOf();
    const contract = await signedBy(vendor, call);
    let hidden = 0;
    lab.proxy.hooks = {
      interfere: ({ action }) => {
        if (action !== 'DescribeInstances' || hidden >= 3) return undefined;
        if (lab.proxy.count('RunInstances') === 0) return undefined;
        hidden += 1;
        return empty('DescribeInstances', 'reservationSet');
      },
    };
    const { machine } = await vendor.bind(contract, call);
    expect(hidden).toBe(3);
    expect(lab.proxy.count('RunInstances')).toBe(1);
    expect(await machineIds()).toEqual([machine]);
  });

  test('a contract that a list skips is ended all the same', async () => {
    await using vendor = await lab.open();
    const call = callOf();
    const contract = await signedBy(vendor, call);
    lab.proxy.hooks = {
      interfere: ({ action }) =>
        action === 'DescribeLaunchTemplates'
          ? empty('DescribeLaunchTemplates', 'launchTemplates')
          : undefined,
    };
    await vendor.withdraw(contract.id, call);
    lab.proxy.hooks = {};
    expect(await oursAt(lab.moto)).toEqual({ machines: [], templates: [] });
  });

  test('withdrawing waits out the time in which a machine may not be listed yet', async () => {
    await using vendor = await lab.open();
    const call = callOf();
    const contract = await signedBy(vendor, call);
    await vendor.bind(contract, call);
    lab.proxy.forget();
    lab.proxy.hooks = {
      interfere: ({ action, number }) =>
        action === 'DescribeInstances' && number < 4
          ? empty('DescribeInstances', 'reservationSet')
          : undefined,
    };
    await using next = await lab.open();
    await next.withdraw(contract.id, call);
    expect(await oursAt(lab.moto)).toEqual({ machines: [], templates: [] });
  });

  test('a machine that is started while its contract is withdrawn ends with it', async () => {
    const call = callOf();
    await using starter = await lab.open();
    await using ender = await lab.open();
    const contract = await signedBy(starter, call);
    lab.proxy.hooks = {
      // The withdrawal comes and goes after the machine was created and before that is answered.
      after: async ({ action, number }) => {
        if (action !== 'RunInstances' || number > 100) return;
        lab.proxy.hooks = {};
        await ender.withdraw(contract.id, call);
      },
    };
    const failure = await failureOf(starter.bind(contract, call));
    expect(failure.code).toBe('VENDOR.CONTRACT_UNKNOWN');
    expect(await oursAt(lab.moto)).toEqual({ machines: [], templates: [] });
  });

  test('a withdrawn contract cannot start a machine', async () => {
    await using vendor = await lab.open();
    const call = callOf();
    const contract = await signedBy(vendor, call);
    await vendor.withdraw(contract.id, call);
    const failure = await failureOf(vendor.bind(contract, call));
    expect(failure.code).toBe('VENDOR.CONTRACT_UNKNOWN');
    expect(lab.proxy.count('RunInstances')).toBe(0);
  });

  test('a machine that somebody ended is started again, once, while its contract stands', async () => {
    await using vendor = await lab.open();
    const call = callOf();
    const contract = await signedBy(vendor, call);
    const first = await vendor.bind(contract, call);
    await lab.moto.client.send(new TerminateInstancesCommand({ InstanceIds: [first.machine] }));
    const second = await vendor.bind(contract, call);
    expect(second.machine).not.toBe(first.machine);
    expect(await machineIds()).toEqual([second.machine]);
    const { Reservations = [] } = await lab.moto.client.send(new DescribeInstancesCommand({}));
    const tokens = Reservations.flatMap(({ Instances = [] }) => Instances).map(
      ({ ClientToken }) => ClientToken,
    );
    expect(new Set(tokens).size).toBe(2);
  });

  test('a machine that somebody stopped is started again', async () => {
    await using vendor = await lab.open();
    const call = callOf();
    const contract = await signedBy(vendor, call);
    const { machine } = await vendor.bind(contract, call);
    await lab.moto.client.send(new StopInstancesCommand({ InstanceIds: [machine] }));
    await using next = await lab.open();
    expect((await next.bind(contract, call)).machine).toBe(machine);
    const [running] = (await oursAt(lab.moto)).machines;
    expect(running?.State?.Name).toBe('running');
  });

  test('no room at EC2 is VENDOR.CAPACITY_GONE, and the shape is not offered again at once', async () => {
    await using vendor = await lab.open();
    const call = callOf();
    const contract = await signedBy(vendor, call);
    const { shape, site } = contract.proposal;
    lab.proxy.hooks = {
      interfere: ({ action }) =>
        action === 'RunInstances' ? ec2Error('InsufficientInstanceCapacity', 500) : undefined,
    };
    const failure = await failureOf(vendor.bind(contract, call));
    expect(failure.code).toBe('VENDOR.CAPACITY_GONE');
    expect(lab.proxy.count('RunInstances')).toBe(1);
    const again = await proposalsOf(vendor, call);
    expect(again.some((offer) => offer.shape === shape && offer.site === site)).toBe(false);
    expect(again.some((offer) => offer.shape === shape)).toBe(true);
  });

  test("others' machines and contracts are neither listed nor touched", async () => {
    await using vendor = await lab.open();
    await using other = await lab.open({}, 'aws-2');
    const call = callOf();
    const contract = await signedBy(vendor, call);
    const theirs = await signedBy(other, call);
    const { machine } = await vendor.bind(contract, call);
    const { machine: theirMachine } = await other.bind(theirs, call);
    const plain = await foreignMachine(lab.moto);
    const alike = await foreignMachine(lab.moto, {
      'skypact:contract': contract.id,
      'skypact:vendor': 'somebody',
    });
    const held = await Array.fromAsync(vendor.contracts(call));
    expect(held.map(({ id }) => id)).toEqual([contract.id]);
    await vendor.withdraw(contract.id, call);
    const left = (await allMachines(lab.moto)).map(({ InstanceId }) => InstanceId);
    expect(left).not.toContain(machine);
    expect(new Set(left)).toEqual(new Set([theirMachine, plain, alike]));
  });

  test('a pattern is no contract: nothing ends that was not named', async () => {
    await using vendor = await lab.open();
    const call = callOf();
    const contract = await signedBy(vendor, call);
    const { machine } = await vendor.bind(contract, call);
    for (const pattern of ['*', 'skypact-*', contract.id.replace(/.$/, '?')]) {
      await vendor.withdraw(id<ContractId>(pattern), call);
    }
    expect(await machineIds()).toEqual([machine]);
    expect((await oursAt(lab.moto)).templates).toEqual([contract.id]);
  });

  test('a template of our name that is not ours is left alone, and said', async () => {
    await using vendor = await lab.open();
    const call = callOf();
    const contract = await signedBy(vendor, call);
    await vendor.withdraw(contract.id, call);
    await lab.moto.client.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: contract.id,
        LaunchTemplateData: { InstanceType: 't3.micro' },
      }),
    );
    const failure = await failureOf(vendor.accept(contract.proposal, 0, call));
    expect(failure.code).toBe('VENDOR.REPLY_MALFORMED');
    await vendor.withdraw(contract.id, call);
    const { LaunchTemplates = [] } = await lab.moto.client.send(
      new DescribeLaunchTemplatesCommand({}),
    );
    expect(LaunchTemplates.map((left) => left.LaunchTemplateName)).toEqual([contract.id]);
  });

  test('more contracts than one page of a listing are all held, and all end', async () => {
    await using vendor = await lab.open();
    const call = callOf();
    const [proposal] = await proposalsOf(vendor, call, cfpOf({ count: 40 }));
    if (proposal === undefined) throw new Error('no proposal');
    const contracts: Contract[] = [];
    for (let unit = 0; unit < 40; unit += 1) {
      contracts.push(await vendor.accept(proposal, unit, call));
    }
    const held = await Array.fromAsync(vendor.contracts(call));
    expect(held.map(({ id }) => id).toSorted()).toEqual(contracts.map(({ id }) => id).toSorted());
    await Promise.all(contracts.map(({ id }) => vendor.withdraw(id, call)));
    expect(await oursAt(lab.moto)).toEqual({ machines: [], templates: [] });
  });
});

function empty(action: string, list: string): { kind: 'answer'; status: number; body: string } {
  const body = `<${action}Response xmlns="x"><requestId>0</requestId><${list}/></${action}Response>`;
  return { kind: 'answer', status: 200, body };
}
