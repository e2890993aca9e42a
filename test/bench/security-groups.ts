import { setTimeout as delay } from 'node:timers/promises';
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeInstancesCommand,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { Cloud, TenantClients } from '../support/cloud.ts';
import { sumOf, writesIn, type Writes } from './api-server-writes.ts';
import { inParallel, median } from './statistics.ts';

/** Sizes. */
export interface SecurityGroupSettings {
  groups: number;
  rulesPerGroup: number;
  /** Running machines, spread over the groups. */
  members: number;
  log: (line: string) => void;
}

/** What came out. */
export interface SecurityGroupResult extends Omit<SecurityGroupSettings, 'log'> {
  /** Seconds from the first group's creation until each has its policy. */
  creationSeconds: number;
  /** Seconds from the start of a new operator process until nothing is left to do for groups and instances. */
  restartSeconds: number;
  /** Its writes at the API server until then. */
  restartWrites: number;
  restartWritesByKind: Record<string, number>;
  /** Milliseconds from a call until its effect is where the network looks: medians and worst. */
  rulePolicyMilliseconds: { median: number; worst: number };
  membershipPodMilliseconds: { median: number; worst: number };
}

const PARALLEL = 16;
const PER_CALL = 25;
const DEADLINE_SECONDS = 600;
const SAMPLES = 20;
const POLL_MILLISECONDS = 5;

/** Times what security groups cost where there are many of them, with many rules and members. */
export async function measureSecurityGroups(cloud: Cloud, tenant: TenantClients, settings: SecurityGroupSettings): Promise<SecurityGroupResult> {
  const { log, ...sizes } = settings;
  const names = Array.from({ length: settings.groups }, (_, index) => `sg-${(index + 1).toString(16).padStart(17, '0')}`);
  const creationSeconds = await makeGroups(cloud, tenant, names, settings.rulesPerGroup);
  log(`${String(names.length)} groups have their policies after ${creationSeconds.toFixed(1)} s`);
  const instances = await launchMembers(tenant, names, settings.members);
  log(`${String(instances.length)} members run`);
  const { seconds: restartSeconds, writes } = await restart(cloud, names.length, instances.length);
  const restartWrites = sumOf(writes);
  log(`a new operator has looked at everything after ${restartSeconds.toFixed(1)} s, with ${String(restartWrites)} writes`);
  const rules = await sampled(async (index) => changeRule(cloud, tenant, names[index % names.length] ?? '', index));
  const memberships = await sampled(async (index) => changeMembership(cloud, tenant, instances[index % instances.length] ?? '', names[(index * 7 + 3) % names.length] ?? ''));
  await terminateAll(tenant, instances);
  return { ...sizes, creationSeconds, restartSeconds, restartWrites, restartWritesByKind: Object.fromEntries(writes), rulePolicyMilliseconds: rules, membershipPodMilliseconds: memberships };
}

async function makeGroups({ controlPlane: { client } }: Cloud, { account }: TenantClients, names: readonly string[], rulesPerGroup: number): Promise<number> {
  const { namespace } = account;
  const startedAt = performance.now();
  await inParallel(names.map((name, index) => ({ name, index })), PARALLEL, async ({ name, index }) => {
    const ingress = Array.from({ length: rulesPerGroup }, (_, rule) =>
      rule % 5 === 0
        ? { ipProtocol: '-1', referencedGroup: { groupId: names[(index + rule) % names.length] } }
        : { ipProtocol: 'tcp', fromPort: 1000 + (rule % 10), toPort: 1000 + (rule % 10), cidrIpv4: `10.${String(index % 256)}.${String(rule)}.0/24` },
    );
    const object: AnyObject = { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'SecurityGroup', metadata: { name }, spec: { description: 'bench', ingress } };
    await client.create(`/apis/kube-ec2.io/v1alpha1/namespaces/${namespace}/securitygroups`, object);
  });
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
  await eventually('every group has its policy', DEADLINE_SECONDS, async () => (await client.get<{ items: unknown[] }>(path)).items.length >= names.length);
  return (performance.now() - startedAt) / 1000;
}

async function launchMembers({ ec2, account }: TenantClients, names: readonly string[], members: number): Promise<string[]> {
  const ids: string[] = [];
  const sizes = Array.from({ length: Math.ceil(members / PER_CALL) }, (_, index) => ({ index, size: Math.min(PER_CALL, members - index * PER_CALL) }));
  await inParallel(sizes, PARALLEL, async ({ index, size }) => {
    const SecurityGroupIds = [0, 1].map((offset) => names[(index * 2 + offset) % names.length] ?? '');
    const input = { ImageId: account.instanceStoreImageId, InstanceType: 't3.nano', MinCount: size, MaxCount: size, SecurityGroupIds } as const;
    const { Instances = [] } = await ec2.send(new RunInstancesCommand(input));
    ids.push(...Instances.flatMap(({ InstanceId }) => InstanceId ?? []));
  });
  await eventually('all members run', DEADLINE_SECONDS, async () => {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'instance-state-name', Values: ['running'] }] }));
    return Reservations.flatMap(({ Instances = [] }) => Instances).length >= members;
  });
  return ids;
}

/** A process starts with counters at nought: what it has done is all that it had to. */
async function restart({ operator }: Cloud, groups: number, instances: number): Promise<{ seconds: number; writes: Writes }> {
  await operator.stop();
  const startedAt = performance.now();
  await operator.start();
  await eventually('the operator has looked at everything', DEADLINE_SECONDS, async () => {
    const metrics = await operator.metrics();
    return sumIn(metrics, 'kube_ec2_reconcile_total', 'security-group') >= groups && sumIn(metrics, 'kube_ec2_reconcile_total', 'instance') >= instances && sumIn(metrics, 'kube_ec2_queue_depth') === 0;
  });
  return { seconds: (performance.now() - startedAt) / 1000, writes: writesIn(await operator.metrics()) };
}

function sumIn(metrics: string, name: string, controller?: string): number {
  const lines = metrics.split('\n').filter((line) => line.startsWith(`${name}{`) && (controller === undefined || line.includes(`controller="${controller}"`)));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function sampled(measure: (index: number) => Promise<number>): Promise<{ median: number; worst: number }> {
  const times: number[] = [];
  for (let index = 0; index < SAMPLES; index += 1) times.push(await measure(index));
  return { median: median(times), worst: Math.max(...times) };
}

/** From the call that adds a rule until the policy has it. */
async function changeRule({ controlPlane: { client } }: Cloud, { ec2, account }: TenantClients, GroupId: string, index: number): Promise<number> {
  const port = 20_000 + index;
  const startedAt = performance.now();
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [{ IpProtocol: 'udp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }] }));
  const path = `/apis/networking.k8s.io/v1/namespaces/${account.namespace}/networkpolicies/${GroupId}`;
  await untilTrue(async () => JSON.stringify((await client.get<AnyObject>(path))['spec']).includes(String(port)));
  return performance.now() - startedAt;
}

/** From the call that puts a running instance into a group until its pod has the label. */
async function changeMembership({ controlPlane: { client } }: Cloud, { ec2, account }: TenantClients, InstanceId: string, GroupId: string): Promise<number> {
  const startedAt = performance.now();
  await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, Groups: [GroupId] }));
  const path = `/api/v1/namespaces/${account.namespace}/pods?labelSelector=kube-ec2.io/instance-id%3D${InstanceId}`;
  await untilTrue(async () => {
    const { items } = await client.get<{ items: AnyObject[] }>(path);
    return items.every(({ metadata }) => Object.keys(metadata.labels ?? {}).filter((label) => label.startsWith('sg.')).join() === `sg.kube-ec2.io/${GroupId}`);
  });
  return performance.now() - startedAt;
}

async function untilTrue(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await delay(POLL_MILLISECONDS);
}

async function terminateAll({ ec2 }: TenantClients, ids: readonly string[]): Promise<void> {
  for (let first = 0; first < ids.length; first += 500) await ec2.send(new TerminateInstancesCommand({ InstanceIds: ids.slice(first, first + 500) }));
  await eventually('the members are forgotten', DEADLINE_SECONDS, async () => {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
    return Reservations.length === 0;
  });
}
