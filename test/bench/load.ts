import { inParallel, percentile } from './statistics.ts';

/** How one side did; milliseconds from the request to the last byte. */
export interface Load {
  requestsPerSecond: number;
  medianMilliseconds: number;
  p99Milliseconds: number;
}

/** Makes so many requests, so many at a time, and times each. */
export async function loadOf(calls: number, parallel: number, request: (index: number) => Promise<void>): Promise<Load> {
  const milliseconds: number[] = [];
  const startedAt = performance.now();
  await inParallel(Array.from({ length: calls }, (_, index) => index), parallel, async (index) => {
    const askedAt = performance.now();
    await request(index);
    milliseconds.push(performance.now() - askedAt);
  });
  const seconds = (performance.now() - startedAt) / 1000;
  return { requestsPerSecond: calls / seconds, medianMilliseconds: percentile(milliseconds, 0.5), p99Milliseconds: percentile(milliseconds, 0.99) };
}

/** The same for people. */
export function loadText({ requestsPerSecond, medianMilliseconds, p99Milliseconds }: Load): string {
  return `${requestsPerSecond.toFixed(0)} requests/s, median ${medianMilliseconds.toFixed(1)} ms, p99 ${p99Milliseconds.toFixed(1)} ms`;
}
