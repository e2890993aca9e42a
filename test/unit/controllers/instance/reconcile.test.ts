import assert from 'node:assert/strict';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import { INSTANCE_FINALIZER } from '../../../../operator/api/compute/instance.ts';
import { VOLUME_ID_LABEL } from '../../../../operator/api/storage/volume.ts';
import { instanceIdOf, userDataSecretNameOf, volumeIdOf } from '../../../../operator/controllers/instance/identity.ts';
import { securityGroupIdsFrom, USER_DATA_DIGEST_ANNOTATION } from '../../../../operator/controllers/instance/virtual-machine.ts';
import { ApiError } from '../../../../operator/kubernetes/errors.ts';
import { ZONE_LABEL } from '../../../../operator/kubernetes/node-zone.ts';
import { type AccountSettings, Ami, Instance, Namespace, Node, PersistentVolumeClaim, Secret, SecurityGroup, VirtualMachine, VirtualMachineInstance, Volume } from '../../../../operator/kubernetes/resources.ts';
import { aNode } from '../../../support/cluster-objects.ts';
import { pass } from '../../../support/controller-pass.ts';
import { containerDiskAmi, instanceWorld, runningWorld, volumeAmi, WORLD_ACCOUNT_ID, WORLD_NAMESPACE, type InstanceWorld } from '../../../support/instance-world.ts';

const namespace = WORLD_NAMESPACE;
const key = { namespace, name: 'web-1' };
const conditionOf = (world: InstanceWorld, type: string): string => {
  const condition = world.instance().status?.conditions?.find((candidate) => candidate.type === type);
  return `${condition?.status ?? ''} ${condition?.reason ?? ''}`;
};
const stateOf = (world: InstanceWorld): string => `${world.instance().status?.state ?? ''} ${world.instance().status?.stateReason?.code ?? ''}`.trim();
const claimsOf = (world: InstanceWorld): string[] =>
  world.cluster
    .list(PersistentVolumeClaim, namespace)
    .filter(({ metadata }) => metadata?.labels?.[VOLUME_ID_LABEL] !== undefined)
    .map(({ metadata }) => metadata?.name ?? '');

describe('an instance is launched', () => {
  it('as a machine named by its id, owned by it, running', async () => {
    const world = instanceWorld();
    await world.settle();
    const { vm } = world.kubevirt;
    assert.equal(vm?.metadata?.name, instanceIdOf(world.instance()));
    assert.equal(vm.spec.runStrategy, 'RerunOnFailure');
    assert.deepEqual(vm.metadata.ownerReferences?.map(({ uid }) => uid), ['uid-web-1']);
    assert.equal(stateOf(world), 'pending');
    assert.ok(world.instance().metadata.finalizers?.includes(INSTANCE_FINALIZER));
  });

  it('and shows its whereabouts when it runs', async () => {
    const { privateIpAddress, nodeName, availabilityZone, state, rootDeviceType } = (await runningWorld()).instance().status ?? {};
    assert.deepEqual(
      { privateIpAddress, nodeName, availabilityZone, state, rootDeviceType },
      { privateIpAddress: '10.244.0.7', nodeName: 'node-1', availabilityZone: 'us-east-1a', state: 'running', rootDeviceType: 'ebs' },
    );
  });

  it('in at most six writes, events counted', async () => {
    const world = await runningWorld({ imageId: 'disk' });
    assert.deepEqual(
      world.cluster.writes.map(({ verb, kind }) => `${verb} ${kind}`),
      ['patch Instance', 'create VirtualMachine', 'patchStatus Instance', 'patchStatus Instance'],
    );
    assert.deepEqual(world.events(), ['Running']);
  });

  it('and nothing is written while nothing happens', async () => {
    const world = await runningWorld();
    const { length } = world.cluster.writes;
    await world.settle();
    world.clock.set(3_600_000);
    await world.settle();
    assert.equal(world.cluster.writes.length, length);
  });

  it('with a root volume cloned from the image, as large as the image says, in the class and mode of its source', async () => {
    const world = instanceWorld();
    await world.settle();
    const name = volumeIdOf(world.instance(), '/dev/xvda');
    const { spec } = world.cluster.get(PersistentVolumeClaim, { namespace, name }) ?? {};
    assert.deepEqual(spec, {
      accessModes: ['ReadWriteMany'],
      resources: { requests: { storage: '4Gi' } },
      storageClassName: 'fast',
      volumeMode: 'Block',
      dataSource: { kind: 'PersistentVolumeClaim', name: 'golden' },
    });
    const volume = world.cluster.get(Volume, { namespace, name });
    assert.deepEqual(volume?.spec.attachment, { instanceId: instanceIdOf(world.instance()), device: '/dev/xvda', deleteOnTermination: true });
  });

  it('with its user data in a Secret of its own', async () => {
    const world = instanceWorld({ userData: '#!/bin/sh\necho ä\n' });
    await world.settle();
    const secret = world.cluster.get(Secret, { namespace, name: userDataSecretNameOf(world.instance()) });
    assert.equal(Buffer.from(secret?.data?.['userdata'] ?? '', 'base64').toString(), '#!/bin/sh\necho ä\n');
    const volume = world.kubevirt.vm?.spec.template.spec?.volumes?.find(({ name }) => name === 'cidata');
    assert.deepEqual(volume?.cloudInitNoCloud, { secretRef: { name: userDataSecretNameOf(world.instance()) } });
  });

  it('without user data cloud-init is told so, as KubeVirt cannot start a guest with nothing', async () => {
    const world = instanceWorld();
    await world.settle();
    assert.deepEqual(world.kubevirt.vm?.spec.template.spec?.volumes?.find(({ name }) => name === 'cidata')?.cloudInitNoCloud, { userData: '#cloud-config\n' });
  });

  it('in the default security group if it names none', async () => {
    const world = instanceWorld();
    await world.settle();
    const group = world.cluster.get(SecurityGroup, { namespace, name: 'default' });
    assert.ok(group !== undefined);
    assert.deepEqual(securityGroupIdsFrom(world.kubevirt.vm?.spec.template.metadata?.labels), [ec2IdOf('sg', group)]);
  });

  it('in the zone that it names', async () => {
    const world = instanceWorld({ placement: { availabilityZone: 'us-east-1c', tenancy: 'default' } });
    await world.settle();
    assert.deepEqual(world.kubevirt.vm?.spec.template.spec?.nodeSelector, { [ZONE_LABEL]: 'us-east-1c' });
  });

  it('from an image of another account that is shared with its own', async () => {
    const shared = { ...containerDiskAmi('theirs', { launchPermissionAccountIds: [WORLD_ACCOUNT_ID] }, 'other'), metadata: { name: 'theirs', namespace: 'other', uid: 'uid-theirs' } };
    const world = instanceWorld({ imageId: ec2IdOf('ami', shared) }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } }, shared);
    await world.settle();
    assert.equal(conditionOf(world, 'Launchable'), 'True Found');
  });

  it('by the machine that an earlier pass made, if the cache does not show it yet', async () => {
    const world = instanceWorld();
    await world.settle();
    const uid = world.kubevirt.vm?.metadata?.uid;
    await world.cluster.patchStatus(Instance, key, { status: { virtualMachineUid: null, conditions: null } });
    await pass(world.cluster, world.controller, key, world.clock, ['VirtualMachine']);
    assert.deepEqual([conditionOf(world, 'Launchable'), world.instance().status?.virtualMachineUid], ['True Found', uid]);
    assert.equal(world.kubevirt.vm?.metadata?.uid, uid);
  });

  it('keeps pending until its machine has an address', async () => {
    const world = instanceWorld();
    await world.settle();
    world.kubevirt.run({ phase: 'Running', nodeName: 'node-1', interfaces: [] });
    await world.settle();
    assert.equal(stateOf(world), 'pending');
    world.clock.set(20_000);
    await world.settle();
    assert.equal(stateOf(world), 'running', 'it is not held back for ever');
  });
});

describe('an instance is not launched', () => {
  const objections: Record<string, { spec: Parameters<typeof instanceWorld>[0]; more?: Parameters<typeof instanceWorld>[1][]; want: string }> = {
    'without its image': { spec: { imageId: 'nothing' }, want: 'False AmiNotFound' },
    'from an image that is not available': { spec: { imageId: 'new' }, more: [{ ...containerDiskAmi('new'), status: { state: 'pending' } } as Ami], want: 'False AmiNotAvailable' },
    'from an image of another account that is not shared': {
      spec: { imageId: ec2IdOf('ami', containerDiskAmi('private', {}, 'other')) },
      more: [containerDiskAmi('private', {}, 'other')],
      want: 'False AmiNotFound',
    },
    'from a shared image made of a claim': {
      spec: { imageId: ec2IdOf('ami', volumeAmi('shared')) },
      more: [{ ...volumeAmi('shared', { public: true }), metadata: { name: 'shared', namespace: 'other', uid: 'uid-shared' } }],
      want: 'False SharedVolumeUnsupported',
    },
    'with an instance type that does not exist': { spec: { instanceType: 'z9.huge' }, want: 'False InstanceTypeNotFound' },
    'with a type of another architecture': { spec: { imageId: 'arm' }, more: [containerDiskAmi('arm', { architecture: 'arm64' })], want: 'False ArchitectureMismatch' },
    'with a key pair that does not exist': { spec: { keyName: 'nobody' }, want: 'False KeyPairNotFound' },
    'with a security group that does not exist': { spec: { securityGroupIds: ['sg-00000000'] }, want: 'False SecurityGroupNotFound' },
    'with user data in a Secret that does not exist': { spec: { userDataSecretRef: { name: 'nothing', key: 'userdata' } }, want: 'False UserDataNotFound' },
    'with user data of more than 16 KB in a Secret': {
      spec: { userDataSecretRef: { name: 'large', key: 'userdata' } },
      more: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'large', namespace }, data: { userdata: Buffer.alloc(16385).toString('base64') } } as Secret],
      want: 'False UserDataTooLarge',
    },
    'with a root volume smaller than its image': {
      spec: { blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { volumeSize: 1 } }] },
      want: 'False VolumeTooSmall',
    },
    'with a volume that must be encrypted': { spec: { blockDeviceMappings: [{ deviceName: '/dev/sdf', ebs: { volumeSize: 1, encrypted: true } }] }, want: 'False StorageClassNotFound' },
    'with an unknown instance profile': { spec: { iamInstanceProfile: 'none' }, want: 'False InstanceProfileNotFound' },
    'that answers metadata requests without tokens where the account enforces them': {
      spec: { metadataOptions: { httpTokens: 'optional', httpEndpoint: 'enabled', httpPutResponseHopLimit: 2, httpProtocolIpv6: 'disabled', instanceMetadataTags: 'disabled' } },
      more: [{ apiVersion: 'kube-ec2.io/v1alpha1', kind: 'AccountSettings', metadata: { name: 'default', namespace }, spec: { instanceMetadataDefaults: { httpTokensEnforced: 'enabled' } } } as AccountSettings],
      want: 'False MetadataTokensEnforced',
    },
    'with dedicated tenancy': { spec: { placement: { tenancy: 'dedicated' } }, want: 'False TenancyUnsupported' },
  };
  for (const [name, { spec, more = [], want }] of Object.entries(objections)) {
    it(name, async () => {
      const world = instanceWorld(spec, ...more.filter((object) => object !== undefined));
      await world.settle();
      assert.equal(conditionOf(world, 'Launchable'), want);
      assert.equal(world.kubevirt.vm, undefined);
      assert.equal(stateOf(world), 'pending');
      assert.deepEqual(world.events(), [want.split(' ')[1]]);
    });
  }

  it('where a machine of its name is somebody else’s, which is left alone', async () => {
    const world = instanceWorld();
    const foreign = { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata: { name: instanceIdOf(world.instance()), namespace }, spec: { template: {} } };
    world.cluster.add(foreign);
    await pass(world.cluster, world.controller, key, world.clock, ['VirtualMachine']);
    assert.equal(conditionOf(world, 'Launchable'), 'False NameTaken', 'although the cache does not show it yet');
    await world.settle();
    assert.equal(conditionOf(world, 'Launchable'), 'False NameTaken');
    await world.cluster.remove(Instance, { namespace, name: 'web-1' });
    await world.settle();
    assert.ok(world.kubevirt.vm !== undefined, 'nor is it removed with the instance');
    assert.equal(world.cluster.get(Instance, { namespace, name: 'web-1' }), undefined);
  });
});

describe('power of an instance', () => {
  it('stops and starts with its volume, type and zone', async () => {
    const world = await runningWorld();
    await world.change({ powerState: 'stopped' });
    assert.equal(stateOf(world), 'stopping Client.UserInitiatedShutdown');
    assert.equal(world.kubevirt.vm?.spec.runStrategy, 'Halted');
    await world.kubevirt.end();
    await world.settle();
    assert.equal(stateOf(world), 'stopped Client.UserInitiatedShutdown');
    assert.equal(world.instance().status?.privateIpAddress, undefined);
    assert.equal(world.instance().status?.availabilityZone, 'us-east-1a');
    world.clock.set(60_000);
    await world.change({ powerState: 'running', instanceType: 't3.small' });
    assert.equal(stateOf(world), 'pending');
    assert.equal(world.kubevirt.vm.spec.runStrategy, 'RerunOnFailure');
    assert.equal(world.kubevirt.vm.spec.instancetype?.name, 't3.small');
    assert.deepEqual(world.kubevirt.vm.spec.template.spec?.nodeSelector, { [ZONE_LABEL]: 'us-east-1a' }, 'a volume is not everywhere');
    assert.equal(world.instance().status?.launchTime, '2026-01-01T10:01:00Z');
    world.kubevirt.start('node-1', '10.244.0.8');
    await world.settle();
    assert.equal(stateOf(world), 'running');
    assert.equal(world.instance().status?.privateIpAddress, '10.244.0.8');
    assert.equal(claimsOf(world).length, 1);
  });

  it('takes up a new type and new user data only while stopped, and says so', async () => {
    const world = await runningWorld({ userData: 'one' });
    await world.change({ instanceType: 't3.small', userData: 'two' });
    assert.equal(conditionOf(world, 'UpToDate'), 'False StopRequired');
    assert.equal(world.instance().status?.instanceType, 't3.micro');
    await world.change({ powerState: 'stopped' });
    await world.kubevirt.end();
    await world.settle();
    assert.equal(conditionOf(world, 'UpToDate'), 'True UpToDate');
    assert.equal(world.instance().status?.instanceType, 't3.small');
    const secret = world.cluster.get(Secret, { namespace, name: userDataSecretNameOf(world.instance()) });
    assert.equal(Buffer.from(secret?.data?.['userdata'] ?? '', 'base64').toString(), 'two');
  });

  it('takes user data away while stopped', async () => {
    const world = await runningWorld({ userData: 'one' });
    await world.change({ powerState: 'stopped' });
    await world.kubevirt.end();
    await world.cluster.patch(Instance, { namespace, name: 'web-1' }, { spec: { userData: null } });
    await world.settle();
    assert.equal(world.kubevirt.vm?.metadata?.annotations?.[USER_DATA_DIGEST_ANNOTATION], undefined);
    assert.deepEqual(world.kubevirt.vm?.spec.template.spec?.volumes?.find(({ name }) => name === 'cidata')?.cloudInitNoCloud, { userData: '#cloud-config\n' });
  });

  it('an instance-store root is not stopped, and a condition says why', async () => {
    const world = await runningWorld({ imageId: 'disk' });
    await world.change({ powerState: 'stopped' });
    assert.equal(stateOf(world), 'running');
    assert.equal(conditionOf(world, 'PowerStateReached'), 'False StopUnsupported');
    assert.equal(world.kubevirt.vm?.spec.runStrategy, 'RerunOnFailure');
  });

  it('a guest that powers itself off stops the instance, and the spec says so', async () => {
    const world = await runningWorld();
    world.kubevirt.run({ phase: 'Succeeded' });
    await world.settle();
    assert.equal(stateOf(world), 'stopping Client.InstanceInitiatedShutdown');
    await world.kubevirt.end();
    await world.settle();
    assert.equal(stateOf(world), 'stopped Client.InstanceInitiatedShutdown');
    assert.equal(world.instance().spec.powerState, 'stopped');
    assert.ok(world.events().includes('GuestPoweredOff'));
    await world.change({ powerState: 'running' });
    assert.equal(stateOf(world), 'pending');
  });

  it('a guest that powers itself off ends an instance that says so', async () => {
    const world = await runningWorld({ instanceInitiatedShutdownBehavior: 'terminate', disableApiTermination: true });
    await world.kubevirt.end();
    await world.settle();
    assert.equal(stateOf(world), 'terminated Client.InstanceInitiatedShutdown');
    assert.equal(world.instance().spec.powerState, 'terminated');
    assert.equal(world.kubevirt.vm, undefined);
  });

  it('a crash is not a stop: the instance stays running, its check fails until it is back', async () => {
    const world = await runningWorld();
    world.kubevirt.run({ phase: 'Failed' });
    await world.settle();
    assert.equal(stateOf(world), 'running');
    assert.equal(conditionOf(world, 'InstanceStatusOk'), 'False Crashed');
    await world.kubevirt.end([{ action: 'Start' }]);
    await world.settle();
    assert.equal(stateOf(world), 'running');
    world.kubevirt.start('node-1', '10.244.0.9');
    await world.settle();
    assert.equal(conditionOf(world, 'InstanceStatusOk'), 'True Passed');
    assert.equal(world.instance().status?.privateIpAddress, '10.244.0.9');
    assert.deepEqual(world.events().filter((reason) => reason === 'Crashed').length, 1);
  });

  it('a launch that finds no node is given up after the deadline', async () => {
    const world = instanceWorld();
    await world.settle();
    world.kubevirt.run({ phase: 'Scheduling', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes' }] });
    await world.settle();
    assert.equal(stateOf(world), 'pending Server.InsufficientInstanceCapacity');
    assert.equal(conditionOf(world, 'Placed'), 'False Unschedulable');
    world.clock.set(599_000);
    await world.settle();
    assert.equal(stateOf(world), 'pending Server.InsufficientInstanceCapacity');
    world.clock.set(2_000);
    await world.settle();
    await world.cluster.remove(VirtualMachineInstance, { namespace, name: instanceIdOf(world.instance()) });
    await world.settle();
    assert.equal(stateOf(world), 'terminated Server.InsufficientInstanceCapacity');
    assert.deepEqual(world.events(), ['PlacementFailed', 'GaveUp']);
  });

  it('a start that finds no node is given up and leads back to stopped', async () => {
    const world = await runningWorld();
    await world.change({ powerState: 'stopped' });
    await world.kubevirt.end();
    await world.settle();
    await world.change({ powerState: 'running' });
    world.kubevirt.run({ phase: 'Scheduling', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes' }] });
    await world.settle();
    world.clock.set(601_000);
    await world.settle();
    assert.equal(stateOf(world), 'stopping Server.InsufficientInstanceCapacity');
    await world.kubevirt.end();
    await world.settle();
    assert.equal(stateOf(world), 'stopped Server.InsufficientInstanceCapacity');
    assert.equal(world.instance().spec.powerState, 'stopped');
  });

  it('a forced stop takes the guest’s time away, once', async () => {
    const world = await runningWorld();
    const spec = { powerState: 'stopped', forceStopRequestedAt: '2026-01-01T10:00:30Z' };
    await world.cluster.patch(Instance, { namespace, name: 'web-1' }, { spec });
    await pass(world.cluster, world.controller, { namespace, name: 'web-1' }, world.clock);
    const { vmi } = world.kubevirt;
    assert.ok(vmi !== undefined);
    world.cluster.add({ ...vmi, spec: { ...vmi.spec, terminationGracePeriodSeconds: 0 } } as VirtualMachineInstance);
    await world.settle();
    const forced = world.cluster.writes.filter(({ verb }) => verb === 'putSubresource');
    assert.deepEqual(forced.map(({ kind, subresource, body }) => ({ kind, subresource, body })), [{ kind: 'VirtualMachine', subresource: 'stop', body: { gracePeriod: 0 } }]);
  });

  it('a force asked for before the last start does not count', async () => {
    const world = await runningWorld({ forceStopRequestedAt: '2026-01-01T09:00:00Z' });
    await world.change({ powerState: 'stopped' });
    assert.deepEqual(world.cluster.writes.filter(({ verb }) => verb === 'putSubresource'), []);
  });

  it('an instance made stopped never starts its machine', async () => {
    const world = instanceWorld({ powerState: 'stopped' });
    await world.settle();
    assert.equal(world.kubevirt.vm?.spec.runStrategy, 'Halted');
    assert.equal(stateOf(world), 'stopped Client.UserInitiatedShutdown');
    await world.change({ powerState: 'running' });
    assert.equal(world.kubevirt.vm.spec.runStrategy, 'RerunOnFailure');
  });
});

describe('reboot of an instance', () => {
  const agent = [{ type: 'AgentConnected', status: 'True' }];
  const sent = (world: InstanceWorld): (string | undefined)[] => world.cluster.writes.filter(({ verb }) => verb === 'putSubresource').map(({ subresource }) => subresource);
  const refused = new ApiError({ code: 409, reason: 'Conflict', message: 'paused' });

  it('asks the guest once', async () => {
    const world = await runningWorld();
    await world.change({ rebootRequestedAt: '2026-01-01T10:05:00Z' });
    await world.settle();
    assert.deepEqual(sent(world), ['softreboot']);
    assert.equal(world.instance().status?.reboot?.phase, 'SoftRebootSent');
  });

  it('resets a guest whose agent does not go away in time', async () => {
    const world = await runningWorld();
    world.kubevirt.run({ phase: 'Running', conditions: agent });
    await world.change({ rebootRequestedAt: '2026-01-01T10:05:00Z' });
    world.clock.set(239_000);
    await world.settle();
    assert.deepEqual(sent(world), ['softreboot']);
    world.clock.set(2_000);
    await world.settle();
    assert.deepEqual(sent(world), ['softreboot', 'reset']);
    assert.ok(world.events().includes('Reset'));
  });

  it('is done when the agent goes away', async () => {
    const world = await runningWorld();
    world.kubevirt.run({ phase: 'Running', conditions: agent });
    await world.change({ rebootRequestedAt: '2026-01-01T10:05:00Z' });
    world.kubevirt.run({ phase: 'Running', conditions: [] });
    await world.settle();
    assert.equal(world.instance().status?.reboot?.phase, 'Rebooted');
  });

  it('does not reset a guest without an agent, however long it takes', async () => {
    const world = await runningWorld();
    await world.change({ rebootRequestedAt: '2026-01-01T10:05:00Z' });
    world.clock.set(3_600_000);
    await world.settle();
    assert.deepEqual(sent(world), ['softreboot']);
  });

  it('resets at once where the guest cannot be asked', async () => {
    const world = await runningWorld();
    world.cluster.failNext('putSubresource', 'VirtualMachineInstance', refused);
    await world.change({ rebootRequestedAt: '2026-01-01T10:05:00Z' });
    assert.equal(world.instance().status?.reboot?.phase, 'ResetSent');
  });

  it('says so where nothing can be asked', async () => {
    const world = await runningWorld();
    world.cluster.failNext('putSubresource', 'VirtualMachineInstance', refused);
    world.cluster.failNext('putSubresource', 'VirtualMachineInstance', refused);
    await world.change({ rebootRequestedAt: '2026-01-01T10:05:00Z' });
    assert.equal(world.instance().status?.reboot?.phase, 'Failed');
    assert.ok(world.events().includes('RebootFailed'));
  });

  it('asked for before the last start has been done by it', async () => {
    const world = await runningWorld({ rebootRequestedAt: '2026-01-01T09:00:00Z' });
    assert.deepEqual(sent(world), []);
    assert.equal(world.instance().status?.reboot?.phase, 'Rebooted');
  });
});

describe('end of an instance', () => {
  it('removes machine, volume and user data, stays visible, then goes', async () => {
    const world = await runningWorld({ userData: 'x' });
    const secretName = userDataSecretNameOf(world.instance());
    await world.change({ powerState: 'terminated' });
    assert.equal(stateOf(world), 'shutting-down Client.UserInitiatedShutdown', 'as long as the machine runs');
    await world.cluster.remove(VirtualMachineInstance, { namespace, name: instanceIdOf(world.instance()) });
    await world.settle();
    assert.equal(stateOf(world), 'terminated Client.UserInitiatedShutdown');
    assert.deepEqual([world.kubevirt.vm, claimsOf(world), world.cluster.get(Secret, { namespace, name: secretName })], [undefined, [], undefined]);
    world.clock.set(3_599_000);
    await world.settle();
    assert.equal(stateOf(world), 'terminated Client.UserInitiatedShutdown');
    world.clock.set(2_000);
    await world.settle();
    assert.equal(world.cluster.get(Instance, { namespace, name: 'web-1' }), undefined);
  });

  it('takes seven writes after the wish, events counted: nothing is asked for or removed that is not there', async () => {
    const world = await runningWorld({ imageId: 'disk' });
    const [{ length: writesBefore }, { length: eventsBefore }] = [world.cluster.writes, world.events()];
    await world.change({ powerState: 'terminated' });
    await world.cluster.remove(VirtualMachineInstance, { namespace, name: instanceIdOf(world.instance()) });
    await world.settle();
    world.clock.set(3_601_000);
    await world.settle();
    assert.deepEqual(
      world.cluster.writes.slice(writesBefore).filter(({ kind }) => kind !== 'VirtualMachineInstance').map(({ verb, kind }) => `${verb} ${kind}`),
      ['patch Instance', 'remove VirtualMachine', 'patchStatus Instance', 'patchStatus Instance', 'patch Instance', 'remove Instance'],
    );
    assert.deepEqual(world.events().slice(eventsBefore), []);
  });

  it('removes user data that the spec has dropped, whether the machine has followed or not', async () => {
    for (const isHalted of [true, false]) {
      const world = await runningWorld({ userData: 'x' });
      const key = { namespace, name: userDataSecretNameOf(world.instance()) };
      if (isHalted) {
        await world.change({ powerState: 'stopped' });
        await world.kubevirt.end();
        await world.settle();
      }
      await world.cluster.patch(Instance, { namespace, name: 'web-1' }, { spec: { userData: null } });
      if (isHalted) await world.settle();
      assert.equal(world.cluster.get(Secret, key) === undefined, isHalted);
      await world.change({ powerState: 'terminated' });
      assert.equal(world.cluster.get(Secret, key), undefined);
    }
  });

  it('is not told before a machine is gone that the cache does not show yet', async () => {
    const world = await runningWorld();
    await world.cluster.patch(Instance, { namespace, name: 'web-1' }, { spec: { powerState: 'terminated' } });
    const outcome = await pass(world.cluster, world.controller, key, world.clock, ['VirtualMachine', 'VirtualMachineInstance']);
    assert.deepEqual([stateOf(world), outcome?.requeueAfterSeconds, world.kubevirt.vm], ['running', 1, undefined]);
  });

  it('keeps a volume that shall outlive it', async () => {
    const world = await runningWorld({ blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { deleteOnTermination: false } }] });
    await world.kubevirt.end();
    await world.change({ powerState: 'terminated' });
    assert.equal(stateOf(world), 'terminated Client.UserInitiatedShutdown');
    assert.equal(claimsOf(world).length, 1);
  });

  it('is quick when the resource is deleted', async () => {
    const world = await runningWorld();
    await world.kubevirt.end();
    await world.cluster.remove(Instance, { namespace, name: 'web-1' });
    await world.settle();
    assert.equal(world.cluster.get(Instance, { namespace, name: 'web-1' }), undefined);
    assert.deepEqual([world.kubevirt.vm, claimsOf(world)], [undefined, []]);
  });

  it('waits for the machine when the resource is deleted', async () => {
    const world = await runningWorld();
    await world.cluster.remove(Instance, { namespace, name: 'web-1' });
    await world.settle();
    assert.equal(stateOf(world), 'shutting-down Client.UserInitiatedShutdown');
    assert.equal(world.kubevirt.vm, undefined);
  });

  it('follows when somebody deletes the machine', async () => {
    const world = await runningWorld();
    await world.cluster.remove(VirtualMachine, { namespace, name: instanceIdOf(world.instance()) });
    await world.cluster.remove(VirtualMachineInstance, { namespace, name: instanceIdOf(world.instance()) });
    await world.settle();
    assert.equal(stateOf(world), 'terminated Client.UserInitiatedShutdown');
  });

  it('is not concluded from a cache that lags', async () => {
    const world = await runningWorld();
    const outcome = await pass(world.cluster, world.controller, key, world.clock, ['VirtualMachine']);
    assert.deepEqual([stateOf(world), outcome?.requeueAfterSeconds], ['running', 1]);
    assert.ok(world.kubevirt.vm !== undefined);
  });
});

describe('a running instance', () => {
  it('changes its security groups on template and run', async () => {
    const world = await runningWorld();
    await world.change({ securityGroupIds: ['web'] });
    const group = world.cluster.get(SecurityGroup, { namespace, name: 'web' });
    assert.ok(group !== undefined);
    const want = [ec2IdOf('sg', group)];
    assert.deepEqual(securityGroupIdsFrom(world.kubevirt.vm?.spec.template.metadata?.labels), want);
    assert.deepEqual(securityGroupIdsFrom(world.kubevirt.vmi?.metadata?.labels), want);
    assert.deepEqual(world.instance().status?.securityGroupIds, want);
  });

  it('keeps its security groups when the spec names one that does not exist, and says so', async () => {
    const world = await runningWorld({ securityGroupIds: ['web'] });
    const before = world.instance().status?.securityGroupIds;
    await world.change({ securityGroupIds: ['nothing'] });
    assert.deepEqual(world.instance().status?.securityGroupIds, before);
    assert.equal(conditionOf(world, 'UpToDate'), 'False SecurityGroupNotFound');
  });

  it('does not care whether its image goes', async () => {
    const world = await runningWorld();
    await world.cluster.remove(Ami, { namespace, name: 'volume' });
    await world.settle();
    assert.equal(stateOf(world), 'running');
    assert.equal(world.instance().status?.rootDeviceType, 'ebs');
  });

  it('fails its system check when the node is not ready', async () => {
    const world = await runningWorld();
    world.cluster.add(aNode('node-1', { zone: 'us-east-1a', isReady: false }));
    await world.settle();
    assert.equal(conditionOf(world, 'SystemStatusOk'), 'False NodeNotReady');
    assert.equal(stateOf(world), 'running');
    world.cluster.add(aNode('node-1', { zone: 'us-east-1a' }));
    await world.settle();
    assert.equal(conditionOf(world, 'SystemStatusOk'), 'True Passed');
  });

  it('fails its system check when it stands still after an I/O error', async () => {
    const world = await runningWorld();
    world.kubevirt.run({ phase: 'Running', conditions: [{ type: 'Paused', status: 'True', reason: 'PausedIOError' }] });
    await world.settle();
    assert.equal(conditionOf(world, 'SystemStatusOk'), 'False PausedIOError');
  });

  it('whose image promises an agent fails its instance check if none connects in time', async () => {
    const world = await runningWorld({ imageId: 'agent' }, containerDiskAmi('agent', { guestAgent: true }));
    assert.equal(conditionOf(world, 'InstanceStatusOk'), 'Unknown Initializing');
    world.clock.set(301_000);
    await world.settle();
    assert.equal(conditionOf(world, 'InstanceStatusOk'), 'False AgentNotConnected');
    world.kubevirt.run({ phase: 'Running', conditions: [{ type: 'AgentConnected', status: 'True' }] });
    await world.settle();
    assert.equal(conditionOf(world, 'InstanceStatusOk'), 'True Passed');
  });

  it('tells in its conditions which generation they are about', async () => {
    const world = await runningWorld();
    await world.change({ monitoring: true });
    const { metadata, status } = world.instance();
    assert.deepEqual([...new Set(status?.conditions?.map(({ observedGeneration }) => observedGeneration))], [metadata.generation]);
  });

  it('needs nothing of nodes and namespaces that it does not declare', async () => {
    const world = await runningWorld();
    assert.ok(world.cluster.get(Node, { name: 'node-1' }) !== undefined && world.cluster.get(Namespace, { name: namespace }) !== undefined);
    await assert.doesNotReject(pass(world.cluster, world.controller, { namespace, name: 'web-1' }, world.clock));
  });
});

describe('what the API server refuses', () => {
  const quota = new ApiError({ code: 403, reason: 'Forbidden', message: 'exceeded quota: team' });
  const refusals = { PersistentVolumeClaim: 'False VolumeRefused', VirtualMachine: 'False MachineRefused' };
  for (const [kind, want] of Object.entries(refusals)) {
    it(`is told where a ${kind} is, and tried again`, async () => {
      const world = instanceWorld();
      world.cluster.failNext('create', kind, quota);
      const outcome = await pass(world.cluster, world.controller, { namespace, name: 'web-1' }, world.clock);
      assert.equal(conditionOf(world, 'Launchable'), want);
      assert.equal(outcome?.requeueAfterSeconds, 10);
      await world.settle();
      assert.equal(conditionOf(world, 'Launchable'), 'True Found');
    });
  }

  it('is not even sent where a stopped instance asks for a type that does not exist', async () => {
    const world = instanceWorld({ powerState: 'stopped' });
    await world.settle();
    await world.change({ instanceType: 'z9.huge' });
    assert.equal(conditionOf(world, 'UpToDate'), 'False InstanceTypeNotFound');
    assert.equal(world.kubevirt.vm?.spec.instancetype?.name, 't3.micro');
  });
});
