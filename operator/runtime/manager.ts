import type { Logger } from 'winston';
import type { Caches } from '../kubernetes/caches.ts';
import { delay, systemClock, type TimerClock } from '../kubernetes/clock.ts';
import type { LiveRead } from '../kubernetes/cluster.ts';
import { ObservedWrite } from '../kubernetes/observed-write.ts';
import type { Permission } from '../kubernetes/permission.ts';
import type { Write } from '../kubernetes/write.ts';
import { Controller } from './controller.ts';
import type { LeaderElection } from './leader-election.ts';
import type { AnyController } from './reconcile.ts';
import type { WorkQueueOptions } from './work-queue.ts';

/** How long running passes may take to end at a stop. */
const DRAIN_MILLISECONDS = 20_000;

/** How often a start that waits for caches tells so. */
const MISSING_MILLISECONDS = 10_000;

/** What every controller needs beside what it declares. */
export const runtimePermissions: readonly Permission[] = [
  { group: '', resource: 'events', verbs: ['create', 'patch'], reason: 'transitions are told as events' },
];

/** What a manager runs. */
export interface ManagerOptions {
  caches: Caches;
  live: LiveRead;
  write: Write;
  controllers: readonly AnyController[];
  /** Without it the controllers start at once: only where a single process is certain. */
  election?: LeaderElection;
  /** Called once if the lease is lost. The process must end: others may act from now on. */
  onLeaseLost: () => void;
  log: Logger;
  clock?: TimerClock;
  queue?: Partial<WorkQueueOptions>;
}

/** Thrown by writes of a process that leads no more. */
export class NotLeadingError extends Error {
  override readonly name = 'NotLeadingError';
}

/** Starts controllers in order (caches synced, lease taken, workers started) and stops them in order (no new passes, running ones ended, lease released). */
export class Manager {
  readonly #options: ManagerOptions;
  readonly #clock: TimerClock;
  readonly #controllers: Controller[];
  #hasStopped = false;
  #isRunning = false;

  constructor(options: ManagerOptions) {
    const { caches, live, write, election, log, queue } = options;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const guarded = election === undefined ? write : new ObservedWrite(write, { before: () => requireLeading(election) });
    const parts = { caches, live, write: guarded, clock: this.#clock, log, ...(queue === undefined ? {} : { queue }) };
    this.#controllers = options.controllers.map((definition) => new Controller(definition, parts));
    for (const controller of this.#controllers) controller.subscribe();
  }

  /** Whether the controllers work: false while waiting for caches or lease. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Keys that wait for a worker, over all controllers. */
  get queueDepth(): number {
    return this.#controllers.reduce((sum, controller) => sum + controller.queueDepth, 0);
  }

  /** Resolves once the controllers work, or the manager is stopped. */
  async start(): Promise<void> {
    const { caches, election, log, onLeaseLost } = this.#options;
    caches.start();
    const synced = new AbortController();
    void this.#tellWhatIsMissing(synced.signal);
    await caches.synced().finally(() => synced.abort());
    if (this.#hasStopped) return;
    log.info('caches are filled');
    if (election !== undefined && !(await election.acquire(() => this.#lost(onLeaseLost)))) return;
    if (this.#hasStopped) return;
    for (const controller of this.#controllers) controller.start();
    this.#isRunning = true;
    log.info('controllers run', { controllers: this.#controllers.map(({ name }) => name) });
  }

  /** Ends what runs, within the time, then releases the lease. The caches go on: others may read them. */
  async stop(drainMilliseconds = DRAIN_MILLISECONDS): Promise<void> {
    this.#hasStopped = true;
    this.#isRunning = false;
    const { election, log } = this.#options;
    const drained = Promise.all(this.#controllers.map((controller) => controller.stop())).then(() => true);
    const deadline = new AbortController();
    const inTime = await Promise.race([drained, delay(this.#clock, drainMilliseconds, deadline.signal).then(() => false)]);
    deadline.abort();
    if (inTime) {
      await election?.release();
      return;
    }
    // Somebody still writes: the lease must run out by itself.
    log.warn('passes did not end in time; the lease is left to expire');
  }

  /** A kind that cannot be listed (no permission, no CRD) holds up the start for ever: say which. */
  async #tellWhatIsMissing(synced: AbortSignal): Promise<void> {
    const { caches, log } = this.#options;
    for (;;) {
      await delay(this.#clock, MISSING_MILLISECONDS, synced);
      if (synced.aborted || this.#hasStopped) return;
      log.warn('waiting for the first list of some kinds', { kinds: caches.missing });
    }
  }

  #lost(onLeaseLost: () => void): void {
    this.#isRunning = false;
    onLeaseLost();
  }
}

function requireLeading(election: LeaderElection): void {
  if (!election.isLeading) throw new NotLeadingError('this process does not lead any more');
}
