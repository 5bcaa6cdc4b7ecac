/** A region of four types and three zones, and the market over it. */
import { type ConversationId, id } from '../../../src/sla/ids.ts';
import { type Catalogue, can, type Shape } from '../../../src/vendors/ec2/catalogue.ts';
import type { Market } from '../../../src/vendors/ec2/offers.ts';
import { type Settings, settings } from '../../../src/vendors/ec2/settings.ts';
import type { CallForProposals, Objective } from '../../../src/vendors/vendor.ts';

const usual = can.hvm | can.legacyBios | can.uefi | can.onDemand | can.spot | can.spread;

export function shape(name: string, changes: Partial<Shape> = {}): Shape {
  return {
    name,
    cpus: 2,
    memoryMiB: 8_192,
    arch: 'x86_64',
    networkMbps: 750,
    cpuSpeed: 1,
    can: usual,
    zones: 0b111,
    ...changes,
  };
}

export const catalogue: Catalogue = {
  zones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
  spread: true,
  shapes: [
    shape('t3.large', { cpuSpeed: 0.25, networkMbps: 512, can: usual | can.burst }),
    shape('m5.large'),
    shape('c5.xlarge', { cpus: 4, cpuSpeed: 1.2, networkMbps: 1_250, zones: 0b001 }),
    shape('m7g.large', { arch: 'arm64', cpuSpeed: 1.1 }),
  ],
  images: {
    'debian-12': [
      {
        ami: 'ami-0123456789abcdef0',
        arch: 'x86_64',
        needs: can.hvm,
        rootDevice: '/dev/xvda',
        rootGiB: 8,
        user: 'admin',
      },
    ],
  },
};

export function settingsOf(changes: Readonly<Record<string, unknown>> = {}): Settings {
  return settings.parse({ region: 'us-east-1', ...changes });
}

export function marketOf(
  changes: Partial<Market> = {},
  given: Readonly<Record<string, unknown>> = {},
): Market {
  return {
    name: 'aws',
    settings: settingsOf(given),
    catalogue,
    prices: {
      source: 'price book test',
      asOfMs: 0,
      microsPerHour: {
        't3.large': 83_200,
        'm5.large': 96_000,
        'c5.xlarge': 170_000,
        'm7g.large': 81_600,
      },
      diskMicrosPerGiBMonth: 73_000,
      addressMicrosPerHour: 5_000,
    },
    subnets: {},
    isGone: () => false,
    conversation: id<ConversationId>('talk'),
    nowMs: 1_000,
    ...changes,
  };
}

export function cfpOf(
  changes: Partial<Objective> = {},
  cfp: Partial<CallForProposals> = {},
): CallForProposals {
  const objective: Objective = {
    name: 'web',
    count: 2,
    cpus: 2,
    memoryMiB: 4_096,
    diskGiB: 20,
    image: 'debian-12',
    place: { sites: [], vendors: [], not: [] },
    promises: [],
    amend: [],
    ...changes,
  };
  return { objective, currency: 'USD', replyByMs: 61_000, round: 0, rounds: 1, ...cfp };
}
