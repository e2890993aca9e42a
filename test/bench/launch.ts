import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DescribeInstancesCommand, RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import type { AnyObject, KubernetesClient } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { Cloud, TenantClients } from '../support/cloud.ts';
import { sumOf, writesBetween, writesIn } from './api-server-writes.ts';
import { MachineWatch } from './machine-watch.ts';
import { processorSeconds, processorSecondsBetween } from './processor-time.ts';
import { inParallel, median } from './statistics.ts';

/** Sizes of the comparison. */
export interface LaunchSettings {
  /** Machines of a round. */
  instances: number;
  /** Pairs of rounds; the order within a pair changes from pair to pair. */
  pairs: number;
  /** Instances that one RunInstances call asks for. */
  perCall: number;
  /** Requests at a time, on both sides. */
  parallel: number;
  log: (line: string) => void;
}

/** What came out. */
export interface LaunchResult {
  /** Seconds until all machines of a round ran. */
  endpointSeconds: number[];
  directSeconds: number[];
  /** Median of the endpoint's rounds by the median of the direct ones. */
  ratio: number;
  /** API-server writes by the operator per launched instance, all together and by `<verb> <kind>`. */
  writesPerInstance: number;
  writes: Record<string, number>;
  /** Processor seconds per round and process: where the time goes, and less moved by what else the machine does. */
  endpointProcessorSeconds: Record<string, number>;
  directProcessorSeconds: Record<string, number>;
}

/** One round of either side. */
interface Round {
  seconds: number;
  processorSeconds: ReadonlyMap<string, number>;
}

const DEADLINE_SECONDS = 300;
/** Late writes of a launch, such as events, are waited for so long. */
const SETTLE_MILLISECONDS = 3000;
const DIRECT_NAMESPACE = 'bench-direct';
const WARM_UP_MACHINES = 10;

/**
 * Launches instances through the endpoint, and creates the same VirtualMachines directly with client-node, in turns. The direct side ends when
 * all machines run; the endpoint's side when moreover DescribeInstances says so of all of them.
 */
export async function compareLaunches(cloud: Cloud, tenant: TenantClients, settings: LaunchSettings): Promise<LaunchResult> {
  await cloud.controlPlane.applier.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: DIRECT_NAMESPACE } }]);
  const machine = await sampleMachine(cloud, tenant);
  const warmUp = { ...settings, instances: WARM_UP_MACHINES };
  await endpointRound(cloud, tenant, warmUp);
  await directRound(cloud, machine, warmUp);
  const endpointSeconds: number[] = [];
  const directSeconds: number[] = [];
  const writes = new Map<string, number>();
  const processors = { endpoint: new Map<string, number>(), direct: new Map<string, number>() };
  for (let pair = 0; pair < settings.pairs; pair += 1) {
    const rounds = [
      async () => {
        const round = await directRound(cloud, machine, settings);
        directSeconds.push(round.seconds);
        addTo(processors.direct, round.processorSeconds, 1 / settings.pairs);
      },
      async () => {
        const round = await endpointRound(cloud, tenant, settings);
        endpointSeconds.push(round.seconds);
        addTo(writes, round.writes, 1 / (settings.instances * settings.pairs));
        addTo(processors.endpoint, round.processorSeconds, 1 / settings.pairs);
      },
    ];
    for (const round of pair % 2 === 0 ? rounds : rounds.reverse()) await round();
    settings.log(`pair ${String(pair + 1)}: endpoint ${endpointSeconds.at(-1)?.toFixed(2) ?? ''} s, direct ${directSeconds.at(-1)?.toFixed(2) ?? ''} s`);
  }
  return {
    endpointSeconds,
    directSeconds,
    ratio: median(endpointSeconds) / median(directSeconds),
    writesPerInstance: sumOf(writes),
    writes: Object.fromEntries(writes),
    endpointProcessorSeconds: Object.fromEntries(processors.endpoint),
    directProcessorSeconds: Object.fromEntries(processors.direct),
  };
}

/** A machine as the operator makes it: what the direct rounds copy. */
async function sampleMachine(cloud: Cloud, tenant: TenantClients): Promise<AnyObject> {
  const [id = ''] = await launch(tenant, { instances: 1, perCall: 1, parallel: 1 });
  const path = `${machinesPath(tenant.account.namespace)}/${id}`;
  const machine = await eventually('the sample machine exists', 60, async () => cloud.controlPlane.client.get<AnyObject>(path));
  await waitUntilRunning(tenant, 1);
  await terminateAll(cloud.controlPlane.client, tenant);
  return machine;
}

async function endpointRound(
  cloud: Cloud,
  tenant: TenantClients,
  settings: LaunchSettings,
): Promise<Round & { writes: ReadonlyMap<string, number> }> {
  const { client } = cloud.controlPlane;
  const before = writesIn(await cloud.operator.metrics());
  const watch = new MachineWatch(client, tenant.account.namespace);
  const round = await measured(cloud, async () => {
    const startedAt = performance.now();
    const seconds = (): string => ((performance.now() - startedAt) / 1000).toFixed(1);
    await launch(tenant, settings);
    const answered = seconds();
    await watch.running(settings.instances, DEADLINE_SECONDS);
    const run = seconds();
    await waitUntilRunning(tenant, settings.instances);
    settings.log(`endpoint: ${String(settings.instances)} launches answered in ${answered} s, machines run after ${run} s, described so after ${seconds()} s`);
  });
  watch.stop();
  await delay(SETTLE_MILLISECONDS);
  const writes = writesBetween(before, writesIn(await cloud.operator.metrics()));
  await terminateAll(client, tenant);
  return { ...round, writes };
}

async function directRound(cloud: Cloud, sample: AnyObject, settings: LaunchSettings): Promise<Round> {
  const { client, kubeconfigPath } = cloud.controlPlane;
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(kubeconfigPath);
  const api = kubeConfig.makeApiClient(CustomObjectsApi);
  const machines = Array.from({ length: settings.instances }, () => copyOf(sample));
  const watch = new MachineWatch(client, DIRECT_NAMESPACE);
  const round = await measured(cloud, async () => {
    await inParallel(machines, settings.parallel, async (body) => {
      await api.createNamespacedCustomObject({ group: 'kubevirt.io', version: 'v1', namespace: DIRECT_NAMESPACE, plural: 'virtualmachines', body });
    });
    await watch.running(settings.instances, DEADLINE_SECONDS);
  });
  watch.stop();
  await inParallel(machines, settings.parallel, async ({ metadata }) => client.remove(`${machinesPath(DIRECT_NAMESPACE)}/${metadata.name ?? ''}`));
  await waitUntilGone(client, DIRECT_NAMESPACE);
  return round;
}

async function measured({ controlPlane }: Cloud, work: () => Promise<void>): Promise<Round> {
  const pids = { ...controlPlane.pids(), 'bench itself': process.pid };
  const before = processorSeconds(pids);
  const startedAt = performance.now();
  await work();
  return { seconds: (performance.now() - startedAt) / 1000, processorSeconds: processorSecondsBetween(before, processorSeconds(pids)) };
}

function addTo(sums: Map<string, number>, more: ReadonlyMap<string, number>, weight: number): void {
  for (const [key, value] of more) sums.set(key, (sums.get(key) ?? 0) + value * weight);
}

async function launch(tenant: TenantClients, { instances, perCall, parallel }: Pick<LaunchSettings, 'instances' | 'perCall' | 'parallel'>): Promise<string[]> {
  const sizes = Array.from({ length: Math.ceil(instances / perCall) }, (_, index) => Math.min(perCall, instances - index * perCall));
  const ids: string[] = [];
  await inParallel(sizes, parallel, async (size) => {
    const input = { ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.micro', MinCount: size, MaxCount: size } as const;
    const { Instances = [] } = await tenant.ec2.send(new RunInstancesCommand(input));
    ids.push(...Instances.flatMap(({ InstanceId }) => InstanceId ?? []));
  });
  return ids;
}

async function waitUntilRunning(tenant: TenantClients, count: number): Promise<void> {
  await eventually(`${String(count)} instances are running`, DEADLINE_SECONDS, async () => (await idsIn(tenant, ['running'])).length >= count);
}

async function terminateAll(client: KubernetesClient, tenant: TenantClients): Promise<void> {
  const ids = await idsIn(tenant, ['pending', 'running', 'stopping', 'stopped']);
  if (ids.length > 0) await tenant.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
  await waitUntilGone(client, tenant.account.namespace);
  const everything = ['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped'];
  await eventually('terminated instances are forgotten', DEADLINE_SECONDS, async () => (await idsIn(tenant, everything)).length === 0);
}

async function idsIn(tenant: TenantClients, states: string[]): Promise<string[]> {
  const { Reservations = [] } = await tenant.ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'instance-state-name', Values: states }] }));
  return Reservations.flatMap(({ Instances = [] }) => Instances.flatMap(({ InstanceId }) => InstanceId ?? []));
}

/** Nothing of a round may be left to be cleaned up in the next one's time. */
async function waitUntilGone(client: KubernetesClient, namespace: string): Promise<void> {
  const paths = [machinesPath(namespace), `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstances`, `/api/v1/namespaces/${namespace}/pods`];
  for (const path of paths) {
    await eventually(`${path} is empty`, DEADLINE_SECONDS, async () => (await client.get<{ items: unknown[] }>(`${path}?limit=1`)).items.length === 0);
  }
}

/** The same machine under a name, firmware id and MAC address of its own. */
function copyOf(sample: AnyObject): AnyObject {
  const name = `i-${randomBytes(9).toString('hex').slice(0, 17)}`;
  const spec = JSON.parse(JSON.stringify(sample['spec']).replaceAll(sample.metadata.name ?? '', name)) as {
    template: { spec: { domain: { firmware?: { uuid?: string }; devices: { interfaces?: { macAddress?: string }[] } } } };
  };
  const { firmware, devices } = spec.template.spec.domain;
  if (firmware) firmware.uuid = randomUUID();
  for (const card of devices.interfaces ?? []) card.macAddress = `02:${randomBytes(5).toString('hex').match(/../g)?.join(':') ?? ''}`;
  const labels = JSON.parse(JSON.stringify(sample.metadata.labels ?? {}).replaceAll(sample.metadata.name ?? '', name)) as Record<string, string>;
  return { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata: { name, namespace: DIRECT_NAMESPACE, labels }, spec };
}

function machinesPath(namespace: string): string {
  return `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`;
}
