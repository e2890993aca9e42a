import assert from 'node:assert/strict';
import { isNotFound } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { TestAccount } from '../support/account.ts';
import { openAccount } from '../support/account.ts';
import type { EndpointSlice } from '../../operator/kubernetes/resources.ts';
import { sharedCloud, type Cloud } from '../support/cloud.ts';
import { KubectlInstances } from '../support/kubectl-instance.ts';
import { crashOperator } from '../support/operator-crash.ts';
import { startOperator, type OperatorProcess } from '../support/operator.ts';
import { openForEachTry } from '../support/tries.ts';

interface Machine {
  spec: { runStrategy: string; instancetype: { name: string }; template: { metadata: { labels: Record<string, string> }; spec: { nodeSelector?: Record<string, string>; accessCredentials?: object[] } } };
}

describe('an Instance by kubectl', () => {
  let cloud: Cloud;
  let account: TestAccount;
  let instances: KubectlInstances;
  const specOf = async (name: string): Promise<Machine['spec']> => {
    const machine = await instances.machine(name);
    assert.ok(machine !== undefined);
    return (machine as unknown as Machine).spec;
  };

  openForEachTry(async () => {
    cloud = await sharedCloud();
    account = await openAccount(cloud.controlPlane, 'instances');
    instances = new KubectlInstances(cloud.controlPlane, account.namespace);
  });

  it('becomes a running machine with an address, a zone and status checks', async () => {
    await instances.apply('web', { imageId: 'instance-store', userData: '#cloud-config\n', placement: { availabilityZone: 'us-east-1b', tenancy: 'default' } });
    const { status } = await instances.shows('web', 'running');
    assert.match(status?.privateIpAddress ?? '', /^10\./);
    assert.equal(status?.availabilityZone, 'us-east-1b');
    assert.equal(status.privateDnsName, `${status.instanceId ?? ''}.instances.${account.namespace}.svc.cluster.local`);
    await instances.claims('web', 'SystemStatusOk', 'True Passed');
    await instances.claims('web', 'InstanceStatusOk', 'True Passed');
    await instances.tells('web', 'Running');
    assert.deepEqual((await instances.events('web')).sort(), ['Running']);
    assert.equal(cloud.controlPlane.pids()['virt-api'] !== undefined, true, 'behind the real webhooks');
  });

  it('has a name that leads to its address while it has one, and Kubernetes keeps no Endpoints beside ours', async () => {
    const { client } = cloud.controlPlane;
    const slices = `/apis/discovery.k8s.io/v1/namespaces/${account.namespace}/endpointslices?labelSelector=kubernetes.io/service-name=instances`;
    const addressesOf = async (hostname: string): Promise<string[]> => {
      const { items } = await client.get<{ items: EndpointSlice[] }>(slices);
      assert.deepEqual(items.filter(({ metadata }) => metadata?.labels?.['endpointslice.kubernetes.io/managed-by'] !== 'instance-names.kube-ec2.io'), []);
      return items.flatMap(({ endpoints }) => (endpoints ?? []).filter((endpoint) => endpoint.hostname === hostname).flatMap(({ addresses }) => addresses));
    };
    await instances.apply('named', { imageId: 'instance-store', hostname: 'named-by-me' });
    const { status } = await instances.shows('named', 'running');
    assert.equal(status?.privateDnsName, `named-by-me.instances.${account.namespace}.svc.cluster.local`);
    await eventually('the name leads to the address', 20, async () => (await addressesOf('named-by-me'))[0] === status.privateIpAddress);
    await instances.change('named', { powerState: 'terminated' });
    await eventually('the name leads nowhere', 60, async () => (await addressesOf('named-by-me')).length === 0);
    assert.equal(await client.find(`/api/v1/namespaces/${account.namespace}/endpoints/instances`), undefined);
  });

  it('stops and starts in the states of EC2, with its volume, in its zone, and takes up a new type', async () => {
    await instances.apply('db', { imageId: 'ebs' });
    const { status } = await instances.shows('db', 'running');
    const recorder = await instances.recordStates('db');
    await instances.change('db', { powerState: 'stopped', instanceType: 'm5.large' });
    await instances.shows('db', 'stopped');
    assert.equal(await instances.run('db'), undefined);
    await instances.change('db', { powerState: 'running' });
    const restarted = await instances.shows('db', 'running');
    await recorder.stop();
    assert.deepEqual(recorder.states, ['running', 'stopping', 'stopped', 'pending', 'running']);
    assert.equal(restarted.status?.rootDeviceType, status?.rootDeviceType);
    assert.equal(restarted.status?.availabilityZone, status?.availabilityZone);
    assert.equal(restarted.status?.instanceType, 'm5.large');
    assert.equal((await specOf('db')).template.spec.nodeSelector?.['topology.kubernetes.io/zone'], status?.availabilityZone);
  });

  it('is stopped by its guest, and can be started again', async () => {
    await instances.apply('off', { imageId: 'ebs', disableApiStop: true });
    await instances.shows('off', 'running');
    const recorder = await instances.recordStates('off');
    await instances.guest('off', 'poweroff');
    const { status, spec } = await instances.shows('off', 'stopped');
    assert.equal(status?.stateReason?.code, 'Client.InstanceInitiatedShutdown');
    assert.equal(spec.powerState, 'stopped', 'although protected from being stopped by others');
    await instances.change('off', { powerState: 'running' });
    await instances.shows('off', 'running');
    await recorder.stop();
    assert.deepEqual(recorder.states, ['running', 'stopping', 'stopped', 'pending', 'running']);
    await instances.tells('off', 'GuestPoweredOff');
  });

  it('is terminated by its guest where it says so, in spite of termination protection', async () => {
    await instances.apply('once', { imageId: 'ebs', instanceInitiatedShutdownBehavior: 'terminate', disableApiTermination: true });
    await instances.shows('once', 'running');
    const recorder = await instances.recordStates('once');
    await instances.guest('once', 'poweroff');
    const { status } = await instances.shows('once', 'terminated');
    await recorder.stop();
    assert.equal(status?.stateReason?.code, 'Client.InstanceInitiatedShutdown');
    assert.deepEqual(recorder.states, ['running', 'shutting-down', 'terminated']);
    assert.equal(await instances.machine('once'), undefined);
  });

  it('with an instance-store root ends with its guest, and is not stopped', async () => {
    await instances.apply('store', { imageId: 'instance-store' });
    await instances.shows('store', 'running');
    await instances.change('store', { powerState: 'stopped' });
    await instances.claims('store', 'PowerStateReached', 'False StopUnsupported');
    assert.equal((await instances.get('store'))?.status?.state, 'running');
    await instances.guest('store', 'poweroff');
    await instances.shows('store', 'terminated');
  });

  it('stays running over a crash, and tells', async () => {
    await instances.apply('crash', { imageId: 'ebs' });
    await instances.shows('crash', 'running');
    const before = (await instances.run('crash'))?.metadata.uid;
    const recorder = await instances.recordStates('crash');
    await instances.guest('crash', 'crash');
    await eventually('there is a new run', 60, async () => {
      const run = await instances.run('crash');
      return run !== undefined && run.metadata.uid !== before;
    });
    await instances.claims('crash', 'Ready', 'True Running');
    await recorder.stop();
    assert.deepEqual(recorder.states, ['running']);
    await instances.tells('crash', 'Crashed');
  });

  it('reboots by asking the guest, and by reset where the guest does not', async () => {
    await instances.apply('boot', { imageId: 'ebs' });
    await instances.shows('boot', 'running');
    const uid = (await instances.run('boot'))?.metadata.uid;
    await instances.change('boot', { rebootRequestedAt: new Date(Date.now() + 1000).toISOString() });
    await eventually('the reboot is done', 60, async () => (await instances.get('boot'))?.status?.reboot?.phase === 'Rebooted');
    const run = await instances.run('boot');
    assert.equal(run?.metadata.annotations?.['simulator.kube-ec2.io/softreboots'], '1');
    assert.equal(run.metadata.uid, uid, 'the same machine, address and node');
  });

  it('whose image cannot be pulled says why', async () => {
    await instances.apply('noimage', { imageId: 'missing' });
    const message = await instances.claims('noimage', 'Ready', 'False ImagePullFailed');
    assert.match(message, /unreachable\.invalid/);
    const { status } = await instances.shows('noimage', 'pending');
    assert.equal(status?.stateReason?.code, 'Client.InternalError');
    assert.match(status.stateReason.message, /AMI image cannot be pulled: .*unreachable\.invalid/);
    await instances.tells('noimage', 'ImagePullFailed');
  });

  it('that finds no node says why', async () => {
    await instances.apply('nowhere', { imageId: 'ebs', placement: { availabilityZone: 'us-east-1z', tenancy: 'default' } });
    await instances.claims('nowhere', 'Placed', 'False Unschedulable');
    assert.equal((await instances.get('nowhere'))?.status?.stateReason?.code, 'Server.InsufficientInstanceCapacity');
    await instances.tells('nowhere', 'PlacementFailed');
  });

  it('waits for its image and starts when it comes', async () => {
    await instances.apply('early', { imageId: 'later' });
    await instances.claims('early', 'Launchable', 'False AmiNotFound');
    await cloud.controlPlane.applier.apply([
      { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'Ami', metadata: { name: 'later', namespace: account.namespace }, spec: { source: { containerDisk: { image: 'containerdisks/debian:12' } } } },
    ]);
    await instances.shows('early', 'running');
  });

  it('carries the public key of its key pair', async () => {
    const publicKeyMaterial = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGuLTEpkvjZWRFOuyCzMgmEHBTHLt8dA8uJNrq6dUP4C me';
    await instances.apply('keyed', { imageId: 'ebs', keyName: 'mine' });
    await instances.claims('keyed', 'Launchable', 'False KeyPairNotFound');
    await cloud.controlPlane.applier.apply([
      { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'KeyPair', metadata: { name: 'mine', namespace: account.namespace }, spec: { publicKeyMaterial } },
    ]);
    const { status } = await instances.shows('keyed', 'running');
    const secret = await cloud.controlPlane.client.get<{ data: Record<string, string> }>(`/api/v1/namespaces/${account.namespace}/secrets/${status?.keyPairId ?? ''}`);
    assert.match(Buffer.from(secret.data['key'] ?? '', 'base64').toString(), /^ssh-ed25519 AAAA.* mine$/);
    assert.equal((await specOf('keyed')).template.spec.accessCredentials?.length, 1);
  });

  it('is torn down at once when its resource is deleted, volume and all', async () => {
    await instances.apply('gone', { imageId: 'ebs' });
    const { status } = await instances.shows('gone', 'running');
    const { client } = cloud.controlPlane;
    const volumesPath = `/apis/kube-ec2.io/v1alpha1/namespaces/${account.namespace}/volumes`;
    const { items } = await client.get<{ items: { metadata: { name: string }; spec: { attachment?: { instanceId: string } } }[] }>(volumesPath);
    const volume = items.find(({ spec }) => spec.attachment?.instanceId === status?.instanceId)?.metadata.name ?? assert.fail('it has no root volume');
    await instances.remove('gone');
    await eventually('the resource is gone', 60, async () => (await instances.get('gone')) === undefined);
    await eventually('volume and claim are gone', 60, async () => {
      const isGone = async (path: string): Promise<boolean> => client.get(path).then(() => false, isNotFound);
      return (await isGone(`${volumesPath}/${volume}`)) && (await isGone(`/api/v1/namespaces/${account.namespace}/persistentvolumeclaims/${volume}`));
    });
    const machines = await client.get<{ items: { metadata: { name: string } }[] }>(`/apis/kubevirt.io/v1/namespaces/${account.namespace}/virtualmachines`);
    assert.equal(machines.items.some(({ metadata }) => metadata.name === status?.instanceId), false);
  });

  it('is left alone by everybody while protected', async () => {
    await instances.apply('safe', { imageId: 'ebs', disableApiTermination: true, disableApiStop: true });
    await instances.shows('safe', 'running');
    await assert.rejects(instances.change('safe', { powerState: 'terminated' }), /protected from termination/);
    await assert.rejects(instances.change('safe', { powerState: 'stopped' }), /protected from being stopped/);
    await assert.rejects(instances.remove('safe'), /protected/);
  });

  it('on a node that is lost fails its system check, and passes it when the node is back', async () => {
    await instances.apply('lost', { imageId: 'instance-store' });
    const { status } = await instances.shows('lost', 'running');
    const node = `/api/v1/nodes/${status?.nodeName ?? ''}`;
    const { client } = cloud.controlPlane;
    await client.patch(node, 'merge', { metadata: { annotations: { 'simulator.kube-ec2.io/lost': 'true' } } });
    try {
      await instances.claims('lost', 'SystemStatusOk', 'False NodeNotReady', 180);
      assert.equal((await instances.get('lost'))?.status?.state, 'running');
    } finally {
      await client.patch(node, 'merge', { metadata: { annotations: { 'simulator.kube-ec2.io/lost': null } } });
    }
    await instances.claims('lost', 'SystemStatusOk', 'True Passed', 180);
  });

  it('survives a crash of the operator at any moment: nothing is doubled, everything comes up', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `many-${String(index)}`);
    const applied = Promise.all(names.map(async (name) => instances.apply(name, { imageId: 'ebs', userData: name })));
    for (let round = 0; round < 3; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 150 * round));
      await crashOperator(cloud);
    }
    await applied;
    for (const name of names) await instances.shows(name, 'running');
    const machines = await cloud.controlPlane.client.get<{ items: { metadata: { ownerReferences: { name: string }[] } }[] }>(
      `/apis/kubevirt.io/v1/namespaces/${account.namespace}/virtualmachines`,
    );
    const owners = machines.items.map(({ metadata }) => metadata.ownerReferences[0]?.name ?? '').filter((name) => name.startsWith('many-'));
    assert.deepEqual(owners.sort(), names.sort());
    await Promise.all(names.map(async (name) => instances.remove(name)));
  });
});

describe('an Instance under an operator with short deadlines', () => {
  let cloud: Cloud;
  let hasty: OperatorProcess;
  let instances: KubectlInstances;

  before(async () => {
    cloud = await sharedCloud();
    await cloud.operator.stop();
    hasty = await startOperator(cloud.controlPlane, {
      name: 'hasty-operator',
      role: 'controllers',
      kubeconfigPath: cloud.operatorKubeconfig,
      environment: { KUBE_EC2_LAUNCH_DEADLINE_SECONDS: '3', KUBE_EC2_TERMINATED_RETENTION_SECONDS: '8', KUBE_EC2_REBOOT_DEADLINE_SECONDS: '3' },
    });
  });
  openForEachTry(async () => {
    const account = await openAccount(cloud.controlPlane, 'hasty');
    instances = new KubectlInstances(cloud.controlPlane, account.namespace);
  });

  after(async () => {
    await hasty?.stop();
    await cloud.operator.start();
  });

  it('that finds no node is given up, stays visible for a while, then goes', async () => {
    await instances.apply('nowhere', { imageId: 'ebs', placement: { availabilityZone: 'us-east-1z', tenancy: 'default' } });
    const { status } = await instances.shows('nowhere', 'terminated');
    assert.equal(status?.stateReason?.code, 'Server.InsufficientInstanceCapacity');
    await instances.tells('nowhere', 'GaveUp');
    await eventually('the resource is gone', 60, async () => (await instances.get('nowhere')) === undefined);
  });

  it('that finds no node when it is started goes back to stopped', async () => {
    await instances.apply('db', { imageId: 'ebs' });
    await instances.shows('db', 'running');
    await instances.change('db', { powerState: 'stopped' });
    await instances.shows('db', 'stopped');
    await instances.change('db', { powerState: 'running', placement: { availabilityZone: 'us-east-1z', tenancy: 'default' } });
    await eventually('the start is given up', 60, async () => (await instances.get('db'))?.status?.stateReason?.code === 'Server.InsufficientInstanceCapacity');
    const { spec } = await instances.shows('db', 'stopped');
    assert.equal(spec.powerState, 'stopped');
  });

  it('whose guest does not reboot is reset', async () => {
    await instances.apply('hung', { imageId: 'ebs' });
    await instances.shows('hung', 'running');
    await instances.guest('hung', 'ignore-softreboot');
    await instances.change('hung', { rebootRequestedAt: new Date(Date.now() + 1000).toISOString() });
    await eventually('the machine is reset', 60, async () => (await instances.get('hung'))?.status?.reboot?.phase === 'ResetSent');
    assert.equal((await instances.run('hung'))?.metadata.annotations?.['simulator.kube-ec2.io/resets'], '1');
  });
});
