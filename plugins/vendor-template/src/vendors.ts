import type { VendorEntry } from 'skypact/vendor';
import { z } from 'zod';
import { Folder } from './folder.ts';
import { TemplateVendor } from './vendor.ts';

const settings = z.strictObject({
  folder: z.string().min(1).describe('Where contracts and machines are kept'),
});

/** The driver `template`: `skypact vendor add NAME --driver template --set folder=PATH`. */
export const template: VendorEntry = {
  api: 1,
  name: 'template',
  summary: 'a folder that holds contracts; copy it to begin your own vendor',
  settings,
  // Folders cost nothing. Leave it out where machines do: `vendor check` then asks first.
  free: true,
  open: async (name, checked) =>
    new TemplateVendor(name, new Folder(settings.parse(checked).folder)),
};

/** The oclif hook `vendors`: every driver that this package brings. */
export default async function vendors(): Promise<readonly VendorEntry[]> {
  return [template];
}
