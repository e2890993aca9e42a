import assert from 'node:assert/strict';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import { associationIdOf } from '../../../../operator/api/network/elastic-ip.ts';
import { macAddressFrom, NETWORK_INTERFACE_FINALIZER } from '../../../../operator/api/network/network-interface.ts';
import { networkInterfaceController } from '../../../../operator/controllers/network-interface/controller.ts';
import { Instance, NetworkInterface, Service, VirtualMachine, VirtualMachineInstance } from '../../../../operator/kubernetes/resources.ts';
import { aNetworkInterface, anElasticIp } from '../../../support/address-objects.ts';
import { passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { instanceWorld, runningWorld, WORLD_NAMESPACE, type InstanceWorld } from '../../../support/instance-world.ts';

const ENI = 'eni-00000000000000001';
const key = { namespace: WORLD_NAMESPACE, name: ENI };
const anInterface = (): NetworkInterface => aNetworkInterface(ENI, { namespace: WORLD_NAMESPACE, securityGroupIds: ['web'] });

async function settled({ cluster, clock }: Pick<InstanceWorld, 'cluster' | 'clock'>): Promise<NetworkInterface | undefined> {
  await passUntilQuiet(cluster, networkInterfaceController(), key, clock);
  return cluster.get(NetworkInterface, key);
}

describe('the network interface controller', () => {
  it('keeps an interface while an instance has it, and frees it when the instance has ended', async () => {
    const world = instanceWorld({ networkInterface: { networkInterfaceId: ENI } }, anInterface());
    const inUse = await settled(world);
    assert.deepEqual([inUse?.status?.status, inUse?.status?.instanceId, inUse?.metadata.finalizers], ['in-use', ec2IdOf('i', world.instance()), [NETWORK_INTERFACE_FINALIZER]]);
    await world.cluster.remove(NetworkInterface, key);
    assert.ok(await settled(world), 'it waits for its instance');
    await world.cluster.patchStatus(Instance, { namespace: WORLD_NAMESPACE, name: 'web-1' }, { status: { state: 'terminated' } });
    assert.equal(await settled(world), undefined);
  });

  it('says when its groups are not there', async () => {
    const cluster = new FakeCluster({ objects: [aNetworkInterface(ENI, { namespace: WORLD_NAMESPACE, securityGroupIds: ['none'] })] });
    const { clock } = instanceWorld();
    const found = await settled({ cluster, clock });
    assert.deepEqual([found?.status?.status, found?.status?.conditions?.[0]?.reason], ['available', 'SecurityGroupNotFound']);
  });
});

describe('an instance that is launched with a network interface', () => {
  it('takes over MAC address and security groups, and follows when they change', async () => {
    const world = await runningWorld({ networkInterface: { networkInterfaceId: ENI } }, anInterface());
    const status = world.instance().status;
    assert.equal(status?.macAddress, macAddressFrom(`uid-${ENI}`));
    const vm = (): VirtualMachine | undefined => world.cluster.list(VirtualMachine)[0];
    assert.equal(vm()?.spec.template.spec?.domain.devices.interfaces?.[0]?.macAddress, status?.macAddress);
    const [web = ''] = status?.securityGroupIds ?? [];
    await world.cluster.patch(NetworkInterface, key, { spec: { securityGroupIds: ['default'] } });
    await world.settle();
    assert.notEqual(world.instance().status?.securityGroupIds?.[0], web);
    assert.equal(vm()?.spec.template.metadata?.labels?.[`sg.kube-ec2.io/${web}`], undefined);
  });

  it('waits for one that is not there, and for one that another instance has', async () => {
    const world = instanceWorld({ networkInterface: { networkInterfaceId: ENI } });
    await world.settle();
    const reason = (): string | undefined => world.instance().status?.conditions?.find(({ type }) => type === 'Launchable')?.reason;
    assert.equal(reason(), 'NetworkInterfaceNotFound');
    const older = { ...world.instance(), metadata: { name: 'older', namespace: WORLD_NAMESPACE, uid: 'uid-older', creationTimestamp: '2020-01-01T00:00:00Z' } };
    world.cluster.add(anInterface(), older);
    await world.settle();
    assert.equal(reason(), 'NetworkInterfaceInUse');
    await world.cluster.remove(Instance, { namespace: WORLD_NAMESPACE, name: 'older' });
    await world.settle();
    assert.equal(world.cluster.list(VirtualMachine).length, 1);
  });

  for (const deleteOnTermination of [true, false]) {
    it(`${deleteOnTermination ? 'removes' : 'leaves'} it when the instance ends`, async () => {
      const world = await runningWorld({ networkInterface: { networkInterfaceId: ENI, deleteOnTermination } }, anInterface());
      await world.change({ powerState: 'terminated' });
      for (const { metadata } of world.cluster.list(VirtualMachineInstance)) await world.cluster.remove(VirtualMachineInstance, { namespace: WORLD_NAMESPACE, name: metadata?.name ?? '' });
      await world.settle();
      assert.equal(world.instance().status?.state, 'terminated');
      assert.equal(world.cluster.get(NetworkInterface, key) === undefined, deleteOnTermination);
    });
  }
});

it('an instance that asks for a public address has one while it runs, unless it has an elastic one', async () => {
  const web = { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'SecurityGroup', metadata: { name: 'public', namespace: WORLD_NAMESPACE, uid: 'uid-public' }, spec: { groupName: 'public', description: '', ingress: [{ ipProtocol: 'tcp', fromPort: 80, toPort: 80, cidrIpv4: '0.0.0.0/0' }], egress: [] } };
  const world = await runningWorld({ securityGroupIds: ['public'], networkInterface: { associatePublicIpAddress: true } }, web);
  const services = (): Service[] => [...world.cluster.list(Service)];
  const claim = (): string | undefined => world.instance().status?.conditions?.find(({ type }) => type === 'PublicAddress')?.reason;
  const instanceId = world.instance().status?.instanceId ?? '';
  assert.deepEqual([services()[0]?.metadata?.name, services()[0]?.spec?.ports?.map(({ port }) => port), claim()], [`${instanceId}-public`, [80], 'AddressPending']);
  await world.cluster.patchStatus(Service, { namespace: WORLD_NAMESPACE, name: `${instanceId}-public` }, { status: { loadBalancer: { ingress: [{ ip: '203.0.113.9' }] } } });
  await world.settle();
  assert.deepEqual([world.instance().status?.publicIpAddress, claim()], ['203.0.113.9', 'Assigned']);
  const elasticIp = anElasticIp('public', { namespace: WORLD_NAMESPACE, association: { instanceId, allowReassociation: false } });
  const associationId = associationIdOf(elasticIp) ?? '';
  world.cluster.add(anElasticIp('public', { namespace: WORLD_NAMESPACE, association: { instanceId, allowReassociation: false }, status: { publicIp: '203.0.113.7', instanceId, associationId } }));
  await world.settle();
  assert.deepEqual([world.instance().status?.publicIpAddress, services().length, claim()], ['203.0.113.7', 0, undefined]);
  world.cluster.add(anElasticIp('public', { namespace: WORLD_NAMESPACE }));
  await world.settle();
  assert.equal(services().length, 1);
  await world.change({ powerState: 'stopped' });
  await world.kubevirt.end();
  await world.settle();
  assert.deepEqual([services().length, world.instance().status?.publicIpAddress], [0, undefined]);
  await world.change({ powerState: 'running' });
  assert.equal(services().length, 1);
  await world.change({ powerState: 'terminated' });
  for (const { metadata } of world.cluster.list(VirtualMachineInstance)) await world.cluster.remove(VirtualMachineInstance, { namespace: WORLD_NAMESPACE, name: metadata?.name ?? '' });
  await world.settle();
  assert.equal(services().length, 0);
});

it('an instance shows the address of its elastic IP while it has it, stopped or running', async () => {
  const world = await runningWorld();
  const instanceId = world.instance().status?.instanceId ?? '';
  const elasticIp = anElasticIp('public', { namespace: WORLD_NAMESPACE, association: { instanceId, allowReassociation: false } });
  const associationId = associationIdOf(elasticIp) ?? '';
  world.cluster.add(anElasticIp('public', { namespace: WORLD_NAMESPACE, association: { instanceId, allowReassociation: false }, status: { publicIp: '203.0.113.7', instanceId, associationId } }));
  await world.settle();
  assert.equal(world.instance().status?.publicIpAddress, '203.0.113.7');
  await world.change({ powerState: 'stopped' });
  assert.equal(world.instance().status?.publicIpAddress, '203.0.113.7');
  world.cluster.add(anElasticIp('public', { namespace: WORLD_NAMESPACE }));
  await world.settle();
  assert.equal(world.instance().status?.publicIpAddress, undefined);
});
