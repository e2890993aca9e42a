import { Counter } from 'prom-client';
import type { Logger } from 'winston';
import type { Caches } from './caches.ts';
import { ObservedWrite } from './observed-write.ts';
import { expectationOf, removalExpectationOf, type Expectation } from './seen-by-cache.ts';
import type { Write } from './write.ts';

/** How long a write waits for the cache. */
const WAIT_MILLISECONDS = 5000;

const late = new Counter({
  name: 'kube_ec2_cache_late_total',
  help: 'Writes whose result the cache did not show in time, by kind.',
  labelNames: ['kind'],
});

/**
 * A Write that resolves when the local cache holds what was written, so that whoever wrote then reads it. If the cache does not get there in time
 * the write resolves all the same (it has happened), and a log line and a metric tell.
 */
export function consistentWrite(write: Write, caches: Caches, log: Logger, waitMilliseconds = WAIT_MILLISECONDS): Write {
  const settle = async (expectation: Expectation | undefined): Promise<void> => {
    if (expectation === undefined || (await expectation.wait(waitMilliseconds))) return;
    late.inc({ kind: expectation.kind });
    log.warn('the cache does not show a write yet', { kind: expectation.kind, waitedMilliseconds: waitMilliseconds });
  };
  return new ObservedWrite(write, {
    written: (type, object) => settle(expectationOf(caches, type, object)),
    removing: (type, key) => {
      const expectation = removalExpectationOf(caches, type, key);
      return () => settle(expectation);
    },
  });
}
