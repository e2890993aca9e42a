import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isAlive, processIdentity, type ProcessIdentity } from './process-identity.ts';
import { endLivingChildren } from './run-file.ts';

/** The folder that holds one control plane's state, locked for this process. */
export interface DataDirectory {
  path: string;
  /** Path of something in it. */
  file(...names: string[]): string;
  release(): void;
}

/**
 * Creates the folder if need be, locks it and ends what a killed predecessor left running.
 * @throws Error - naming the process that has it open
 */
export async function openDataDirectory(path: string, log: (line: string) => void): Promise<DataDirectory> {
  const absolute = resolve(path);
  mkdirSync(absolute, { recursive: true, mode: 0o700 });
  const lockFile = join(absolute, 'lock.json');
  lock(absolute, lockFile);
  const leftovers = await endLivingChildren(absolute);
  if (leftovers.length > 0) log(`ended what an earlier run left behind: ${leftovers.map((child) => child.name).join(', ')}`);
  return {
    path: absolute,
    file: (...names) => join(absolute, ...names),
    release: () => rmSync(lockFile, { force: true }),
  };
}

function lock(folder: string, lockFile: string): void {
  const own = JSON.stringify(processIdentity(process.pid));
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(lockFile, own, { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readHolder(lockFile);
    if (holder && isAlive(holder)) {
      throw new Error(`${folder} is in use by process ${String(holder.pid)}; stop that one, or choose another data directory`);
    }
    rmSync(lockFile, { force: true });
  }
  throw new Error(`${folder} cannot be locked: another process keeps taking ${lockFile}`);
}

function readHolder(lockFile: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined; // gone in this moment, or a crash while it was written
  }
}
