/** Placement groups, which moto does not have, answered by the proxy in EC2's words. */
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { ec2Error } from './ec2-lab.ts';
import type { Interference, ProxiedRequest } from './http-proxy.ts';
import type { Moto } from './moto.ts';

export interface PlacementGroups {
  /** By name, the client tokens of the machines that were started in it. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  interfere(request: ProxiedRequest): Promise<Interference | undefined>;
}

/** Groups exist as long as the value does; a machine is in the group that RunInstances names. */
export function placementGroups({ client }: Pick<Moto, 'client'>): PlacementGroups {
  const groups = new Map<string, string[]>();

  const isEmpty = async (tokens: readonly string[]): Promise<boolean> => {
    const living = ['pending', 'running', 'stopping', 'stopped'];
    const Filters = [{ Name: 'instance-state-name', Values: living }];
    const { Reservations = [] } = await client.send(new DescribeInstancesCommand({ Filters }));
    return !Reservations.flatMap(({ Instances = [] }) => Instances).some(({ ClientToken = '' }) =>
      tokens.includes(ClientToken),
    );
  };

  const unanswered = (): Promise<undefined> => Promise.resolve(undefined);
  const answers: Readonly<
    Record<string, (name: string, request: ProxiedRequest) => Promise<Interference | undefined>>
  > = {
    DescribePlacementGroups: () =>
      Promise.resolve(done('DescribePlacementGroups', '<placementGroupSet/>')),
    CreatePlacementGroup: (name) => {
      if (groups.has(name)) return Promise.resolve(ec2Error('InvalidPlacementGroup.Duplicate'));
      groups.set(name, []);
      return Promise.resolve(done('CreatePlacementGroup', '<return>true</return>'));
    },
    DeletePlacementGroup: async (name) => {
      const tokens = groups.get(name);
      if (tokens === undefined) return ec2Error('InvalidPlacementGroup.Unknown');
      if (!(await isEmpty(tokens))) return ec2Error('InvalidPlacementGroup.InUse');
      groups.delete(name);
      return done('DeletePlacementGroup', '<return>true</return>');
    },
    RunInstances: (_, { parameters }) => {
      const name = parameters.get('Placement.GroupName');
      if (name === null) return Promise.resolve(undefined);
      const tokens = groups.get(name);
      if (tokens === undefined) return Promise.resolve(ec2Error('InvalidPlacementGroup.Unknown'));
      tokens.push(parameters.get('ClientToken') ?? '');
      return Promise.resolve(undefined);
    },
  };

  return {
    groups,
    interfere: (request) => {
      const answer = answers[request.action] ?? unanswered;
      return answer(request.parameters.get('GroupName') ?? '', request);
    },
  };
}

function done(action: string, content: string): Interference {
  const id = '<requestId>00000000-0000-0000-0000-000000000000</requestId>';
  const xmlns = 'http://ec2.amazonaws.com/doc/2016-11-15/';
  const body = `<${action}Response xmlns="${xmlns}">${id}${content}</${action}Response>`;
  return { kind: 'answer', status: 200, body };
}
