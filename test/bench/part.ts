import type { Cloud, TenantClients } from '../support/cloud.ts';

/** A number on the command line. */
export interface Size {
  default: number;
  meaning: string;
}

/** What a part works with. */
export interface Bench {
  cloud: Cloud;
  /** An account that parts share. */
  tenant: TenantClients;
  /** A number of the command line, by its name. */
  size: (name: string) => number;
  log: (line: string) => void;
}

/** A line of the report: what was measured, the figure with its aim, and the details under it. */
export type Row = [what: string, figure: string, details: string];

/** What came out: figures for --json, and lines for people. */
export interface Outcome {
  figures: Readonly<Record<string, unknown>>;
  rows: readonly Row[];
}

/** One of the comparisons. */
export interface Part {
  /** As --only names it. */
  name: string;
  /** Its own options; those of all parts together must have different names, but for common ones. */
  sizes: Readonly<Record<string, Size>>;
  /** Settings of an operator for this part alone. */
  environment?: Readonly<Record<string, string>>;
  /** While the controllers are at work. */
  withControllers?: (bench: Bench) => Promise<Outcome>;
  /** Takes samples of what was really made, for copies in the second half; while the controllers are at work. */
  withoutControllers?: (bench: Bench) => Promise<() => Promise<Outcome>>;
}

/** Options that several parts have. */
export const commonSizes = {
  pairs: { default: 2, meaning: 'pairs of rounds; the order within a pair changes from pair to pair' },
  'per-call': { default: 10, meaning: 'instances of one RunInstances call' },
  parallel: { default: 16, meaning: 'requests at a time when launching' },
} as const satisfies Record<string, Size>;

/** Seconds of some rounds, for people. */
export function secondsOf(rounds: readonly number[]): string {
  return `${rounds.map((seconds) => seconds.toFixed(1)).join(', ')} s`;
}

/** Counts by kind, for people. */
export function listOf(counts: Readonly<Record<string, number>>, digits = 2): string {
  return Object.entries(counts).map(([key, count]) => `${key} ${count.toFixed(digits)}`).join(', ');
}
