/**
 * Seconds of processor time that some work takes, its garbage collection included: what it would
 * take one core. Other than the time on the clock it does not grow with what else the machine does.
 */
export function coreSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}
