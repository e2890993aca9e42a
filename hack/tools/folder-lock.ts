import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, processIdentity, type ProcessIdentity } from '../control-plane/process-identity.ts';

/**
 * Runs `work` while this process holds `lockFile`; waits, and says so once, while another living process holds it. A lock whose process is
 * gone is taken over.
 */
export async function withLock<T>(lockFile: string, log: (line: string) => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(lockFile), { recursive: true });
  const own = JSON.stringify(processIdentity(process.pid));
  let toldAbout = 0;
  while (!tryCreate(lockFile, own)) {
    const holder = readHolder(lockFile);
    if (holder && !isAlive(holder)) {
      rmSync(lockFile, { force: true });
      continue;
    }
    if (holder && toldAbout !== holder.pid) {
      log(`waiting for process ${String(holder.pid)}, which is building (${lockFile})`);
      toldAbout = holder.pid;
    }
    await delay(500);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function tryCreate(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined; // just removed, or just being written
  }
}
