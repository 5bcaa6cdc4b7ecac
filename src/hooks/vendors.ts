/** Our own drivers, by the same hook as third parties'. */
import type { VendorEntry } from '../vendors/vendor.ts';
import { ec2Entry } from '../vendors/ec2/entry.ts';
import { perfcloudEntry } from '../vendors/perfcloud/entry.ts';

const vendors = (): Promise<readonly VendorEntry[]> => Promise.resolve([perfcloudEntry, ec2Entry]);

export default vendors;
