import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, signalProcess, type ProcessIdentity } from './process-identity.ts';

/** What `<data>/run/<name>.json` says of a child, for whoever has to end it when its parent could not. */
export interface RunFile extends ProcessIdentity {
  name: string;
  /** Children with a lower number end first. */
  stopOrder: number;
}

const GRACE_MILLISECONDS = 8_000;

/** Folder of the run files of a data directory. */
export function runFolder(dataDirectory: string): string {
  return join(dataDirectory, 'run');
}

/** Remembers a child. */
export function writeRunFile(dataDirectory: string, file: RunFile): void {
  mkdirSync(runFolder(dataDirectory), { recursive: true });
  const path = join(runFolder(dataDirectory), `${file.name}.json`);
  writeFileSync(`${path}.new`, JSON.stringify(file));
  renameSync(`${path}.new`, path);
}

/** Forgets a child that has ended. */
export function removeRunFile(dataDirectory: string, name: string): void {
  rmSync(join(runFolder(dataDirectory), `${name}.json`), { force: true });
}

/** The children of a data directory that still live, in the order in which they should end. */
export function livingChildren(dataDirectory: string): RunFile[] {
  let names: string[];
  try {
    names = readdirSync(runFolder(dataDirectory)).filter((name) => name.endsWith('.json'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return []; // the folder was removed, or never made
  }
  return names
    .map((name) => JSON.parse(readFileSync(join(runFolder(dataDirectory), name), 'utf8')) as RunFile)
    .filter(isAlive)
    .sort((left, right) => left.stopOrder - right.stopOrder);
}

/** Ends what a dead parent left behind: SIGTERM in stop order, SIGKILL for those that do not go. */
export async function endLivingChildren(dataDirectory: string): Promise<RunFile[]> {
  const children = livingChildren(dataDirectory);
  for (const order of new Set(children.map((child) => child.stopOrder))) {
    const group = children.filter((child) => child.stopOrder === order);
    for (const child of group) signalProcess(child, 'SIGTERM');
    const deadline = Date.now() + GRACE_MILLISECONDS;
    while (group.some(isAlive) && Date.now() < deadline) await delay(50);
    for (const child of group) signalProcess(child, 'SIGKILL');
  }
  for (const child of children) removeRunFile(dataDirectory, child.name);
  return children;
}
