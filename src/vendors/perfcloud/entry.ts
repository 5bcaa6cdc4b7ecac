import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { failure } from '../../base/failure.ts';
import type { VendorEntry } from '../vendor.ts';
import { openPerfcloud } from './perfcloud.ts';
import { settings as schema } from './settings.ts';

const machineClock: Clock = {
  nowMs: () => Date.now(),
  sleep: (delayMs, signal) => sleep(delayMs, undefined, signal === undefined ? {} : { signal }),
};

/** The driver that the hook `vendors` names: `vendor add NAME --driver perfcloud`. */
export const perfcloudEntry: VendorEntry = {
  api: 1,
  name: 'perfcloud',
  summary: 'a simulated provider with two sites, kept in a file',
  settings: schema,
  free: true,
  open: async (name, settings, call) => {
    const parsed = schema.safeParse(settings);
    if (parsed.success) {
      return openPerfcloud({ name, settings: parsed.data, clock: machineClock }, call);
    }
    throw failure('VENDOR.SETTINGS_INVALID', `${name}: ${z.prettifyError(parsed.error)}`);
  },
};
