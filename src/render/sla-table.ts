import { roughDuration } from '../base/units.ts';
import { formatPrice } from '../sla/money.ts';
import type { Sla } from '../sla/sla.ts';
import { table } from './table.ts';

/** What a line of `sla list` shows. */
export interface SlaLine extends Pick<Sla, 'id' | 'name' | 'state' | 'createdMs'> {
  readonly pricePerHourMicros: number;
  readonly currency: string;
  readonly machines: number;
}

export function slaTable(slas: readonly SlaLine[], nowMs: number): string {
  if (slas.length === 0) return 'No SLAs. Begin with: skypact sla negotiate FILE\n';
  return table(
    [
      { heading: 'ID' },
      { heading: 'NAME' },
      { heading: 'STATE' },
      { heading: 'MACHINES', align: 'right' },
      { heading: 'PRICE', align: 'right' },
      { heading: 'AGE', align: 'right' },
    ],
    slas.map((sla) => [
      sla.id,
      sla.name,
      sla.state,
      String(sla.machines),
      formatPrice({ micros: sla.pricePerHourMicros, currency: sla.currency }),
      roughDuration(nowMs - sla.createdMs),
    ]),
  );
}
