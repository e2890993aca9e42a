import { constants, enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'winston';

// Before anything else is loaded: stripped and compiled code is kept from start to start. The image brings it along for its own user (Dockerfile); others cannot
// have that folder.
if (enableCompileCache().status === constants.compileCacheStatus.FAILED) enableCompileCache(join(tmpdir(), 'kube-ec2-compile-cache'));

/** Wrong settings, or a cluster that lacks something: starting again does not help until somebody acts. */
const EXIT_REFUSED = 2;
const EXIT_FAILED = 1;

const { ConfigError, configFrom } = await import('./config.ts');
const { createProcessLogger } = await import('./logger.ts');
const { loadKubeConfig } = await import('./kubernetes/kube-config.ts');
const { ClusterError } = await import('./require-kinds.ts');
const { startOperator } = await import('./operator.ts');

function fail(log: Logger, error: unknown): never {
  const isRefusal = error instanceof ConfigError || error instanceof ClusterError;
  if (isRefusal) log.error(`cannot start: ${error.message}`);
  else log.error('the process ends', { error });
  process.exit(isRefusal ? EXIT_REFUSED : EXIT_FAILED);
}

async function main(): Promise<void> {
  const early = createProcessLogger('info');
  let config;
  try {
    config = configFrom(process.env);
  } catch (error) {
    fail(early, error);
  }
  const log = createProcessLogger(config.logLevel);
  process.on('uncaughtException', (error) => fail(log, error));
  process.on('unhandledRejection', (error) => fail(log, error));
  let stop: (() => Promise<void>) | undefined;
  let signals = 0;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1 || stop === undefined) process.exit(signals > 1 ? EXIT_FAILED : 0);
      log.info('stopping', { signal });
      stop().then(
        () => process.exit(0),
        (error: unknown) => fail(log, error),
      );
    });
  }
  try {
    const kubeConfig = loadKubeConfig();
    // What the library takes where it finds nothing; it would then refuse plain HTTP, which tells nobody what is missing.
    if (kubeConfig.getCurrentCluster()?.server.startsWith('http:')) throw new ConfigError('no cluster is named: set KUBECONFIG, or run in a pod');
    const operator = await startOperator(config, kubeConfig, log, (error) => fail(log, error));
    stop = () => operator.stop();
  } catch (error) {
    fail(log, error);
  }
}

await main();
