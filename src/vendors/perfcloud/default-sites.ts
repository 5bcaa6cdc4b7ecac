import type { HostClass, SiteSettings } from './sites.ts';

/** A host of the middle: the other classes say how they differ. */
const standard: HostClass = {
  class: 'standard',
  count: 6,
  cpus: 32,
  memoryMiB: 131_072,
  diskGiB: 2_000,
  networkMbps: 10_000,
  cpuSpeed: 1,
  priceFactor: 1,
  stealPercent: 5,
  loadPercent: 30,
};

/**
 * A market worth choosing from: the north is dearer, faster and safer than the south. Round-trip
 * times are of the order of those between the regions of the public clouds nearby.
 */
export const defaultSites: readonly SiteSettings[] = [
  {
    name: 'eu-north',
    priceFactor: 1.1,
    availabilityPercent: 99.95,
    latencyMs: { 'eu-north': 0.5, 'eu-south': 34, 'eu-north-1': 3, 'eu-central-1': 22 },
    hosts: [
      {
        ...standard,
        class: 'fast',
        count: 4,
        cpuSpeed: 1.4,
        priceFactor: 1.3,
        stealPercent: 2,
        loadPercent: 20,
      },
      standard,
    ],
  },
  {
    name: 'eu-south',
    priceFactor: 0.9,
    availabilityPercent: 99.9,
    latencyMs: { 'eu-south': 0.5, 'eu-north': 34, 'eu-south-1': 4, 'eu-central-1': 14 },
    hosts: [
      { ...standard, loadPercent: 40 },
      {
        ...standard,
        class: 'eco',
        count: 4,
        networkMbps: 1_000,
        cpuSpeed: 0.7,
        priceFactor: 0.7,
        stealPercent: 15,
        loadPercent: 50,
      },
    ],
  },
];
