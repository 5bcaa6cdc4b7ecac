import { tactics } from '../../sla/tactics.ts';
import type { CallForProposals, Money } from '../vendor.ts';
import type { Settings } from './settings.ts';

/**
 * The price of this round in whole millionths, between the list price and the reservation price.
 *
 * A call names only the client's last price, and a bid keeps nothing (V3). So the client is taken
 * to have opened as far below the reservation price as the list price lies above it, and to have
 * come from there in equal steps, one in each round: that is what tit-for-tat and micro answer.
 */
export function priceOf(listMicros: number, cfp: CallForProposals, settings: Settings): Money {
  const { concedes, currency, reservationPercent } = settings;
  if (concedes === 'none') return { micros: listMicros, currency };
  const { round, rounds, counterPricePerHour: counter } = cfp;
  const reservation = (listMicros * reservationPercent) / 100;
  const opening = 2 * reservation - listMicros;
  const rise = counter?.currency === currency ? counter.micros - opening : 0;
  const steps = rise > 0 ? round : 0;
  const named = Array.from(
    { length: Math.min(steps, rounds) },
    (_, step) => opening + (rise * (step + 1)) / Math.min(steps, rounds),
  );
  const opponent = concedes === 'tit-for-tat' ? [opening, ...named] : named;
  const price = tactics[concedes]({ round, rounds, start: listMicros, reservation, opponent });
  return { micros: Math.ceil(price), currency };
}
