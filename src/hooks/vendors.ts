/** Our own drivers, by the same hook as third parties'. */

import { ec2Entry } from '../vendors/ec2/entry.ts';
import { perfcloudEntry } from '../vendors/perfcloud/entry.ts';
import type { VendorEntry } from '../vendors/vendor.ts';

const vendors = (): Promise<readonly VendorEntry[]> => Promise.resolve([perfcloudEntry, ec2Entry]);

export default vendors;
