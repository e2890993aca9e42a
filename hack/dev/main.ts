import { removeDataDirectory } from '../control-plane/data-directory.ts';
import { startArgumentsFrom, usage, UsageError, type StartArguments } from './command-line.ts';
import { startLocal, type Running } from './start-local.ts';
import { startOnCluster } from './start-on-cluster.ts';
import { welcome } from './welcome.ts';

/** What a shell makes of a process that SIGINT ended. */
const EXIT_INTERRUPTED = 130;
const EXIT_USAGE = 2;

const startedAt = Date.now();
const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Ctrl-C reaches us from the terminal and once more from npm: what comes this soon after the first signal is the same wish. */
const ECHO_MILLISECONDS = 1_000;

/** Starts what was asked for and stops it again at the first SIGINT, SIGTERM or SIGHUP; a later one does not wait. */
async function main(given: StartArguments): Promise<void> {
  const interruption = new AbortController();
  let running: Running | undefined;
  let stoppingSince: number | undefined;
  const stop = (): void => {
    if (stoppingSince !== undefined) {
      if (Date.now() - stoppingSince > ECHO_MILLISECONDS) process.exit(EXIT_INTERRUPTED); // the watchdog ends the children
      return;
    }
    stoppingSince = Date.now();
    log('stopping');
    interruption.abort(new Error('interrupted'));
    running?.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

  if (given.fresh) await removeDataDirectory(given.data, log);
  try {
    running = given.cluster ? await startOnCluster(given, interruption.signal, log) : await startLocal(given, interruption.signal, log);
  } catch (error) {
    if (interruption.signal.aborted) process.exit(EXIT_INTERRUPTED);
    throw error;
  }
  process.stdout.write(welcome({ ...running, seconds: (Date.now() - startedAt) / 1000 }));
}

function fail(error: unknown): never {
  log(error instanceof Error ? error.message : String(error));
  process.exit(error instanceof UsageError ? EXIT_USAGE : 1);
}

try {
  const given = startArgumentsFrom(process.argv.slice(2));
  if (given.help) process.stdout.write(usage);
  else await main(given);
} catch (error) {
  fail(error);
}
