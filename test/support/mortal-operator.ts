import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cloud } from './cloud.ts';

/** Writes that an operator dies of, by a name: method and path as a regular expression, and how often. */
export type Deaths = Readonly<Record<string, { write: string; times: number }>>;

/** Time until the answer to a write has reached a process that has just begun and has everything to look at, and until it has died of it. */
const DEATH_MILLISECONDS = 30_000;

const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs controllers that die after each of the given writes, and starts them again, until the goal is reached. Nobody else may run controllers meanwhile.
 * Answers with how often they died of what, or while it was under way.
 * @throws Error - if the goal is not reached in time
 */
export async function liveAndDie(cloud: Cloud, deaths: Deaths, timeoutSeconds: number, isReached: () => Promise<boolean>): Promise<Map<string, number>> {
  const { controlPlane, operatorKubeconfig } = cloud;
  const file = join(controlPlane.dataDirectory, 'deaths');
  const died = (): Map<string, number> => deathsIn(existsSync(file) ? readFileSync(file, 'utf8') : '');
  rmSync(file, { force: true });
  const child = await controlPlane.run({
    name: 'operator-mortal',
    command: process.execPath,
    arguments: ['--import', join(repositoryFolder, 'test', 'support', 'die-after-write.ts'), join(repositoryFolder, 'operator', 'main.ts')],
    environment: {
      KUBECONFIG: operatorKubeconfig,
      KUBE_EC2_ROLE: 'controllers',
      KUBE_EC2_METRICS_HOST: '127.0.0.1',
      KUBE_EC2_METRICS_PORT: '0',
      // There is never more than one, and a lease would outlive its holder.
      KUBE_EC2_LEADER_ELECTION: 'false',
      KUBE_EC2_TEST_DEATHS: JSON.stringify(deaths),
      KUBE_EC2_TEST_DEATHS_FILE: file,
    },
    stopOrder: 0,
    restarts: false,
  });
  const deadline = Date.now() + timeoutSeconds * 1000;
  try {
    while (!(await isReached())) {
      if (Date.now() > deadline) throw new Error(`not reached in ${String(timeoutSeconds)} s; died of ${JSON.stringify([...died()])}\n${child.lastLines()}`);
      if (child.pid === undefined) await child.start();
      await delay(100);
    }
    // The write that reached the goal may be one to die of.
    const reachedAt = Date.now();
    while (child.pid !== undefined && died().size < Object.keys(deaths).length && Date.now() < reachedAt + DEATH_MILLISECONDS) await delay(50);
  } finally {
    await child.kill();
  }
  return died();
}

/** How often each name stands in what was written down. */
export function deathsIn(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of text.split('\n').filter((line) => line !== '')) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
