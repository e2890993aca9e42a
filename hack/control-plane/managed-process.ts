import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { processIdentity } from './process-identity.ts';
import { removeRunFile, writeRunFile } from './run-file.ts';

/** A program to keep running. */
export interface ProcessDefinition {
  /** Kebab-case; names the log and run files. */
  name: string;
  command: string;
  arguments: readonly string[];
  /** Added to PATH, HOME and what else the parent has. */
  environment?: Readonly<Record<string, string>>;
  /** Processes with a lower number are stopped first. */
  stopOrder: number;
  /** Start it again when it ends by itself, after a pause that doubles from a quarter of a second to ten seconds. */
  restarts: boolean;
  /** SIGTERM to SIGKILL. */
  stopTimeoutSeconds?: number;
}

const LONGEST_PAUSE_MILLISECONDS = 10_000;
/** A process that has lived this long is taken as healthy: the next pause is short again. */
const HEALTHY_AFTER_MILLISECONDS = 30_000;

/**
 * One child in its own process group (so that a terminal's Ctrl-C reaches only the parent, which then stops the children in order), with its
 * output in `<data>/logs/<name>.log` and its id in `<data>/run/<name>.json`.
 */
export class ManagedProcess {
  readonly definition: ProcessDefinition;
  readonly logFile: string;
  readonly #dataDirectory: string;
  readonly #log: (line: string) => void;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #wanted = false;
  #pauseMilliseconds = 250;
  #timer: NodeJS.Timeout | undefined;

  constructor(dataDirectory: string, definition: ProcessDefinition, log: (line: string) => void) {
    this.definition = definition;
    this.#dataDirectory = dataDirectory;
    this.#log = log;
    mkdirSync(join(dataDirectory, 'logs'), { recursive: true });
    this.logFile = join(dataDirectory, 'logs', `${definition.name}.log`);
    if (existsSync(this.logFile)) renameSync(this.logFile, `${this.logFile}.previous`);
  }

  /** Id of the running process. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Whether it should run, although it may be between two lives. */
  get isWanted(): boolean {
    return this.#wanted;
  }

  /** Starts it; nothing happens if it runs. @throws Error - if the program cannot be executed */
  async start(): Promise<void> {
    this.#wanted = true;
    if (this.#child) return;
    await this.#spawn();
  }

  /** SIGTERM, then SIGKILL after the definition's timeout (5 s by default). */
  async stop(): Promise<void> {
    this.#giveUpRestarts();
    const child = this.#child;
    if (!child) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), (this.definition.stopTimeoutSeconds ?? 5) * 1000);
    await this.#exited;
    clearTimeout(timer);
  }

  /** SIGKILL: what a crash is like. It stays down until `start`. */
  async kill(): Promise<void> {
    this.#giveUpRestarts();
    this.#child?.kill('SIGKILL');
    await this.#exited;
  }

  /** The end of its output, for an error message. */
  lastLines(count = 8): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n') : '';
  }

  #giveUpRestarts(): void {
    this.#wanted = false;
    clearTimeout(this.#timer);
  }

  async #spawn(): Promise<void> {
    const { name, command, environment, stopOrder } = this.definition;
    const output = openSync(this.logFile, 'a');
    const child = spawn(command, this.definition.arguments, {
      detached: true,
      stdio: ['ignore', output, output],
      env: { ...process.env, ...environment },
    });
    closeSync(output);
    const startedAt = Date.now();
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#child = undefined;
        removeRunFile(this.#dataDirectory, name);
        resolve();
        if (this.#wanted) this.#afterUnexpectedEnd(startedAt, signal ?? `code ${String(code)}`);
      });
    });
    const identity = child.pid === undefined ? undefined : processIdentity(child.pid);
    if (identity) writeRunFile(this.#dataDirectory, { ...identity, name, stopOrder });
  }

  #afterUnexpectedEnd(startedAt: number, how: string): void {
    const { name, restarts } = this.definition;
    if (!restarts) {
      this.#wanted = false;
      this.#log(`${name} ended (${how}); its output is in ${this.logFile}`);
      return;
    }
    if (Date.now() - startedAt > HEALTHY_AFTER_MILLISECONDS) this.#pauseMilliseconds = 250;
    this.#log(`${name} ended (${how}), starting it again in ${String(this.#pauseMilliseconds / 1000)} s; its output is in ${this.logFile}`);
    this.#timer = setTimeout(() => {
      if (this.#wanted) this.#spawn().catch((error: unknown) => this.#log(`${name} cannot be started: ${String(error)}`));
    }, this.#pauseMilliseconds);
    this.#pauseMilliseconds = Math.min(this.#pauseMilliseconds * 2, LONGEST_PAUSE_MILLISECONDS);
  }
}
