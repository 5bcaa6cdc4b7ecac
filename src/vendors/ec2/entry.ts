import { failure } from '../../base/failure.ts';
import type { VendorEntry } from '../vendor.ts';
import { openDriver } from './driver.ts';
import { settings as schema } from './settings.ts';
import { systemClock } from './system-clock.ts';

/** Amazon EC2, and what speaks its protocol. Opening asks nobody: the first call connects. */
export const ec2Entry: VendorEntry = {
  api: 1,
  name: 'ec2',
  summary: 'Amazon EC2 and compatible endpoints: on-demand and spot',
  settings: schema,
  open: (name, given) => {
    const parsed = schema.safeParse(given);
    if (parsed.success) return Promise.resolve(openDriver(name, parsed.data, systemClock));
    const [issue] = parsed.error.issues;
    const what = `vendor ${name}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`;
    return Promise.reject(failure('VENDOR.SETTINGS_INVALID', what));
  },
};
