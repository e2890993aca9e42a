import assert from 'node:assert/strict';
import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeInstancesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
  type Instance,
} from '@aws-sdk/client-ec2';
import type { ControlPlane } from '../../hack/control-plane/control-plane.ts';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { Cloud, TenantClients } from '../support/cloud.ts';
import { openKubeOvnCloud } from '../support/kube-ovn-cloud.ts';
import { KubectlInstances } from '../support/kubectl-instance.ts';
import { inOrder } from '../support/tries.ts';

interface Shown extends AnyObject {
  spec: Record<string, unknown>;
  status?: { standby?: boolean; v4usingIPs?: number; conditions?: { type: string; status: string; reason: string }[] };
}

const BLOCK = '10.7.1.0/24';

describe('the network by Kube-OVN, its kinds on the real API server, its controller simulated', () => {
  let cloud: Cloud | undefined;
  let controlPlane: ControlPlane;
  let tenant: TenantClients;
  let ec2: EC2Client;
  let instances: KubectlInstances;
  let vpcId = '';
  let subnetId = '';

  before(async () => {
    cloud = await openKubeOvnCloud('kube-ovn');
    controlPlane = cloud.controlPlane;
  });
  const step = inOrder(async () => {
    assert.ok(cloud);
    tenant = await cloud.open('kube-ovn');
    ec2 = tenant.ec2;
    instances = new KubectlInstances(controlPlane, tenant.account.namespace, cloud.operator);
  });
  after(async () => cloud?.close());

  const get = async (path: string): Promise<Shown | undefined> =>
    controlPlane.client.find<Shown>(path);
  const ovn = async (plural: string, name: string): Promise<Shown | undefined> => get(`/apis/kubeovn.io/v1/${plural}/${name}`);
  const own = async (plural: string, name: string): Promise<Shown | undefined> => get(`/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/${plural}/${name}`);
  const claims = async (plural: string, name: string, type: string, want: string): Promise<void> => {
    await eventually(`${plural}/${name} has ${type} ${want}`, 60, async () => {
      const condition = (await own(plural, name))?.status?.conditions?.find((candidate) => candidate.type === type);
      if (`${condition?.status ?? ''} ${condition?.reason ?? ''}` === want) return true;
      throw new Error(JSON.stringify(condition));
    });
  };
  const described = async (id: string): Promise<Instance> => {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return Reservations[0]?.Instances?.[0] ?? assert.fail(`${id} is not described`);
  };
  const podOf = async (id: string): Promise<Shown> => {
    const query = `labelSelector=${encodeURIComponent(`kubevirt.io=virt-launcher,vm.kubevirt.io/name=${id}`)}`;
    const { items } = await controlPlane.client.get<{ items: Shown[] }>(`/api/v1/namespaces/${tenant.account.namespace}/pods?${query}`);
    return items.find(({ metadata }) => metadata.deletionTimestamp === undefined) ?? assert.fail(`${id} has no pod`);
  };

  step('a VPC is a router and a subnet a switch, those of the default network too', async () => {
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.7.0.0/16' }));
    vpcId = Vpc?.VpcId ?? '';
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: BLOCK, AvailabilityZone: 'us-east-1b' }));
    subnetId = Subnet?.SubnetId ?? '';
    const made = await eventually('the switch is ready', 60, async () => {
      const found = await ovn('subnets', subnetId);
      return found?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ? found : undefined;
    });
    const { vpc, cidrBlock, gateway, excludeIps } = made.spec;
    assert.deepEqual({ vpc, cidrBlock, gateway, excludeIps }, { vpc: vpcId, cidrBlock: BLOCK, gateway: '10.7.1.1', excludeIps: ['10.7.1.1..10.7.1.3'] });
    await eventually('the router stands by', 60, async () => (await ovn('vpcs', vpcId))?.status?.standby);
    await claims('vpcs', vpcId, 'Isolated', 'True KubeOvn');
    await claims('vpcs', vpcId, 'AddressesFromBlock', 'True KubeOvn');
    await claims('vpcs', 'default', 'Isolated', 'True KubeOvn');
    await eventually('there is a switch for each of three zones, beside ours', 60, async () => {
      const query = `labelSelector=${encodeURIComponent(`kube-ec2.io/namespace=${tenant.account.namespace}`)}`;
      const { items } = await controlPlane.client.get<{ items: Shown[] }>(`/apis/kubeovn.io/v1/subnets?${query}`);
      if (items.length === 4) return true;
      throw new Error(items.map(({ metadata }) => metadata.name).join());
    });
  });

  step('says of route tables that they lead nowhere, and not that it were the pod network', async () => {
    const { items } = await controlPlane.client.get<{ items: Shown[] }>(`/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/routetables`);
    assert.ok(items.length >= 2);
    for (const { metadata } of items) await claims('routetables', metadata.name ?? '', 'Enforced', 'False ExternalSubnetNotConfigured');
  });

  step('an instance is plugged into its switch, has an address of its block and keeps it over stop and start', async () => {
    const { Instances } = await ec2.send(
      new RunInstancesCommand({ ImageId: tenant.account.ebsImageId, InstanceType: 't3.nano', MinCount: 1, MaxCount: 1, SubnetId: subnetId }),
    );
    const id = Instances?.[0]?.InstanceId ?? '';
    await instances.shows(id, 'running');
    const before = await described(id);
    assert.equal(before.PrivateIpAddress, '10.7.1.4', 'the first that EC2 would give too');
    const mac = before.NetworkInterfaces?.[0]?.MacAddress;
    const annotations = { 'ovn.kubernetes.io/logical_switch': subnetId, 'ovn.kubernetes.io/mac_address': mac };
    const machine = (await instances.machine(id)) as (AnyObject & { spec: { template: { metadata: { annotations: object } } } }) | undefined;
    const onTemplate = machine?.spec.template.metadata.annotations;
    assert.deepEqual({ ...onTemplate, ...annotations }, onTemplate);
    const onPod = (await podOf(id)).metadata.annotations;
    assert.deepEqual({ ...onPod, ...annotations, 'ovn.kubernetes.io/ip_address': '10.7.1.4' }, onPod);

    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await instances.shows(id, 'stopped');
    const { Instances: others } = await ec2.send(
      new RunInstancesCommand({ ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.nano', MinCount: 1, MaxCount: 1, SubnetId: subnetId }),
    );
    const other = others?.[0]?.InstanceId ?? '';
    await instances.shows(other, 'running');
    assert.equal((await described(other)).PrivateIpAddress, '10.7.1.5', 'that of a stopped one is not given away');
    await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    await instances.shows(id, 'running');
    const after = await described(id);
    assert.deepEqual([after.PrivateIpAddress, after.NetworkInterfaces?.[0]?.MacAddress, after.SubnetId, after.VpcId], ['10.7.1.4', mac, subnetId, vpcId]);
    await assert.rejects(ec2.send(new DeleteSubnetCommand({ SubnetId: subnetId })), { name: 'DependencyViolation' });
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id, other] }));
    await Promise.all([id, other].map(async (each) => instances.shows(each, 'terminated')));
  });

  step('nothing of it is left when subnet and VPC are deleted', async () => {
    await ec2.send(new DeleteSubnetCommand({ SubnetId: subnetId }));
    await eventually('the switch is gone', 60, async () => (await ovn('subnets', subnetId)) === undefined && (await own('subnets', subnetId)) === undefined);
    await ec2.send(new DeleteVpcCommand({ VpcId: vpcId }));
    await eventually('the router is gone', 60, async () => (await ovn('vpcs', vpcId)) === undefined && (await own('vpcs', vpcId)) === undefined);
    const { items } = await controlPlane.client.get<{ items: Shown[] }>('/apis/kubeovn.io/v1/ips');
    assert.deepEqual(items.filter(({ spec }) => spec['namespace'] === tenant.account.namespace), []);
  });
});
