import { setTimeout as delay } from 'node:timers/promises';
import type { AnyObject, KubernetesClient } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { AutoScalingGroupStatus } from '../../operator/api/auto-scaling/auto-scaling-group.ts';
import type { Cloud, TenantClients } from '../support/cloud.ts';
import { clusterWrites, perMachine, sumOf, writesBetween, writesIn, type Writes } from './api-server-writes.ts';
import { MachineWatch } from './machine-watch.ts';
import { processorSeconds, processorSecondsBetween } from './processor-time.ts';
import { inParallel, median } from './statistics.ts';

/** Sizes of the comparison. */
export interface AutoScalingSettings {
  /** Machines of a group and of a pool. */
  instances: number;
  /** Pairs of rounds; the order within a pair changes from pair to pair. */
  pairs: number;
  /** Groups that do nothing. */
  idleGroups: number;
  log: (line: string) => void;
}

/** Seconds of a round. */
interface Round {
  up: number;
  down: number;
  /** Of each process, by its name, which the other load of the machine moves less than the clock. */
  processor: ReadonlyMap<string, number>;
  /** At the API server, of whoever it was. */
  writes: Writes;
}

/** What came out. */
export interface AutoScalingResult {
  instances: number;
  group: Round[];
  pool: Round[];
  /** Median of the group's rounds, up and down together, by the median of the pool's. */
  ratio: number;
  /** The same of the processor time. */
  processorRatio: number;
  /** Seconds of a group's round and of a pool's, by process. */
  processorSeconds: Record<string, [group: number, pool: number]>;
  /** What the API server wrote for a machine of a group and of a pool, made and ended, whoever asked for it. */
  clusterWrites: Record<'group' | 'pool', Record<string, number>>;
  /** API-server writes by the operator per instance launched and ended, all together and by `<verb> <kind>`. */
  writesPerInstance: number;
  writes: Record<string, number>;
  idleGroups: number;
  /** API-server writes by the operator in ten seconds in which nothing happens to the idle groups. */
  idleWrites: number;
}

const DEADLINE_SECONDS = 600;
const IDLE_SECONDS = 10;
const POOL_NAMESPACE = 'bench-pool';
const WARM_UP_MACHINES = 10;

/**
 * A group goes from nothing to its size and back, and a VirtualMachinePool of the same machines does, in turns. Both are up when all machines run, the
 * group moreover when it says that all are in service; both are down when nothing of the machines is left.
 */
export async function compareScaling(cloud: Cloud, tenant: TenantClients, settings: AutoScalingSettings): Promise<AutoScalingResult> {
  const { applier, client } = cloud.controlPlane;
  await applier.apply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: POOL_NAMESPACE } },
    launchTemplate(tenant.account.namespace),
    autoScalingGroup('bench', tenant.account.namespace, settings.instances),
  ]);
  const template = await sampleTemplate(client, tenant.account.namespace);
  await applier.apply([pool(template)]);
  const warmUp = Math.min(WARM_UP_MACHINES, settings.instances);
  await groupRound(cloud, tenant, warmUp);
  await poolRound(cloud, warmUp);
  const rounds = { group: [] as Round[], pool: [] as Round[] };
  const writes = new Map<string, number>();
  for (let pair = 0; pair < settings.pairs; pair += 1) {
    const turns = [
      async () => {
        rounds.pool.push(await poolRound(cloud, settings.instances));
      },
      async () => {
        const before = writesIn(await cloud.operator.metrics());
        rounds.group.push(await groupRound(cloud, tenant, settings.instances));
        const made = writesBetween(before, writesIn(await cloud.operator.metrics()));
        for (const [key, count] of made) writes.set(key, (writes.get(key) ?? 0) + count / (settings.instances * settings.pairs));
      },
    ];
    for (const turn of pair % 2 === 0 ? turns : turns.reverse()) await turn();
    settings.log(`pair ${String(pair + 1)}: group ${shown(rounds.group.at(-1))}, pool ${shown(rounds.pool.at(-1))}`);
  }
  const total = ({ up, down }: Round): number => up + down;
  return {
    instances: settings.instances,
    ...rounds,
    ratio: median(rounds.group.map(total)) / median(rounds.pool.map(total)),
    processorRatio: median(rounds.group.map(({ processor }) => sumOf(processor))) / median(rounds.pool.map(({ processor }) => sumOf(processor))),
    processorSeconds: processorSecondsOf(rounds),
    clusterWrites: { group: perMachine(meanOf(rounds.group.map((round) => round.writes)), settings.instances), pool: perMachine(meanOf(rounds.pool.map((round) => round.writes)), settings.instances) },
    writesPerInstance: sumOf(writes),
    writes: Object.fromEntries(writes),
    idleGroups: settings.idleGroups,
    idleWrites: await idleWrites(cloud, tenant, settings),
  };
}

function shown(round: Round | undefined): string {
  return round === undefined ? '' : `${round.up.toFixed(1)} s up, ${round.down.toFixed(1)} s down`;
}

/** The mean of each figure. */
function meanOf(maps: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const names = new Set(maps.flatMap((map) => [...map.keys()]));
  return new Map([...names].map((name) => [name, maps.reduce((sum, map) => sum + (map.get(name) ?? 0), 0) / maps.length]));
}

function processorSecondsOf({ group, pool }: { group: readonly Round[]; pool: readonly Round[] }): AutoScalingResult['processorSeconds'] {
  const [ofGroup, ofPool] = [group, pool].map((rounds) => meanOf(rounds.map(({ processor }) => processor)));
  return Object.fromEntries([...(ofGroup ?? [])].map(([name, seconds]) => [name, [seconds, ofPool?.get(name) ?? 0]]));
}

async function groupRound(cloud: Cloud, { account }: TenantClients, instances: number): Promise<Round> {
  const { client } = cloud.controlPlane;
  const path = groupPath(account.namespace, 'bench');
  const watch = new MachineWatch(client, account.namespace);
  const before = await usage(cloud);
  const scale = async (desiredCapacity: number): Promise<void> => {
    await client.patch(path, 'merge', { spec: { desiredCapacity } });
  };
  const up = await seconds(async () => {
    await scale(instances);
    await watch.running(instances, DEADLINE_SECONDS);
    await eventually('all are in service', DEADLINE_SECONDS, async () => (await client.get<AnyObject & { status?: AutoScalingGroupStatus }>(path)).status?.inService === instances);
  });
  const down = await seconds(async () => {
    await scale(0);
    await waitUntilGone(client, account.namespace);
  });
  watch.stop();
  const used = await usageSince(cloud, before);
  await eventually('ended instances are forgotten', DEADLINE_SECONDS, async () => isEmpty(client, `/apis/kube-ec2.io/v1alpha1/namespaces/${account.namespace}/instances`));
  return { up, down, ...used };
}

async function poolRound(cloud: Cloud, instances: number): Promise<Round> {
  const { client } = cloud.controlPlane;
  const before = await usage(cloud);
  const path = `/apis/${POOL_API}/namespaces/${POOL_NAMESPACE}/virtualmachinepools/bench`;
  const watch = new MachineWatch(client, POOL_NAMESPACE);
  const up = await seconds(async () => {
    await client.patch(path, 'merge', { spec: { replicas: instances } });
    await watch.running(instances, DEADLINE_SECONDS);
  });
  const down = await seconds(async () => {
    await client.patch(path, 'merge', { spec: { replicas: 0 } });
    await waitUntilGone(client, POOL_NAMESPACE);
  });
  watch.stop();
  return { up, down, ...(await usageSince(cloud, before)) };
}

type Usage = Pick<Round, 'processor' | 'writes'>;

async function usage({ controlPlane }: Cloud): Promise<Usage> {
  return { processor: processorSeconds(controlPlane.pids()), writes: await clusterWrites(controlPlane.client) };
}

async function usageSince(cloud: Cloud, before: Usage): Promise<Usage> {
  const after = await usage(cloud);
  return { processor: processorSecondsBetween(before.processor, after.processor), writes: writesBetween(before.writes, after.writes) };
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

async function isEmpty(client: KubernetesClient, path: string): Promise<boolean> {
  return (await client.get<{ items: unknown[] }>(`${path}?limit=1`)).items.length === 0;
}

async function waitUntilGone(client: KubernetesClient, namespace: string): Promise<void> {
  for (const plural of ['virtualmachines', 'virtualmachineinstances']) {
    const path = `/apis/kubevirt.io/v1/namespaces/${namespace}/${plural}`;
    await eventually(`${path} is empty`, DEADLINE_SECONDS, async () => isEmpty(client, path));
  }
}

/** Groups that want nothing and have nothing to do: what the operator writes for them once they are reconciled. */
async function idleWrites(cloud: Cloud, { account }: TenantClients, { idleGroups, log }: AutoScalingSettings): Promise<number> {
  const { client } = cloud.controlPlane;
  const names = Array.from({ length: idleGroups }, (_, index) => `idle-${String(index)}`);
  const path = groupPath(account.namespace);
  await inParallel(names, 16, async (name) => {
    await client.create(path, autoScalingGroup(name, account.namespace, 1));
  });
  await eventually('all groups are reconciled', DEADLINE_SECONDS, async () => {
    const { items } = await client.get<{ items: (AnyObject & { status?: AutoScalingGroupStatus })[] }>(path);
    return items.every(({ status, metadata }) => status?.observedGeneration === (metadata as { generation?: number }).generation);
  });
  // Events come late.
  await delay(3000);
  const before = writesIn(await cloud.operator.metrics());
  await delay(IDLE_SECONDS * 1000);
  const made = writesBetween(before, writesIn(await cloud.operator.metrics()));
  log(`${String(idleGroups)} idle groups: ${String(sumOf(made))} writes in ${String(IDLE_SECONDS)} s`);
  return sumOf(made);
}

function groupPath(namespace: string, name = ''): string {
  return `/apis/kube-ec2.io/v1alpha1/namespaces/${namespace}/autoscalinggroups${name === '' ? '' : `/${name}`}`;
}

function launchTemplate(namespace: string): AnyObject {
  const launchTemplateData = { imageId: 'instance-store', instanceType: 't3.micro' };
  return { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'LaunchTemplate', metadata: { name: 'bench', namespace }, spec: { versions: [{ versionNumber: 1, launchTemplateData }] } };
}

function autoScalingGroup(name: string, namespace: string, maxSize: number): AnyObject {
  const spec = { launchTemplate: { launchTemplate: 'bench' }, minSize: 0, maxSize, desiredCapacity: 0 };
  return { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'AutoScalingGroup', metadata: { name, namespace }, spec };
}

const POOL_API = 'pool.kubevirt.io/v1beta1';

/** The template of a machine as the operator makes it, for the pool to make the same. */
async function sampleTemplate(client: KubernetesClient, namespace: string): Promise<AnyObject['spec']> {
  const path = groupPath(namespace, 'bench');
  await client.patch(path, 'merge', { spec: { desiredCapacity: 1 } });
  const machines = `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`;
  const machine = await eventually('the sample machine exists', 60, async () => (await client.get<{ items: AnyObject[] }>(machines)).items[0]);
  await client.patch(path, 'merge', { spec: { desiredCapacity: 0 } });
  await waitUntilGone(client, namespace);
  return machine['spec'];
}

/** A pool of such machines. What must differ between machines the pool cannot say, so it is left to KubeVirt. */
function pool(sample: unknown): AnyObject {
  const spec = JSON.parse(JSON.stringify(sample)) as { template: { metadata?: object; spec: { hostname?: string; domain: { firmware?: { uuid?: string; serial?: string }; devices: { interfaces?: { macAddress?: string }[] } } } } };
  delete spec.template.spec.hostname;
  delete spec.template.spec.domain.firmware?.uuid;
  delete spec.template.spec.domain.firmware?.serial;
  for (const card of spec.template.spec.domain.devices.interfaces ?? []) delete card.macAddress;
  const labels = { pool: 'bench' };
  const template = { ...spec.template, metadata: { labels } };
  return {
    apiVersion: POOL_API,
    kind: 'VirtualMachinePool',
    metadata: { name: 'bench', namespace: POOL_NAMESPACE },
    spec: { replicas: 0, selector: { matchLabels: labels }, virtualMachineTemplate: { metadata: { labels }, spec: { ...spec, template } } },
  };
}
