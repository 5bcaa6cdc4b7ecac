import type { Money } from './money.ts';

/** One named element of a template: `count` machines of one shape, won by one or more vendors. */
export interface Objective {
  /** Its key in the template, such as `web`. */
  readonly name: string;
  readonly count: number;
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
  /** Absent: any. */
  readonly networkMbps?: number;
  readonly image: string;
  readonly place: Place;
  readonly promises: readonly ServicePromise[];
  /** Bounds within which the objective may be renegotiated without asking the user. */
  readonly amend: readonly Amendment[];
}

/** Where the machines of an objective may and may not run. */
export interface Place {
  /** No two machines of the objective on one host, in one site, or at one vendor. */
  readonly apart?: 'host' | 'site' | 'vendor';
  /** All machines of the objective in one site, or at one vendor. */
  readonly together?: 'site' | 'vendor';
  /** Every machine within this round-trip time of every machine of another objective. */
  readonly near?: { readonly objective: string; readonly withinMs: number };
  /** Site patterns with `*`; empty means any. */
  readonly sites: readonly string[];
  /** Vendor instance names; empty means any. */
  readonly vendors: readonly string[];
  /** Vendor instance names or site patterns that are out of the question. */
  readonly not: readonly string[];
}

/** A service-level objective: an indicator, a bound, a window, and what breaking it costs. */
export interface ServicePromise {
  readonly metric: PromiseMetric;
  readonly bound: 'atLeast' | 'atMost';
  /** In the metric's unit. */
  readonly value: number;
  readonly windowMs: number;
  /** Share of the objective's price that a violated window gives back. */
  readonly penaltyPercent?: number;
}

export interface Amendment {
  readonly parameter: 'cpus' | 'memoryMiB' | 'diskGiB' | 'networkMbps';
  readonly upTo: number;
  /** Most that the price per hour of one machine may rise for it; absent: the price stays. */
  readonly pricePerHourAtMost?: Money;
}

/** What a vendor measures. The unit belongs to the metric: see docs/vendor-contract.md. */
export type Metric =
  | 'cpu.used'
  | 'cpu.steal'
  | 'memory.used'
  | 'disk.read'
  | 'disk.write'
  | 'net.in'
  | 'net.out'
  | 'power'
  | 'reachable'
  | 'host.cpu.used'
  | 'host.memory.used'
  | 'bench.cpu'
  | 'bench.disk'
  | 'bench.net'
  | 'ssh.latency';

/** `availability` (per cent of the window) is computed from `power` and `reachable`. */
export type PromiseMetric = Metric | 'availability';
