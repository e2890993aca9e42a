import { ACCOUNT_ID_LABEL } from '../../operator/api/identity/account.ts';
import { AmiDefinition, type Ami } from '../../operator/api/compute/ami.ts';
import { InstanceDefinition, type InstanceSpec } from '../../operator/api/compute/instance.ts';
import { SecurityGroupDefinition } from '../../operator/api/network/security-group.ts';
import type { KubernetesObject } from '../../operator/api/shared.ts';
import { instanceController } from '../../operator/controllers/instance/controller.ts';
import { instanceIdOf } from '../../operator/controllers/instance/identity.ts';
import { volumeController } from '../../operator/controllers/volume/controller.ts';
import { defaultControllerSettings } from '../../operator/controllers/index.ts';
import { Instance, Volume, type PersistentVolumeClaim } from '../../operator/kubernetes/resources.ts';
import type { AnyController } from '../../operator/runtime/reconcile.ts';
import { aNode, anInstanceType, aStorageClass } from './cluster-objects.ts';
import { passUntilQuiet } from './controller-pass.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeCluster } from './fake-cluster.ts';
import { FakeKubevirt } from './fake-kubevirt.ts';

/** Namespace of the worlds' account. */
export const WORLD_NAMESPACE = 'team';
/** Account of that namespace. */
export const WORLD_ACCOUNT_ID = '111122223333';

/** An Ami on a container image, available. */
export function containerDiskAmi(name: string, spec: Partial<Ami['spec']> = {}, namespace = WORLD_NAMESPACE): Ami {
  const { apiVersion, kind } = AmiDefinition;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, uid: `uid-${name}` },
    spec: AmiDefinition.spec.parse({ source: { containerDisk: { image: 'containerdisks/debian:12' } }, ...spec }),
    status: { state: 'available' },
  };
}

/** An Ami on the claim `golden` of 2 GiB, available. */
export function volumeAmi(name: string, spec: Partial<Ami['spec']> = {}): Ami {
  return containerDiskAmi(name, { source: { persistentVolumeClaim: { claimName: 'golden' } }, rootVolumeSize: 4, ...spec });
}

const golden: PersistentVolumeClaim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'golden', namespace: WORLD_NAMESPACE },
  spec: { storageClassName: 'fast', accessModes: ['ReadWriteMany'], volumeMode: 'Block', resources: { requests: { storage: '2Gi' } } },
  status: { phase: 'Bound', capacity: { storage: '2Gi' } },
};

const securityGroups = ['default', 'web'].map((groupName) => ({
  apiVersion: SecurityGroupDefinition.apiVersion,
  kind: SecurityGroupDefinition.kind,
  metadata: { name: groupName, namespace: WORLD_NAMESPACE, uid: `uid-${groupName}`, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: SecurityGroupDefinition.spec.parse({ groupName }),
}));

/** One instance, all that it may need, and hands to move KubeVirt and time with. */
export interface InstanceWorld {
  cluster: FakeCluster;
  clock: FakeClock;
  controller: AnyController;
  kubevirt: FakeKubevirt;
  /** The instance as it is; fails if it is gone. */
  instance(): Instance;
  /** Lets the controllers of instances and volumes work until they have nothing left to do. */
  settle(): Promise<void>;
  /** What a user does with kubectl, then settles. */
  change(spec: Partial<InstanceSpec>): Promise<void>;
  /** Reasons of the instance's events so far. */
  events(): string[];
}

/** Makes such a world; the instance `web-1` boots the image `volume` or what the spec names. */
export function instanceWorld(spec: Partial<InstanceSpec> = {}, ...more: KubernetesObject[]): InstanceWorld {
  const clock = new FakeClock('2026-01-01T10:00:00Z');
  const { apiVersion, kind } = InstanceDefinition;
  const made: Instance = {
    apiVersion,
    kind,
    metadata: { name: 'web-1', namespace: WORLD_NAMESPACE, uid: 'uid-web-1' },
    spec: InstanceDefinition.spec.parse({ imageId: 'volume', instanceType: 't3.micro', ...spec }),
  };
  const cluster = new FakeCluster({
    clock,
    objects: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: WORLD_NAMESPACE, labels: { [ACCOUNT_ID_LABEL]: WORLD_ACCOUNT_ID } } },
      volumeAmi('volume'),
      containerDiskAmi('disk'),
      golden,
      aStorageClass('fast'),
      aStorageClass('standard', { 'storageclass.kubernetes.io/is-default-class': 'true' }),
      anInstanceType('t3.micro'),
      anInstanceType('t3.small'),
      aNode('node-1', { zone: 'us-east-1a' }),
      ...securityGroups,
      made,
      ...more,
    ],
  });
  const controller = instanceController(defaultControllerSettings);
  const volumes = volumeController(defaultControllerSettings);
  const key = { namespace: WORLD_NAMESPACE, name: 'web-1' };
  const instance = (): Instance => {
    const found = cluster.get(Instance, key);
    if (found === undefined) throw new Error('the instance is gone');
    return found;
  };
  const settle = async (): Promise<void> => {
    const changes = (): number => cluster.writes.length;
    for (let round = 0, before = -1; before !== changes(); round += 1) {
      if (round > 20) throw new Error('the controllers do not come to rest');
      before = changes();
      await passUntilQuiet(cluster, controller, key, clock);
      for (const { metadata } of cluster.list(Volume, WORLD_NAMESPACE)) await passUntilQuiet(cluster, volumes, { namespace: WORLD_NAMESPACE, name: metadata.name }, clock);
    }
  };
  return {
    cluster,
    clock,
    controller,
    kubevirt: new FakeKubevirt(cluster, { namespace: WORLD_NAMESPACE, name: instanceIdOf(made) }, clock),
    instance,
    settle,
    change: async (changed) => {
      await cluster.patch(Instance, key, { spec: JSON.parse(JSON.stringify(changed)) as Record<string, never> });
      await settle();
    },
    events: () => cluster.events.filter(({ regarding }) => regarding.kind === Instance.kind).map(({ reason }) => reason),
  };
}

/** A running instance. */
export async function runningWorld(spec: Partial<InstanceSpec> = {}, ...more: KubernetesObject[]): Promise<InstanceWorld> {
  const world = instanceWorld(spec, ...more);
  await world.settle();
  world.kubevirt.start();
  await world.settle();
  return world;
}
