import { formatGiB, formatMiB } from '../base/units.ts';
import type { VendorDescription } from '../vendors/vendor.ts';

export function describeText(name: string, description: VendorDescription): string {
  const { driver, version, sites, images, currency, largest, places, reserves, concedes } =
    description;
  const lines = [
    ['driver', `${driver} ${version}`],
    ['sites', sites.map((site) => site.name).join(', ')],
    ['images', shortened(images)],
    ['prices in', currency],
    [
      'largest',
      `${largest.cpus} vCPUs, ${formatMiB(largest.memoryMiB)}, disk ${formatGiB(largest.diskGiB)}`,
    ],
    ['places', places.join(', ') || 'none'],
    ['capacity', reserves ? 'is held when signed' : 'is found out at the start'],
    ['bargains', concedes ?? 'no'],
  ];
  return `${name}\n${lines.map(([key = '', value = '']) => `  ${key.padEnd(10)} ${value}\n`).join('')}`;
}

function shortened(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}
