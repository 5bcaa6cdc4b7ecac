import type { SettingsResult, VendorEntry } from 'skypact/vendor';
import { Cloud } from './cloud.ts';
import { faults, faultyVendor } from './faulty.ts';

/** One account for all instances of a process: the provider outlives them. */
const cloud = new Cloud();

/** The driver `faulty`, whose setting `fault` names the mistake that it makes. */
export const faulty: VendorEntry = {
  api: 1,
  name: 'faulty',
  summary: 'breaks one rule of the vendor contract on request',
  settings: { '~standard': { version: 1, vendor: 'skypact-vendor-faulty', validate } },
  open: async (name, settings) => faultyVendor(name, cloud, faultOf(settings)),
};

/** The oclif hook `vendors`. */
export default async function vendors(): Promise<readonly VendorEntry[]> {
  return [faulty];
}

function validate(settings: unknown): SettingsResult {
  const { fault }: { readonly fault?: unknown } = Object(settings);
  if (fault === undefined || isFault(fault)) return { value: { fault } };
  const known = Object.keys(faults).join('; ');
  return { issues: [{ path: ['fault'], message: `expected one of: ${known}` }] };
}

function faultOf(settings: unknown): string | undefined {
  const { fault }: { readonly fault?: unknown } = Object(settings);
  return isFault(fault) ? fault : undefined;
}

function isFault(name: unknown): name is string {
  return typeof name === 'string' && Object.hasOwn(faults, name);
}
