import { readFileSync } from 'node:fs';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { Cloud, TenantClients } from '../support/cloud.ts';
import { startOperator, type OperatorProcess } from '../support/operator.ts';
import { formOf, postSigned, type RequestSettings } from '../support/signed-request.ts';
import { loadOf, type Load } from './load.ts';
import { startMoto } from './moto.ts';
import { seedInstances } from './seed.ts';

/** Sizes of the comparison. */
export interface PagesSettings {
  instances: number;
  /** Pages asked of moto, which takes more than a minute for each; ours are asked four hundred times as many. */
  calls: number;
  log: (line: string) => void;
}

/** What came out. */
export interface PagesResult {
  instances: number;
  ours: Load;
  moto: Load;
  /** Resident memory of the endpoint with all instances in its cache: before the load, and after it. */
  residentMebibytes: { idle: number; loaded: number };
  /** Reads while callers launch without a pause, and what those got done meanwhile. */
  whileLaunching: Load & { launches: number };
}

const GROUP = 100;
const PAGE = 50;
/** Moto takes seconds for each of its answers, one at a time. */
const READERS = 4;
const LAUNCHERS = 50;
const OURS_PER_MOTO_CALL = 400;
/** As image and chart start the endpoint (Dockerfile, endpoint.heapMiB; docs/running.md). */
const AS_DEPLOYED = ['--max-semi-space-size=8', '--max-old-space-size=512', '--heap-growing-percent=25'];
const GROUP_KEY = 'group';

/**
 * Times pages of DescribeInstances filtered by a tag, with many instances in the cache, by four callers at a time: the endpoint, then moto's server with as
 * many instances and the same tags. Then the endpoint once more, while fifty callers launch. As in describe.ts there are no machines behind the instances.
 */
export async function comparePages(cloud: Cloud, tenant: TenantClients, sample: AnyObject, settings: PagesSettings): Promise<PagesResult> {
  const { instances, calls, log } = settings;
  const groups = Math.ceil(instances / GROUP);
  await seedInstances(cloud, sample, instances, (index) => [{ key: 'Name', value: 'bench' }, { key: GROUP_KEY, value: `g${String(index % groups)}` }]);
  log(`${String(instances)} instances are seeded here`);
  const endpoint = await startOperator(cloud.controlPlane, { name: 'operator-endpoint', role: 'endpoint', kubeconfigPath: cloud.operatorKubeconfig, nodeArguments: AS_DEPLOYED });
  const ours: RequestSettings = { endpointUrl: endpoint.endpointUrl, ...tenant.account };
  // Its second life: the image brings along what the first has compiled.
  await endpoint.stop();
  await endpoint.start();
  await eventually('the endpoint has all instances in its cache', 120, async () => (await groupSize(ours, groups - 1)) > 0);
  const idle = residentMebibytes(endpoint);
  await load(ours, groups, calls * 40); // just-in-time compilation is not what is compared
  const ourLoad = await load(ours, groups, calls * OURS_PER_MOTO_CALL);
  const loaded = residentMebibytes(endpoint);
  log(`pages here: ${ourLoad.requestsPerSecond.toFixed(0)}/s, p99 ${ourLoad.p99Milliseconds.toFixed(1)} ms, ${String(idle)} and ${String(loaded)} MiB`);
  const whileLaunching = await loadWhileLaunching(ours, groups, tenant, calls * OURS_PER_MOTO_CALL);
  log(`beside ${String(LAUNCHERS)} launchers: ${whileLaunching.requestsPerSecond.toFixed(0)}/s, p99 ${whileLaunching.p99Milliseconds.toFixed(1)} ms, ${String(whileLaunching.launches)} launches`);
  await endpoint.stop();
  const moto = await startMoto(cloud, log);
  for (let group = 0; group < groups; group += 1) await moto.launch(GROUP, [{ Key: 'Name', Value: 'bench' }, { Key: GROUP_KEY, Value: `g${String(group)}` }]);
  log(`${String(instances)} instances are made in moto`);
  return { instances, ours: ourLoad, moto: await load(moto, groups, calls), residentMebibytes: { idle, loaded }, whileLaunching };
}

async function groupSize(target: RequestSettings, group: number): Promise<number> {
  const answer = await postSigned(pageForm(group), target);
  return answer.body.split('<instanceId>').length - 1;
}

function pageForm(group: number): string {
  return formOf('DescribeInstances', { 'Filter.1.Name': `tag:${GROUP_KEY}`, 'Filter.1.Value.1': `g${String(group)}`, MaxResults: String(PAGE) });
}

async function load(target: RequestSettings, groups: number, calls: number): Promise<Load> {
  return loadOf(calls, READERS, async (index) => {
    const size = await groupSize(target, index % groups);
    // Moto's MaxResults counts reservations.
    if (size !== PAGE && size !== GROUP) throw new Error(`a page of ${String(size)} instances instead of ${String(PAGE)}`);
  });
}

async function loadWhileLaunching(target: RequestSettings, groups: number, { account }: TenantClients, calls: number): Promise<Load & { launches: number }> {
  let isOver = false;
  let launches = 0;
  const form = formOf('RunInstances', { ImageId: account.instanceStoreImageId, InstanceType: 't3.micro', MinCount: '1', MaxCount: '1' });
  const launchers = Array.from({ length: LAUNCHERS }, async () => {
    while (!isOver) {
      const { status, body } = await postSigned(form, target);
      if (status !== 200) throw new Error(`a launch failed: ${body.slice(0, 300)}`);
      launches += 1;
    }
  });
  const reads = await load(target, groups, calls).finally(() => (isOver = true));
  await Promise.all(launchers);
  return { ...reads, launches };
}

/** Memory of the process that the system has no other use for. @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function residentMebibytes(process: OperatorProcess): number {
  const status = readFileSync(`/proc/${String(process.pid() ?? 0)}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
}
