import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'winston';
import { delay, type TimerClock } from '../kubernetes/clock.ts';
import type { LiveRead } from '../kubernetes/cluster.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../kubernetes/errors.ts';
import type { Permission } from '../kubernetes/permission.ts';
import { Lease } from '../kubernetes/resources.ts';
import type { Write } from '../kubernetes/write.ts';
import { setLeading } from './leader-metrics.ts';

/** Kubernetes' own times: others may take a Lease that was not renewed for 15 s; its holder stops by itself after 10 s without success. */
const TIMES = { leaseSeconds: 15, renewSeconds: 10, retrySeconds: 2 };

/**
 * How long a request about the Lease may take: half the time that there is, so that one that hangs on a connection to a server that is gone leaves time for
 * another, on a new connection.
 */
export const LEASE_REQUEST_SECONDS = TIMES.renewSeconds / 2;

/** What leader election needs. */
export interface LeaderElectionOptions {
  cluster: LiveRead & { readonly write: Pick<Write, 'create' | 'replace'> };
  namespace: string;
  /** Name of the Lease. */
  name: string;
  /** Unique to this process; by default made of the host name and a random part. */
  identity?: string;
  clock: TimerClock;
  log: Logger;
  times?: Partial<typeof TIMES>;
}

/** What leader election may do. */
export const leaderElectionPermissions: readonly Permission[] = [
  { group: 'coordination.k8s.io', resource: 'leases', verbs: ['get', 'create', 'update'], reason: 'leader election' },
];

/** Who leads among several processes, by a Lease. Clocks of machines need not agree: only changes of the Lease are timed. */
export class LeaderElection {
  readonly identity: string;
  readonly #options: LeaderElectionOptions;
  readonly #times: typeof TIMES;
  readonly #stop = new AbortController();
  #renewing: Promise<void> | undefined;
  #lease: Lease | undefined;
  /** Our clock when the Lease last changed. */
  #changedAt = 0;
  #renewedAt = -Infinity;
  #isOver = false;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
    this.identity = options.identity ?? `${hostname()}_${randomUUID()}`;
  }

  /** Whether we may still act as the leader: asked before every write, so that a process that was suspended and wakes up changes nothing. */
  get isLeading(): boolean {
    return !this.#isOver && this.#options.clock.now() - this.#renewedAt < this.#times.renewSeconds * 1000;
  }

  /** Resolves with true once we lead, with false if stopped before. From then on the Lease is renewed; `onLost` is called once if that fails. */
  async acquire(onLost: () => void): Promise<boolean> {
    const { clock, log } = this.#options;
    while (!this.#stop.signal.aborted) {
      if (await this.#attempt()) {
        log.info('leading', { lease: this.#options.name, identity: this.identity });
        setLeading(true);
        this.#renewing = this.#renew(onLost);
        return true;
      }
      await delay(clock, this.#times.retrySeconds * 1000 * (1 + Math.random() * 0.2), this.#stop.signal);
    }
    return false;
  }

  /** Ends the election and gives the Lease back, so that the next process need not wait. Call it when nothing acts as the leader any more. */
  async release(): Promise<void> {
    this.#stop.abort();
    await this.#renewing;
    const wasLeading = this.isLeading;
    this.#end();
    if (!wasLeading || this.#lease?.spec?.holderIdentity !== this.identity) return;
    const spec = { ...this.#lease.spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: this.#timestamp() };
    await this.#options.cluster.write.replace(Lease, { ...this.#lease, spec }).catch((error: unknown) => {
      this.#options.log.warn('the lease could not be released; it will expire', { error });
    });
  }

  #end(): void {
    this.#isOver = true;
    setLeading(false);
  }

  async #renew(onLost: () => void): Promise<void> {
    const { clock, log } = this.#options;
    for (let begunAt = clock.now(); ; ) {
      // An attempt that took long is followed by the next one at once.
      await delay(clock, Math.max(0, begunAt + this.#times.retrySeconds * 1000 - clock.now()), this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      begunAt = clock.now();
      // An attempt that hangs must not hide that the time is over.
      const answered = new AbortController();
      const attempt = this.#attempt().finally(() => answered.abort());
      const remaining = this.#renewedAt + this.#times.renewSeconds * 1000 - clock.now();
      await Promise.race([attempt, delay(clock, remaining, answered.signal)]);
      if (this.isLeading && this.#lease?.spec?.holderIdentity === this.identity) continue;
      log.error('the lease is lost', { lease: this.#options.name, holder: this.#lease?.spec?.holderIdentity });
      this.#end();
      onLost();
      return;
    }
  }

  /** One try to take or renew the Lease; false if somebody else holds it or the API server does not answer. */
  async #attempt(): Promise<boolean> {
    const { name, log, clock } = this.#options;
    const begunAt = clock.now();
    try {
      const written = (await this.#renewed()) ?? (await this.#taken(begunAt));
      if (written === undefined) return false;
      this.#lease = written;
      // Counted from before the request: the others' time begins when the API server stores it, which is later.
      this.#changedAt = begunAt;
      this.#renewedAt = begunAt;
      return true;
    } catch (error) {
      const isRace = isConflict(error) || isAlreadyExists(error) || isNotFound(error);
      log[isRace ? 'debug' : 'warn']('the lease could not be taken or renewed', { lease: name, error });
      return false;
    }
  }

  /** The Lease that we hold as far as we know, renewed; undefined if it must be read, because somebody else wrote it or we do not hold it. */
  async #renewed(): Promise<Lease | undefined> {
    if (this.#lease?.spec?.holderIdentity !== this.identity) return undefined;
    try {
      return await this.#replace(this.#lease);
    } catch (error) {
      if (isConflict(error) || isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** The Lease, made or taken; undefined if somebody else holds it. `begunAt`: our clock when the attempt began. */
  async #taken(begunAt: number): Promise<Lease | undefined> {
    const { cluster, namespace, name } = this.#options;
    const current = await cluster.fetch(Lease, { namespace, name });
    if (current === undefined) return cluster.write.create(Lease, { metadata: { namespace, name }, spec: this.#spec(undefined) });
    if (current.metadata?.resourceVersion !== this.#lease?.metadata?.resourceVersion) this.#changedAt = begunAt;
    this.#lease = current;
    return this.#isFree(current) ? this.#replace(current) : undefined;
  }

  #replace(lease: Lease): Promise<Lease> {
    return this.#options.cluster.write.replace(Lease, { ...lease, spec: this.#spec(lease) });
  }

  #isFree({ spec }: Lease): boolean {
    const holder = spec?.holderIdentity ?? '';
    if (holder === '' || holder === this.identity) return true;
    return this.#options.clock.now() - this.#changedAt > (spec?.leaseDurationSeconds ?? this.#times.leaseSeconds) * 1000;
  }

  #spec(before: Lease | undefined): NonNullable<Lease['spec']> {
    const isOurs = before?.spec?.holderIdentity === this.identity;
    const now = this.#timestamp();
    return {
      holderIdentity: this.identity,
      leaseDurationSeconds: this.#times.leaseSeconds,
      acquireTime: isOurs ? (before.spec?.acquireTime ?? now) : now,
      renewTime: now,
      leaseTransitions: (before?.spec?.leaseTransitions ?? 0) + (before === undefined || isOurs ? 0 : 1),
    };
  }

  /** A MicroTime. */
  #timestamp(): string {
    return new Date(this.#options.clock.now()).toISOString().replace('Z', '000Z');
  }
}
