import { ACCOUNT_ID_LABEL } from '../../operator/api/identity/account.ts';
import { AutoScalingGroupDefinition, type AutoScalingGroupSpec } from '../../operator/api/auto-scaling/auto-scaling-group.ts';
import { lifecycleStateOf, type Member } from '../../operator/api/auto-scaling/auto-scaling-member.ts';
import type { InstanceStatus } from '../../operator/api/compute/instance.ts';
import { LaunchTemplateDefinition, type LaunchTemplate } from '../../operator/api/compute/launch-template.ts';
import type { LaunchTemplateData } from '../../operator/api/compute/launch-template-data.ts';
import type { KubernetesObject } from '../../operator/api/shared.ts';
import { autoScalingGroupController } from '../../operator/controllers/auto-scaling-group/controller.ts';
import { defaultControllerSettings } from '../../operator/controllers/index.ts';
import { membersOf } from '../../operator/controllers/auto-scaling-group/indexes.ts';
import { AutoScalingGroup, Instance } from '../../operator/kubernetes/resources.ts';
import type { AnyController } from '../../operator/runtime/reconcile.ts';
import { aNode, anInstanceType } from './cluster-objects.ts';
import { passUntilQuiet } from './controller-pass.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeCluster } from './fake-cluster.ts';
import { containerDiskAmi, WORLD_ACCOUNT_ID, WORLD_NAMESPACE } from './instance-world.ts';

/** Key of the group of a world. */
export const GROUP_KEY = { namespace: WORLD_NAMESPACE, name: 'web' };

/** A launch template `name` whose versions have these data. */
export function aTemplate(name: string, ...versions: LaunchTemplateData[]): LaunchTemplate {
  const { apiVersion, kind } = LaunchTemplateDefinition;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: WORLD_NAMESPACE, uid: `uid-${name}`, creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: LaunchTemplateDefinition.spec.parse({ versions: versions.map((launchTemplateData, index) => ({ versionNumber: index + 1, launchTemplateData })) }),
  };
}

/** A group `web` of the template `web`, in three zones. */
export function aGroup(spec: Partial<AutoScalingGroupSpec> = {}): AutoScalingGroup {
  const { apiVersion, kind } = AutoScalingGroupDefinition;
  const source = spec.mixedInstancesPolicy ?? spec.launchConfigurationName ? {} : { launchTemplate: { launchTemplate: 'web' } };
  return {
    apiVersion,
    kind,
    metadata: { name: GROUP_KEY.name, namespace: WORLD_NAMESPACE, uid: 'uid-group', creationTimestamp: '2026-01-01T00:00:00Z', generation: 1 },
    spec: AutoScalingGroupDefinition.spec.parse({ minSize: 0, maxSize: 10, ...source, ...spec }),
  };
}

/** One group, all that it may need, and hands to move its instances and time with. */
export interface GroupWorld {
  cluster: FakeCluster;
  clock: FakeClock;
  controller: AnyController;
  group(): AutoScalingGroup;
  /** Members that have not ended, by number of launch. */
  members(): Member[];
  /** All members that still show. */
  allMembers(): Member[];
  /** Lifecycle states of all members, with how often each. */
  states(): Record<string, number>;
  /** Zones of the members that count, with how many there are in each. */
  zones(): Record<string, number>;
  /** Lets the controller work until it has nothing left to do. */
  settle(): Promise<void>;
  /** What a user does with kubectl, then settles. */
  change(spec: object): Promise<void>;
  /** Instances that are on their way are up, those that are to end have ended; settles until nothing moves. */
  run(): Promise<void>;
  /** Puts the status of a member. */
  put(member: Member, status: InstanceStatus): Promise<void>;
  /** Lets seconds pass, then settles. */
  after(seconds: number): Promise<void>;
}

/** Makes such a world. */
export function groupWorld(spec: Partial<AutoScalingGroupSpec> = {}, ...more: KubernetesObject[]): GroupWorld {
  const clock = new FakeClock('2026-01-01T10:00:00Z');
  const data: LaunchTemplateData = { imageId: 'disk', instanceType: 't3.micro' };
  const cluster = new FakeCluster({
    clock,
    objects: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: WORLD_NAMESPACE, labels: { [ACCOUNT_ID_LABEL]: WORLD_ACCOUNT_ID } } },
      containerDiskAmi('disk'),
      anInstanceType('t3.micro'),
      anInstanceType('t3.small'),
      ...['a', 'b', 'c'].map((zone) => aNode(`node-${zone}`, { zone: `us-east-1${zone}` })),
      aTemplate('web', data, { ...data, instanceType: 't3.small' }),
      aGroup(spec),
      ...more,
    ],
  });
  const controller = autoScalingGroupController(defaultControllerSettings);
  const group = (): AutoScalingGroup => {
    const found = cluster.get(AutoScalingGroup, GROUP_KEY);
    if (found === undefined) throw new Error('the group is gone');
    return found;
  };
  const time = (): string => new Date(clock.now()).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const allMembers = (): Member[] => membersOf(cluster.get(AutoScalingGroup, GROUP_KEY) ?? aGroup(), cluster);
  const members = (): Member[] => allMembers().filter(({ status }) => status?.state !== 'terminated');
  const put = async ({ metadata }: Member, status: InstanceStatus): Promise<void> => {
    await cluster.patchStatus(Instance, { namespace: metadata.namespace, name: metadata.name }, { status: JSON.parse(JSON.stringify(status)) as Record<string, never> });
  };
  const settle = async (): Promise<void> => {
    // Beyond the pause between two statuses.
    clock.set(2000);
    await passUntilQuiet(cluster, controller, GROUP_KEY, clock);
  };
  const moveInstances = async (): Promise<boolean> => {
    let hasMoved = false;
    for (const member of members()) {
      const { spec: wanted, status } = member;
      const state = wanted.powerState === 'terminated' ? 'terminated' : wanted.powerState;
      if (status?.state === state) continue;
      const started = state === 'running' ? { launchTime: time(), hasBooted: true } : {};
      await put(member, { state, stateTransitionTime: time(), rootDeviceType: 'ebs', availabilityZone: wanted.placement.availabilityZone, ...started });
      hasMoved = true;
    }
    return hasMoved;
  };
  return {
    cluster,
    clock,
    controller,
    group,
    members,
    allMembers,
    states: () => countOf(allMembers().map(lifecycleStateOf)),
    zones: () => countOf(members().filter((member) => member.spec.autoScaling.leaving === undefined).map((member) => member.spec.placement.availabilityZone ?? '')),
    settle,
    change: async (changed) => {
      await cluster.patch(AutoScalingGroup, GROUP_KEY, { spec: JSON.parse(JSON.stringify(changed)) as Record<string, never> });
      await settle();
    },
    run: async () => {
      for (let rounds = 0; rounds < 40; rounds += 1) {
        await settle();
        if (!(await moveInstances())) return;
      }
      throw new Error('the group does not come to rest');
    },
    put,
    after: async (seconds) => {
      clock.set(seconds * 1000);
      await settle();
    },
  };
}

function countOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
