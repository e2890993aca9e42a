import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endLivingChildren } from './run-file.ts';

/**
 * Starts a process that ends the children of a data directory when this process dies without doing it itself (SIGKILL, out of memory): it
 * waits for the end of its standard input, which the kernel closes with us. Ours to end by `stdin.end()` once the children are gone.
 */
export function startWatchdog(dataDirectory: string): ChildProcess {
  const watchdog = spawn(process.execPath, [fileURLToPath(import.meta.url), dataDirectory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.unref();
  watchdog.on('error', () => undefined); // without it everything works but that cleaning up
  watchdog.stdin.on('error', () => undefined);
  return watchdog;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dataDirectory = process.argv[2];
  if (!dataDirectory) throw new Error('usage: node watchdog.ts <data directory>');
  process.on('SIGINT', () => undefined);
  process.stdin.on('end', () => void endLivingChildren(dataDirectory));
  process.stdin.resume();
}
