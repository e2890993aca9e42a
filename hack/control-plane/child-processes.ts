import type { ChildProcess } from 'node:child_process';
import type { DataDirectory } from './data-directory.ts';
import { ManagedProcess, type ProcessDefinition } from './managed-process.ts';
import { startWatchdog } from './watchdog.ts';

/** The children that share a data directory, under the eye of a watchdog. */
export class ChildProcesses {
  readonly #data: DataDirectory;
  readonly #log: (line: string) => void;
  readonly #watchdog: ChildProcess;
  readonly #all: ManagedProcess[] = [];
  #isStopping = false;

  constructor(data: DataDirectory, log: (line: string) => void) {
    this.#data = data;
    this.#log = log;
    this.#watchdog = startWatchdog(data.path);
  }

  /** Starts one more. @throws Error - if it cannot be executed, or all are being stopped */
  async run(definition: ProcessDefinition): Promise<ManagedProcess> {
    if (this.#isStopping) throw new Error(`${definition.name} is not started any more: everything is being stopped`);
    const child = new ManagedProcess(this.#data.path, definition, this.#log);
    this.#all.push(child);
    await child.start();
    return child;
  }

  /** The one of a name. @throws Error - if there is none */
  named(name: string): ManagedProcess {
    const found = this.#all.findLast((child) => child.definition.name === name);
    if (found === undefined) throw new Error(`there is no process ${name}`);
    return found;
  }

  /** Ids of those that run, by name. */
  pids(): Record<string, number> {
    return Object.fromEntries(this.#all.flatMap((child) => (child.pid === undefined ? [] : [[child.definition.name, child.pid]])));
  }

  /** The last words of those that should run and do not, for an error message. */
  troubled(): string {
    return this.#all
      .filter((child) => child.isWanted && child.pid === undefined)
      .map((child) => `${child.definition.name} is down; ${child.logFile} ends with:\n${child.lastLines()}`)
      .join('\n');
  }

  /** Ends all in stop order, those of one number together, and unlocks the folder. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const orders = [...new Set(this.#all.map((child) => child.definition.stopOrder))].sort((left, right) => left - right);
    for (const order of orders) {
      await Promise.all(this.#all.filter((child) => child.definition.stopOrder === order).map(async (child) => child.stop()));
    }
    this.#watchdog.stdin?.end();
    this.#data.release();
  }
}
