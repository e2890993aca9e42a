import assert from 'node:assert/strict';
import { ACCOUNT_ID_LABEL } from '../../../../operator/api/identity/account.ts';
import type { KubernetesObject } from '../../../../operator/api/shared.ts';
import { amiController } from '../../../../operator/controllers/ami/controller.ts';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import { Ami } from '../../../../operator/kubernetes/resources.ts';
import { passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { containerDiskAmi, volumeAmi, WORLD_ACCOUNT_ID, WORLD_NAMESPACE } from '../../../support/instance-world.ts';

const namespace = WORLD_NAMESPACE;
const claim = (phase: string, storageClassName = 'at-once'): KubernetesObject =>
  ({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'golden', namespace }, spec: { storageClassName }, status: { phase } }) as KubernetesObject;
const waitingClass = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'waiting' }, volumeBindingMode: 'WaitForFirstConsumer' } as KubernetesObject;
const snapshot = (status: object): KubernetesObject =>
  ({ apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshot', metadata: { name: 's', namespace }, status }) as KubernetesObject;
const snapshotAmi = containerDiskAmi('image', { source: { volumeSnapshot: { name: 's' } } });

const cases: Record<string, { ami: Ami; more?: KubernetesObject[]; want: string }> = {
  'on a container image is available at once': { ami: containerDiskAmi('image'), want: 'available instance-store' },
  'on a container image with a volume of a snapshot that does not exist is pending': {
    ami: containerDiskAmi('image', { blockDeviceMappings: [{ deviceName: '/dev/sdf', ebs: { snapshotId: 'none' } }] }),
    want: 'pending instance-store SourceNotFound',
  },
  'on a claim that does not exist is pending': { ami: volumeAmi('image'), want: 'pending ebs SourceNotFound' },
  'on a bound claim is available': { ami: volumeAmi('image'), more: [claim('Bound')], want: 'available ebs' },
  'on a claim that is not bound is pending': { ami: volumeAmi('image'), more: [claim('Pending')], want: 'pending ebs SourcePending' },
  'on a claim that waits for a user is available': { ami: volumeAmi('image'), more: [claim('Pending', 'waiting'), waitingClass], want: 'available ebs' },
  'on a claim whose volume is lost has failed': { ami: volumeAmi('image'), more: [claim('Lost')], want: 'failed ebs SourceLost' },
  'on a snapshot that does not exist is pending': { ami: snapshotAmi, want: 'pending ebs SourceNotFound' },
  'on a snapshot in the making is pending': { ami: snapshotAmi, more: [snapshot({ readyToUse: false })], want: 'pending ebs SourcePending' },
  'on a ready snapshot is available': { ami: snapshotAmi, more: [snapshot({ readyToUse: true })], want: 'available ebs' },
  'that is disabled is so whatever its source': { ami: containerDiskAmi('image', { disabled: true }), want: 'disabled instance-store Disabled' },
};

describe('an image', () => {
  for (const [name, { ami, more = [], want }] of Object.entries(cases)) {
    it(name, async () => {
      const clock = new FakeClock();
      const { status: _status, ...unreconciled } = ami;
      const labels = { [ACCOUNT_ID_LABEL]: WORLD_ACCOUNT_ID };
      const cluster = new FakeCluster({ clock, objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }, unreconciled, ...more] });
      await passUntilQuiet(cluster, amiController(), { namespace, name: 'image' }, clock);
      const { state, rootDeviceType, imageId, ownerId, conditions } = cluster.get(Ami, { namespace, name: 'image' })?.status ?? {};
      const condition = conditions?.[0];
      assert.equal([state, rootDeviceType, ...(condition?.status === 'False' ? [condition.reason] : [])].join(' '), want);
      assert.deepEqual([imageId, ownerId], [ec2IdOf('ami', ami), WORLD_ACCOUNT_ID]);
    });
  }

  it('on a snapshot is woken by it; the kind may not be there', () => {
    const cluster = new FakeCluster({ objects: [snapshotAmi] });
    const woken = (name: string): readonly unknown[] =>
      amiController()
        .watches.filter(({ type, isOptional }) => type.kind === 'VolumeSnapshot' && isOptional === true)
        .flatMap((watch) => watch.keysOf({ metadata: { name, namespace } }, cluster));
    assert.deepEqual([woken('s'), woken('other')], [[{ namespace, name: 'image' }], []]);
  });
});
