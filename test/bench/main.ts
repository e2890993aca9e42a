import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { startControlPlane } from '../../hack/control-plane/control-plane.ts';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { openCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { compareScaling, type AutoScalingResult } from './auto-scaling.ts';
import { compareDescribes, type DescribeResult } from './describe.ts';
import { compareLaunches, type LaunchResult } from './launch.ts';
import { comparePages, type Load, type PagesResult } from './pages.ts';
import { measureSecurityGroups, type SecurityGroupResult } from './security-groups.ts';

const usage = `npm run bench -- [options]: ratios, side by side in one run, on a control plane of its own. Nothing is asserted.
  --only launch|auto-scaling|security-groups|describe|pages   one of the comparisons
  --instances N            machines of a launch round (200)
  --pairs N                pairs of launch rounds (2)
  --per-call N             instances of one RunInstances call (10)
  --parallel N             requests at a time when launching (16)
  --described N            instances to describe (1000)
  --groups N               security groups (500)
  --rules N                rules of each group (50)
  --members N              running members of the groups (1000)
  --calls N                DescribeInstances calls to moto, ours are five times as many (10)
  --paged N                instances to page through (10000)
  --pages N                pages asked of moto, ours are a hundred times as many (4)
  --group N                machines of an Auto Scaling group and of a VirtualMachinePool (300)
  --json FILE              writes the figures there too
  --data FOLDER            keeps the control plane's folder (logs, profiles)
  --profile                writes CPU profiles of the operator into the folder of --data`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    instances: { type: 'string', default: '200' },
    pairs: { type: 'string', default: '2' },
    'per-call': { type: 'string', default: '10' },
    parallel: { type: 'string', default: '16' },
    described: { type: 'string', default: '1000' },
    calls: { type: 'string', default: '10' },
    paged: { type: 'string', default: '10000' },
    pages: { type: 'string', default: '4' },
    group: { type: 'string', default: '300' },
    groups: { type: 'string', default: '500' },
    rules: { type: 'string', default: '50' },
    members: { type: 'string', default: '1000' },
    json: { type: 'string' },
    data: { type: 'string' },
    profile: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function numberOf(name: 'instances' | 'pairs' | 'per-call' | 'parallel' | 'described' | 'calls' | 'paged' | 'pages' | 'group' | 'groups' | 'rules' | 'members'): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1`);
  return value;
}

function isWanted(part: 'launch' | 'auto-scaling' | 'security-groups' | 'describe' | 'pages'): boolean {
  return values.only === undefined || values.only === part;
}

const log = (line: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);

/** Groups that do nothing must cost nothing. */
const IDLE_GROUPS = 200;

interface Results {
  launch?: LaunchResult;
  securityGroups?: SecurityGroupResult;
  describe?: DescribeResult;
  pages?: PagesResult;
  autoScaling?: AutoScalingResult;
}

async function main(): Promise<void> {
  const dataDirectory = values.data ?? mkdtempSync(join(tmpdir(), 'kube-ec2-bench-'));
  const controlPlane = await startControlPlane({ dataDirectory, log });
  const results: Results = {};
  try {
    const cloud = await openCloud(controlPlane, {
      // Nothing of one round may burden the next.
      environment: { KUBE_EC2_TERMINATED_RETENTION_SECONDS: '1', KUBE_EC2_LOG_LEVEL: 'warn' },
      nodeArguments: values.profile ? ['--cpu-prof', `--cpu-prof-dir=${dataDirectory}`] : [],
    });
    const tenant = await cloud.open('bench');
    if (isWanted('launch')) results.launch = await compareLaunches(cloud, tenant, launchSettings());
    if (isWanted('auto-scaling')) {
      results.autoScaling = await compareScaling(cloud, tenant, { instances: numberOf('group'), pairs: numberOf('pairs'), idleGroups: IDLE_GROUPS, log });
    }
    if (isWanted('security-groups')) {
      const settings = { groups: numberOf('groups'), rulesPerGroup: numberOf('rules'), members: numberOf('members'), log };
      results.securityGroups = await measureSecurityGroups(cloud, await cloud.open('bench-groups'), settings);
    }
    if (isWanted('describe') || isWanted('pages')) {
      const sample = await sampleInstance(cloud, tenant);
      await cloud.operator.stop();
      if (isWanted('describe')) results.describe = await compareDescribes(cloud, tenant, sample, { instances: numberOf('described'), calls: numberOf('calls'), log });
      if (isWanted('pages')) results.pages = await comparePages(cloud, tenant, sample, { instances: numberOf('paged'), calls: numberOf('pages'), log });
    }
    await cloud.close();
  } finally {
    await controlPlane.stop();
    if (values.data === undefined) rmSync(dataDirectory, { recursive: true, force: true });
  }
  report(results);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
}

function launchSettings(): Parameters<typeof compareLaunches>[2] {
  return { instances: numberOf('instances'), pairs: numberOf('pairs'), perCall: numberOf('per-call'), parallel: numberOf('parallel'), log };
}

/** An Instance resource as it is once its machine runs. */
async function sampleInstance({ controlPlane: { client } }: Cloud, { ec2, account }: TenantClients): Promise<AnyObject> {
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({ ImageId: account.instanceStoreImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
  );
  const id = Instances[0]?.InstanceId ?? '';
  const path = `/apis/kube-ec2.io/v1alpha1/namespaces/${account.namespace}/instances/${id}`;
  const instance = await eventually('the sample instance runs', 60, async () => {
    const object = await client.get<AnyObject & { status?: { state?: string; privateIpAddress?: string } }>(path);
    return object.status?.state === 'running' && object.status.privateIpAddress !== undefined ? object : undefined;
  });
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await eventually('the sample instance is gone', 60, async () => client.get(path).then(() => false, () => true));
  return instance;
}

function scalingRows({ instances, group, pool, ratio, processorRatio, writesPerInstance, writes, idleGroups, idleWrites }: AutoScalingResult): [string, string, string][] {
  const rounds = (list: AutoScalingResult['group']): string => list.map(({ up, down }) => `${up.toFixed(1)} s up, ${down.toFixed(1)} s down`).join('; ');
  const byKind = Object.entries(writes).map(([key, count]) => `${key} ${count.toFixed(2)}`).join(', ');
  return [
    [`a group from 0 to ${String(instances)} and back: group / VirtualMachinePool`, `${ratio.toFixed(2)}  (aim: at most 1.0)`, `group ${rounds(group)}\n    pool ${rounds(pool)}`],
    ['processor seconds of a round: group / pool', processorRatio.toFixed(2), 'all processes of the control plane and the operator'],
    ['API-server writes of the operator per instance, launched and ended', writesPerInstance.toFixed(2), byKind],
    [`API-server writes for ${String(idleGroups)} idle groups in ten seconds`, `${String(idleWrites)}  (aim: 0)`, ''],
  ];
}

function securityGroupRows(result: SecurityGroupResult): [string, string, string][] {
  const sizes = `${String(result.groups)} groups of ${String(result.rulesPerGroup)} rules, ${String(result.members)} members`;
  const time = ({ median, worst }: { median: number; worst: number }): string => `${median.toFixed(0)} ms, at worst ${worst.toFixed(0)} ms`;
  return [
    ['security groups: restart of the operator, then quiet', `${result.restartSeconds.toFixed(1)} s, ${String(result.restartWrites)} writes  (aim: none)`, `${sizes}; made in ${result.creationSeconds.toFixed(1)} s; ${Object.entries(result.restartWritesByKind).map(([kind, count]) => `${kind} ${String(count)}`).join(', ')}`],
    ['security groups: from a call to the network', `rule ${time(result.rulePolicyMilliseconds)}  (aim: 2 s)`, `membership of a running machine ${time(result.membershipPodMilliseconds)}`],
  ];
}

function report({ launch, autoScaling, securityGroups, describe, pages }: Results): void {
  const rows: [string, string, string][] = [];
  const list = (seconds: number[]): string => seconds.map((value) => value.toFixed(1)).join(', ');
  if (launch) {
    const rounds = `endpoint ${list(launch.endpointSeconds)} s; VirtualMachines directly ${list(launch.directSeconds)} s`;
    rows.push([`launch ${String(values.instances)} until all run: endpoint / direct`, `${launch.ratio.toFixed(2)}  (aim: at most 1.3)`, rounds]);
    const byKind = Object.entries(launch.writes).map(([key, count]) => `${key} ${count.toFixed(2)}`).join(', ');
    const used = (seconds: Record<string, number>): string =>
      Object.entries(seconds).filter(([, time]) => time >= 0.1).map(([name, time]) => `${name} ${time.toFixed(1)}`).join(', ');
    const sum = (seconds: Record<string, number>): number => Object.values(seconds).reduce((total, time) => total + time, 0);
    const [endpoint, direct] = [launch.endpointProcessorSeconds, launch.directProcessorSeconds];
    const details = `endpoint ${used(endpoint)}\n    directly ${used(direct)}`;
    rows.push(['processor seconds of a round: endpoint / direct', (sum(endpoint) / sum(direct)).toFixed(2), details]);
    rows.push(['API-server writes of the operator per instance', `${launch.writesPerInstance.toFixed(2)}  (aim: at most 6)`, byKind]);
  }
  if (autoScaling) rows.push(...scalingRows(autoScaling));
  if (securityGroups) rows.push(...securityGroupRows(securityGroups));
  if (describe) {
    const ours = `${describe.ourMilliseconds.toFixed(1)} ms, ${String(Math.round(describe.ourBytes / 1024))} KiB`;
    const moto = `moto ${describe.motoMilliseconds.toFixed(1)} ms, ${String(Math.round(describe.motoBytes / 1024))} KiB`;
    const title = `DescribeInstances of ${String(describe.instances)}: moto / endpoint`;
    rows.push([title, `${describe.ratio.toFixed(1)}  (aim: at least 20)`, `endpoint ${ours}; ${moto}`]);
  }
  if (pages) {
    const of = ({ requestsPerSecond, medianMilliseconds, p99Milliseconds }: Load): string =>
      `${requestsPerSecond.toFixed(0)} requests/s, median ${medianMilliseconds.toFixed(1)} ms, p99 ${p99Milliseconds.toFixed(1)} ms`;
    const { ours, moto, residentMebibytes: memory, whileLaunching } = pages;
    rows.push([`pages by tag of ${String(pages.instances)}, requests/s: endpoint / moto`, (ours.requestsPerSecond / moto.requestsPerSecond).toFixed(1), `endpoint ${of(ours)}\n    moto ${of(moto)}`]);
    rows.push([`  p99: moto / endpoint`, (moto.p99Milliseconds / ours.p99Milliseconds).toFixed(1), 'four callers at a time']);
    rows.push([`resident memory with ${String(pages.instances)} instances`, `${String(memory.loaded)} MiB  (aim: under 300)`, `${String(memory.idle)} MiB before the load`]);
    rows.push(['reads while 50 callers launch, p99: alone / beside them', (ours.p99Milliseconds / whileLaunching.p99Milliseconds).toFixed(2), `${of(whileLaunching)}; ${String(whileLaunching.launches)} launches meanwhile`]);
  }
  for (const [what, figure, details] of rows) console.log(`${what.padEnd(52)} ${figure}\n    ${details}`);
}

if (values.help) console.log(usage);
else await main();
