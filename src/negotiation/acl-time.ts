/**
 * FIPA's DateTime: `20260131T235959999Z`. A sign makes it relative to now, `+` ahead: years of 365
 * days and months of 30. Without a designator we read UTC, since agents need not share a clock's
 * zone; other designators than Z are refused. JADE writes Z in place of T as well.
 */

const dayMs = 86_400_000;
const unitsMs = [365 * dayMs, 30 * dayMs, dayMs, 3_600_000, 60_000, 1000, 1] as const;
const widths = [4, 2, 2, 2, 2, 2, 3] as const;
const DATE_TIME = /^([+-]?)(\d{4})(\d{2})(\d{2})[TZ](\d{2})(\d{2})(\d{2})(\d{3})Z?$/;

/** Milliseconds since the epoch, years 0 to 9999. */
export function dateTime(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[-:.]/g, '');
}

/** A time that long from when it is read; up to 9999 years of 365 days. */
export function relativeDateTime(aheadMs: number): string {
  let restMs = Math.abs(aheadMs);
  const digits = unitsMs.map((unitMs, index) => {
    const amount = Math.floor(restMs / unitMs);
    restMs -= amount * unitMs;
    return `${amount}`.padStart(widths[index] ?? 0, '0');
  });
  return `${aheadMs < 0 ? '-' : '+'}${digits.slice(0, 3).join('')}T${digits.slice(3).join('')}`;
}

/** The time in milliseconds since the epoch; `undefined` when the text is no DateTime. */
export function readDateTime(text: string, nowMs: number): number | undefined {
  const [, sign, ...digits] = DATE_TIME.exec(text) ?? [];
  if (sign === undefined) return undefined;
  if (sign !== '') {
    const aheadMs = digits.reduce(
      (sum, each, index) => sum + Number(each) * (unitsMs[index] ?? 0),
      0,
    );
    return sign === '+' ? nowMs + aheadMs : nowMs - aheadMs;
  }
  const [year, month, day, hour, minute, second, millis] = digits;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}Z`;
  const atMs = Date.parse(iso);
  // A day that its month does not have is taken for one of the next month.
  return Number.isNaN(atMs) || new Date(atMs).toISOString() !== iso ? undefined : atMs;
}
