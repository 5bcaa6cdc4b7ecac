/** What a machine takes of a host, or a host has left. */
export interface Room {
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
}

export const noRoom: Room = { cpus: 0, memoryMiB: 0, diskGiB: 0 };

export function minus(a: Room, b: Room): Room {
  return {
    cpus: a.cpus - b.cpus,
    memoryMiB: a.memoryMiB - b.memoryMiB,
    diskGiB: a.diskGiB - b.diskGiB,
  };
}

/** How many machines of one size a host with this much room can take; never negative. */
export function fits(machine: Room, free: Room): number {
  const most = Math.min(
    Math.floor(free.cpus / machine.cpus),
    Math.floor(free.memoryMiB / machine.memoryMiB),
    machine.diskGiB > 0 ? Math.floor(free.diskGiB / machine.diskGiB) : Number.POSITIVE_INFINITY,
  );
  return Math.max(0, most);
}
