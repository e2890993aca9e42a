import type { Clock } from '../kubernetes/clock.ts';
import { AwsError } from './errors.ts';
import type { ServiceName } from './protocol/registry.ts';
import { bucketSizeOf, resourceUse, type BucketSize } from './throttle-limits.ts';

/** One decoded call, to be counted. */
export interface CountedCall {
  accountId: string;
  serviceName: ServiceName;
  action: string;
  input: Readonly<Record<string, unknown>>;
}

/** Counts a call. @throws AwsError RequestLimitExceeded - if the account's bucket does not hold enough tokens */
export type Throttle = (call: CountedCall) => void;

interface Bucket extends BucketSize {
  tokens: number;
  /** Milliseconds since the epoch when `tokens` was right. */
  at: number;
}

const maximumBuckets = 10_000;

/**
 * EC2's token buckets, each account and action with its own, their sizes and refill rates multiplied by `factor`. Buckets are per process: with two
 * replicas of the endpoint an account gets up to twice as much. A refused call takes nothing, so whoever keeps trying is served as soon as a token is there.
 * Memory is bounded: bucket by bucket the one used longest ago is forgotten, which at worst gives an account a full bucket again.
 * @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 */
export function throttleBy(clock: Clock, factor: number): Throttle {
  const buckets = new Map<string, Bucket>();

  function bucketFor(name: string, size: BucketSize): Bucket {
    const now = clock.now();
    const known = buckets.get(name) ?? { tokens: size.capacity * factor, at: now, capacity: size.capacity * factor, perSecond: size.perSecond * factor };
    known.tokens = Math.min(known.capacity, known.tokens + (Math.max(0, now - known.at) / 1000) * known.perSecond);
    known.at = now;
    buckets.delete(name);
    buckets.set(name, known);
    for (const oldest of buckets.keys()) {
      if (buckets.size <= maximumBuckets) break;
      buckets.delete(oldest);
    }
    return known;
  }

  return ({ accountId, serviceName, action, input }) => {
    if (serviceName !== 'ec2') return;
    const size = bucketSizeOf(action, input);
    // The capacity is part of the name: a description without filters has a bucket beside that of the same action with some.
    const requests = bucketFor(`${accountId} ${action} ${String(size.capacity)}`, size);
    const use = resourceUse(action, input);
    const resources = use && bucketFor(`${accountId} ${action} resources`, use);
    // Less than a whole bucket must always be able to go through, so a call that needs more than the bucket holds waits for a full one.
    const price = resources && use ? Math.min(use.count, resources.capacity) : 0;
    if (requests.tokens < 1 || (resources && resources.tokens < price)) throw requestLimitExceeded();
    requests.tokens -= 1;
    if (resources) resources.tokens -= price;
  };
}

/** EC2's answer to too many calls: every SDK waits and tries again. */
function requestLimitExceeded(): AwsError {
  return new AwsError('RequestLimitExceeded', 'Request limit exceeded.', { status: 503 });
}
