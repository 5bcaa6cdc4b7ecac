import type { Vendor } from 'skypact/vendor';
import type { Cloud } from '../cloud.ts';
import type { CompleteVendor } from '../vendor.ts';

/** Makes one mistake: what it gives stands in for those members of a correct vendor. */
type Fault = (correct: CompleteVendor, cloud: Cloud) => Partial<Vendor>;

/** Mistakes by name; a name begins with the rule that the mistake breaks. */
export type Faults = Readonly<Record<string, Fault>>;
