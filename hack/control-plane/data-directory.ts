import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** Everything that a control plane keeps in its folder; what else is there is not ours to remove. */
const ownNames = new Set([
  'applied', 'bin', 'csi', 'env', 'etcd', 'kubeconfig', 'kubeconfigs', 'lock.json', 'logs', 'node-agent.json', 'pki', 'ports.json', 'run',
]);

/**
 * Removes the folder with all that a control plane keeps in it, after ending what a killed predecessor left running.
 * @throws Error - if it is in use, or holds something that is not a control plane's
 */
export async function removeDataDirectory(path: string, log: (line: string) => void): Promise<void> {
  if (!existsSync(path)) return;
  const stranger = readdirSync(path).find((name) => !ownNames.has(name.replace(/\.new$/, '')));
  if (stranger !== undefined) throw new Error(`${resolve(path)} is not removed: ${stranger} in it is not of a control plane`);
  const data = await openDataDirectory(path, log);
  rmSync(data.path, { recursive: true });
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
