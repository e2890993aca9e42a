import type { Datapoint } from './metrics-source.ts';
import { MetricsUnavailable } from './metrics-source.ts';

/** Asks a Prometheus. */
export interface Prometheus {
  /** Values of an expression with a single series (the first one of several), one each `stepSeconds`, times in milliseconds. @throws MetricsUnavailable */
  range(expression: string, fromMilliseconds: number, toMilliseconds: number, stepSeconds: number): Promise<Datapoint[]>;
}

const TIMEOUT_MILLISECONDS = 10_000;

interface RangeAnswer {
  status?: string;
  error?: string;
  data?: { result?: { values?: [number, string][] }[] };
}

/**
 * A Prometheus, or what speaks its API (Thanos, VictoriaMetrics ...).
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export function prometheusAt(url: string): Prometheus {
  const address = `${url.replace(/\/+$/, '')}/api/v1/query_range`;
  return {
    range: async (query, from, to, step) => {
      const parameters = { query, start: String(from / 1000), end: String(to / 1000), step: String(step) };
      const answer = await ask(address, new URLSearchParams(parameters));
      if (answer.status !== 'success') throw new MetricsUnavailable(`Prometheus refused the query: ${answer.error ?? 'no reason given'}`);
      const values = answer.data?.result?.[0]?.values ?? [];
      // Divisions by zero and the like are NaN there, which is no value.
      return values.map(([seconds, text]) => ({ at: Math.round(seconds * 1000), value: Number(text) })).filter(({ value }) => Number.isFinite(value));
    },
  };
}

async function ask(address: string, body: URLSearchParams): Promise<RangeAnswer> {
  try {
    // By POST, since an expression may name hundreds of machines.
    const response = await fetch(address, { method: 'POST', body, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
    return (await response.json()) as RangeAnswer;
  } catch (cause) {
    throw new MetricsUnavailable('Prometheus does not answer', { cause });
  }
}
