import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DescribeInstancesCommand, RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { CoreV1Api, CustomObjectsApi, KubeConfig, type V1PersistentVolumeClaim } from '@kubernetes/client-node';
import type { AnyObject, KubernetesClient } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { VOLUME_ID_LABEL } from '../../operator/api/storage/volume.ts';
import type { Cloud, TenantClients } from '../support/cloud.ts';
import { sumOf, writesBetween, writesIn } from './api-server-writes.ts';
import { MachineWatch } from './machine-watch.ts';
import { processorSeconds, processorSecondsBetween } from './processor-time.ts';
import { inParallel, median } from './statistics.ts';

/** What is compared. */
export interface LaunchSettings {
  /** Image of the endpoint's launches; its sample machine is what the direct rounds copy. */
  imageId: string;
  /** Namespace of the direct rounds. What the sample's claims are made from must be there under the same name. */
  directNamespace: string;
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
const WARM_UP_MACHINES = 10;

/** What the operator makes of a launch, and what the direct rounds make too. */
interface Sample {
  machine: AnyObject;
  /** Claims of its volumes, which the direct rounds make first. */
  claims: V1PersistentVolumeClaim[];
}

/**
 * Launches instances through the endpoint, and creates the same VirtualMachines and claims directly with client-node, in turns. The direct side ends
 * when all machines run; the endpoint's side when moreover DescribeInstances says so of all of them.
 */
export async function compareLaunches(cloud: Cloud, tenant: TenantClients, settings: LaunchSettings): Promise<LaunchResult> {
  await cloud.controlPlane.applier.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: settings.directNamespace } }]);
  const sample = await takeSample(cloud, tenant, settings.imageId);
  const warmUp = { ...settings, instances: WARM_UP_MACHINES };
  await endpointRound(cloud, tenant, warmUp);
  await directRound(cloud, sample, warmUp);
  const endpointSeconds: number[] = [];
  const directSeconds: number[] = [];
  const writes = new Map<string, number>();
  const processors = { endpoint: new Map<string, number>(), direct: new Map<string, number>() };
  for (let pair = 0; pair < settings.pairs; pair += 1) {
    const rounds = [
      async () => {
        const round = await directRound(cloud, sample, settings);
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

/** A machine and its claims as the operator makes them. */
async function takeSample({ controlPlane: { client } }: Cloud, tenant: TenantClients, imageId: string): Promise<Sample> {
  const { namespace } = tenant.account;
  const [id = ''] = await launch(tenant, { imageId, instances: 1, perCall: 1, parallel: 1 });
  await waitUntilRunning(tenant, 1);
  const machine = await client.get<AnyObject & { spec: { template: { spec: { volumes?: { persistentVolumeClaim?: { claimName: string } }[] } } } }>(`${machinesPath(namespace)}/${id}`);
  const names = (machine.spec.template.spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
  const claims = await Promise.all(names.map(async (name) => client.get<V1PersistentVolumeClaim>(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`)));
  await terminateAll(client, tenant);
  return { machine, claims };
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

async function directRound(cloud: Cloud, sample: Sample, settings: LaunchSettings): Promise<Round> {
  const { client, kubeconfigPath } = cloud.controlPlane;
  const { directNamespace: namespace } = settings;
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(kubeconfigPath);
  const [core, custom] = [kubeConfig.makeApiClient(CoreV1Api), kubeConfig.makeApiClient(CustomObjectsApi)];
  const copies = Array.from({ length: settings.instances }, () => copyOf(sample, namespace));
  const watch = new MachineWatch(client, namespace);
  const round = await measured(cloud, async () => {
    await inParallel(copies, settings.parallel, async ({ machine, claims }) => {
      for (const body of claims) await core.createNamespacedPersistentVolumeClaim({ namespace, body });
      await custom.createNamespacedCustomObject({ group: 'kubevirt.io', version: 'v1', namespace, plural: 'virtualmachines', body: machine });
    });
    await watch.running(settings.instances, DEADLINE_SECONDS);
  });
  watch.stop();
  await inParallel(copies, settings.parallel, async ({ machine, claims }) => {
    await client.remove(`${machinesPath(namespace)}/${machine.metadata.name ?? ''}`);
    for (const { metadata } of claims) await client.remove(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${metadata?.name ?? ''}`);
  });
  await waitUntilGone(client, namespace);
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

async function launch(tenant: TenantClients, { imageId, instances, perCall, parallel }: Pick<LaunchSettings, 'imageId' | 'instances' | 'perCall' | 'parallel'>): Promise<string[]> {
  const sizes = Array.from({ length: Math.ceil(instances / perCall) }, (_, index) => Math.min(perCall, instances - index * perCall));
  const ids: string[] = [];
  await inParallel(sizes, parallel, async (size) => {
    const input = { ImageId: imageId, InstanceType: 't3.micro', MinCount: size, MaxCount: size } as const;
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
  const ofVolumes = `labelSelector=${VOLUME_ID_LABEL}&`;
  const paths = {
    [machinesPath(namespace)]: '',
    [`/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstances`]: '',
    [`/api/v1/namespaces/${namespace}/pods`]: '',
    [`/api/v1/namespaces/${namespace}/persistentvolumeclaims`]: ofVolumes,
  };
  for (const [path, selector] of Object.entries(paths)) {
    await eventually(`${path} is empty`, DEADLINE_SECONDS, async () => (await client.get<{ items: unknown[] }>(`${path}?${selector}limit=1`)).items.length === 0);
  }
  await eventually('released disks are gone', DEADLINE_SECONDS, async () => {
    const { items } = await client.get<{ items: { status?: { phase?: string } }[] }>('/api/v1/persistentvolumes');
    return items.every(({ status }) => status?.phase !== 'Released');
  });
}

/** The same under ids, a firmware id and a MAC address of its own. */
function copyOf({ machine, claims }: Sample, namespace: string): Sample {
  const ids = [machine.metadata.name ?? '', ...claims.map(({ metadata }) => metadata?.name ?? '')];
  // Serials of disks are the ids without the dash.
  const digits = new Map(ids.map((id) => [id.slice(id.indexOf('-') + 1), randomBytes(9).toString('hex').slice(0, 17)]));
  const renamed = <T>(value: T): T => JSON.parse([...digits].reduce((text, [former, other]) => text.replaceAll(former, other), JSON.stringify(value))) as T;
  const { template } = renamed(machine['spec']) as {
    template: { spec: { domain: { firmware?: { uuid?: string }; devices: { interfaces?: { macAddress?: string }[] } } } };
  };
  const { firmware, devices } = template.spec.domain;
  if (firmware) firmware.uuid = randomUUID();
  for (const card of devices.interfaces ?? []) card.macAddress = `02:${randomBytes(5).toString('hex').match(/../g)?.join(':') ?? ''}`;
  const { name = '', labels = {} } = renamed(machine.metadata);
  return {
    machine: { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata: { name, namespace, labels }, spec: { ...(machine['spec'] as object), template } },
    claims: claims.map(({ metadata, spec }) => {
      const { volumeName: _bound, ...rest } = spec ?? {};
      return renamed({ metadata: { name: metadata?.name ?? '', labels: metadata?.labels ?? {} }, spec: rest });
    }),
  };
}

function machinesPath(namespace: string): string {
  return `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`;
}
