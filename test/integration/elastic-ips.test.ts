import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeAddressesAttributeCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribePublicIpv4PoolsCommand,
  DisassociateAddressCommand,
  ModifyAddressAttributeCommand,
  ReleaseAddressCommand,
  ResetAddressAttributeCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type Address,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { isNotFound } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { KubectlInstances } from '../support/kubectl-instance.ts';
import { ResponseChecker } from '../support/response-violations.ts';
import { openForEachTry } from '../support/tries.ts';

const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);
/** EC2's, and that of accounts without quotas of their own. */
const ADDRESS_LIMIT = 5;
const PUBLIC = /^203\.0\.113\.\d+$/;

interface EndpointSlice extends AnyObject {
  endpoints?: { addresses: string[]; conditions?: { ready?: boolean } }[];
  ports?: { name: string; port: number; protocol: string }[];
}

/** The load balancer is played by the node agent; endpoints, selectors and ports of Services are Kubernetes' own. */
describe('elastic IP addresses on a real control plane', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let instances: KubectlInstances;
  let groupId = '';
  const spareNodes: string[] = [];
  /** An address to ask for that no test, and no first try of one, has got. */
  const nextWanted = (): string => `203.0.113.${String((lastWanted += 1))}`;
  let lastWanted = 199;
  const tcp = (FromPort: number, ToPort = FromPort): IpPermission => ({ IpProtocol: 'tcp', FromPort, ToPort, IpRanges: [{ CidrIp: '0.0.0.0/0' }] });

  const path = (plural: string, name = ''): string => `/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/${plural}${name && `/${name}`}`;
  const send = async <T extends object>(command: { constructor: { name: string } }): Promise<T> => {
    const { $metadata: _, ...answer } = (await tenant.ec2.send(command as never)) as unknown as T & { $metadata: unknown };
    assert.deepEqual(checker.violations(command.constructor.name.replace(/Command$/, ''), answer), []);
    return answer as unknown as T;
  };
  const launch = async (imageId: string): Promise<string> => {
    const { Instances } = await send<sdk.Reservation>(new RunInstancesCommand({ ImageId: imageId, InstanceType: 't3.nano', MinCount: 1, MaxCount: 1, SecurityGroupIds: [groupId] }));
    return Instances?.[0]?.InstanceId ?? assert.fail('no instance');
  };
  const instanceOf = async (id: string): Promise<sdk.Instance> => {
    const { Reservations } = await send<sdk.DescribeInstancesResult>(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return Reservations?.[0]?.Instances?.[0] ?? assert.fail('no instance');
  };
  const addressOf = async (AllocationId = ''): Promise<Address> => {
    const { Addresses } = await send<sdk.DescribeAddressesResult>(new DescribeAddressesCommand({ AllocationIds: [AllocationId] }));
    return Addresses?.[0] ?? assert.fail('no address');
  };
  /** Where the Service of an address leads, by Kubernetes' own endpoints: `10.244.0.7:22,80`. */
  const leadsTo = async (allocationId: string, want: string): Promise<void> => {
    const query = `labelSelector=${encodeURIComponent(`kubernetes.io/service-name=${allocationId}`)}`;
    await eventually(`${allocationId} leads to ${want || 'nobody'}`, 120, async () => {
      const { items } = await cloud.controlPlane.client.get<{ items: EndpointSlice[] }>(`/apis/discovery.k8s.io/v1/namespaces/${tenant.account.namespace}/endpointslices?${query}`);
      const found = items.flatMap(({ endpoints, ports }) => (endpoints ?? []).filter(({ conditions }) => conditions?.ready === true).map(({ addresses }) => `${addresses.join()}:${(ports ?? []).map(({ port }) => port).sort((left, right) => left - right).join()}`));
      if (found.join(' ') !== want) throw new Error(found.join(' ') || 'nobody');
      return true;
    });
  };

  /** Moves an instance to another node of its zone by live migration; its new private address. */
  const move = async (id: string): Promise<string> => {
    const before = (await instances.get(id))?.status;
    const node = await cloud.controlPlane.client.get<AnyObject>(`/api/v1/nodes/${before?.nodeName ?? ''}`);
    const name = `spare-for-${id}`;
    spareNodes.push(name);
    const labels = { ...node.metadata.labels, 'kubernetes.io/hostname': name };
    await cloud.controlPlane.client.create('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels, annotations: { 'simulator.kube-ec2.io/cpu': '64', 'simulator.kube-ec2.io/memory': '64Gi' } }, spec: {} });
    const migration = { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstanceMigration', metadata: { name: 'move' }, spec: { vmiName: id } };
    await cloud.controlPlane.client.create(`/apis/kubevirt.io/v1/namespaces/${tenant.account.namespace}/virtualmachineinstancemigrations`, migration);
    return eventually(`${id} has moved`, 120, async () => {
      const { status } = (await instances.get(id)) ?? {};
      return status?.nodeName !== before?.nodeName && status?.privateIpAddress !== before?.privateIpAddress ? status?.privateIpAddress : undefined;
    });
  };

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('addresses');
    instances = new KubectlInstances(cloud.controlPlane, tenant.account.namespace, cloud.operator);
    const { GroupId } = await send<sdk.CreateSecurityGroupResult>(new CreateSecurityGroupCommand({ GroupName: 'public', Description: 'public' }));
    groupId = GroupId ?? '';
    await send(new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: [tcp(22), tcp(80)] }));
  });

  after(async () => {
    for (const name of spareNodes) await cloud.controlPlane.client.remove(`/api/v1/nodes/${name}`).catch(() => undefined);
  });

  it('live as Terraform leads them: allocated, associated, shown, followed by the ports of the groups, freed with the instance, released', async () => {
    const id = await launch(tenant.account.instanceStoreImageId);
    const allocated = await send<sdk.AllocateAddressResult>(new AllocateAddressCommand({ Domain: 'vpc', TagSpecifications: [{ ResourceType: 'elastic-ip', Tags: [{ Key: 'Name', Value: 'front' }] }] }));
    const { AllocationId = '', PublicIp = '' } = allocated;
    assert.match(PublicIp, PUBLIC);
    assert.deepEqual([(await addressOf(AllocationId)).PublicIp, (await addressOf(AllocationId)).AssociationId], [PublicIp, undefined]);
    await leadsTo(AllocationId, '');
    const { AssociationId = '' } = await send<sdk.AssociateAddressResult>(new AssociateAddressCommand({ AllocationId, InstanceId: id }));
    const byAssociation = await send<sdk.DescribeAddressesResult>(new DescribeAddressesCommand({ Filters: [{ Name: 'association-id', Values: [AssociationId] }] }));
    assert.deepEqual(byAssociation.Addresses?.map(({ InstanceId, AllocationId: found }) => [InstanceId, found]), [[id, AllocationId]]);
    const attributes = await send<sdk.DescribeAddressesAttributeResult>(new DescribeAddressesAttributeCommand({ AllocationIds: [AllocationId], Attribute: 'domain-name' }));
    assert.deepEqual(attributes.Addresses, [{ AllocationId, PublicIp }]);
    const shown = await instanceOf(id);
    assert.deepEqual([shown.PublicIpAddress, shown.NetworkInterfaces?.[0]?.Association?.PublicIp], [PublicIp, PublicIp]);

    const { status } = await instances.shows(id, 'running');
    const privateIp = status?.privateIpAddress ?? '';
    await leadsTo(AllocationId, `${privateIp}:22,80`);
    await eventually('kubectl shows the address', 60, async () => (await instances.get(id))?.status?.publicIpAddress === PublicIp);
    await send(new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: [tcp(443)] }));
    await leadsTo(AllocationId, `${privateIp}:22,80,443`);
    await send(new RevokeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: [tcp(443)] }));
    await leadsTo(AllocationId, `${privateIp}:22,80`);
    await assert.rejects(tenant.ec2.send(new ReleaseAddressCommand({ AllocationId })), { name: 'InvalidIPAddress.InUse' });
    const moved = await move(id);
    assert.notEqual(moved, privateIp);
    await leadsTo(AllocationId, `${moved}:22,80`);
    assert.equal((await instanceOf(id)).PublicIpAddress, PublicIp);

    await send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    assert.equal((await addressOf(AllocationId)).InstanceId, undefined);
    await leadsTo(AllocationId, '');
    const elasticIp = await eventually('the association is taken back', 60, async () => {
      const found = await cloud.controlPlane.client.get<{ spec: { association?: object }; status?: { publicIp?: string } }>(path('elasticips', AllocationId));
      return found.spec.association === undefined ? found : undefined;
    });
    assert.equal(elasticIp.status?.publicIp, PublicIp);
    await send(new ReleaseAddressCommand({ AllocationId }));
    await assert.rejects(tenant.ec2.send(new DescribeAddressesCommand({ AllocationIds: [AllocationId] })), { name: 'InvalidAllocationID.NotFound' });
    await eventually('the Service goes with it', 60, async () =>
      cloud.controlPlane.client.get(`/api/v1/namespaces/${tenant.account.namespace}/services/${AllocationId}`).then(() => false, isNotFound),
    );
  });

  it('stay with an instance over stop and start, and with kubectl wait for it and move on request', async () => {
    const apply = async (name: string, spec: object): Promise<void> => {
      await cloud.controlPlane.applier.apply([{ apiVersion: 'kube-ec2.io/v1alpha1', kind: 'ElasticIp', metadata: { name, namespace: tenant.account.namespace }, spec }]);
    };
    const claims = async (name: string, type: string, want: string): Promise<{ allocationId: string; publicIp: string }> =>
      eventually(`${name} has ${type} ${want}`, 120, async () => {
        const { status } = await cloud.controlPlane.client.get<{ status?: { allocationId: string; publicIp: string; conditions?: { type: string; status: string; reason: string }[] } }>(path('elasticips', name));
        const condition = status?.conditions?.find((candidate) => candidate.type === type);
        if (`${condition?.status ?? ''} ${condition?.reason ?? ''}` !== want) throw new Error(JSON.stringify(status));
        return status;
      });
    await apply('front', { association: { instanceId: 'web' } });
    await claims('front', 'Associated', 'False InstanceNotFound');
    await instances.apply('web', { imageId: 'ebs', securityGroupIds: [groupId] });
    const { allocationId, publicIp } = await claims('front', 'Associated', 'True Associated');
    assert.match(publicIp, PUBLIC);
    const first = await instances.shows('web', 'running');
    await leadsTo(allocationId, `${first.status?.privateIpAddress ?? ''}:22,80`);
    const id = first.status?.instanceId ?? '';
    await send(new StopInstancesCommand({ InstanceIds: [id] }));
    await instances.shows('web', 'stopped');
    assert.equal((await instanceOf(id)).PublicIpAddress, publicIp);
    await leadsTo(allocationId, '');
    await send(new StartInstancesCommand({ InstanceIds: [id] }));
    const again = await instances.shows('web', 'running');
    await leadsTo(allocationId, `${again.status?.privateIpAddress ?? ''}:22,80`);
    assert.deepEqual([again.status?.publicIpAddress, again.status?.macAddress], [publicIp, first.status?.macAddress]);

    await apply('second', { association: { instanceId: id } });
    await claims('second', 'Associated', 'False AlreadyAssociated');
    await apply('second', { association: { instanceId: id, allowReassociation: true } });
    const second = await claims('second', 'Associated', 'True Associated');
    await claims('front', 'Associated', 'False NotAssociated');
    await eventually('the instance has the other address', 60, async () => (await instances.get('web'))?.status?.publicIpAddress === second.publicIp);
  });

  it('that are not elastic: an instance that is launched with a public address has one while it runs', async () => {
    const { Instances } = await send<sdk.Reservation>(
      new RunInstancesCommand({ ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.nano', MinCount: 1, MaxCount: 1, NetworkInterfaces: [{ DeviceIndex: 0, Groups: [groupId], AssociatePublicIpAddress: true }] }),
    );
    const id = Instances?.[0]?.InstanceId ?? '';
    const { status } = await instances.shows(id, 'running');
    const publicIp = await eventually('it has an address', 60, async () => (await instanceOf(id)).PublicIpAddress);
    assert.match(publicIp, PUBLIC);
    assert.equal((await instanceOf(id)).NetworkInterfaces?.[0]?.Association?.IpOwnerId, 'amazon');
    await leadsTo(`${id}-public`, `${status?.privateIpAddress ?? ''}:22,80`);
    const { Addresses = [] } = await send<sdk.DescribeAddressesResult>(new DescribeAddressesCommand({}));
    assert.ok(!Addresses.some(({ PublicIp }) => PublicIp === publicIp));
    await send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await eventually('the address is given back', 60, async () =>
      cloud.controlPlane.client.get(`/api/v1/namespaces/${tenant.account.namespace}/services/${id}-public`).then(() => false, isNotFound),
    );
  });

  it('that are not to be had are refused, and nothing stays behind', async () => {
    const before = await send<sdk.DescribeAddressesResult>(new DescribeAddressesCommand({}));
    await assert.rejects(tenant.ec2.send(new AllocateAddressCommand({ Address: '198.51.100.1' })), { name: 'InvalidAddress.NotFound' });
    const { items } = await cloud.controlPlane.client.get<{ items: unknown[] }>(path('elasticips'));
    assert.equal(items.length, before.Addresses?.length);
    const wanted = nextWanted();
    const { AllocationId } = await send<sdk.AllocateAddressResult>(new AllocateAddressCommand({ Address: wanted }));
    assert.equal((await addressOf(AllocationId)).PublicIp, wanted);
    await assert.rejects(tenant.ec2.send(new ModifyAddressAttributeCommand({ AllocationId, DomainName: 'a.example.com' })), { name: 'UnsupportedOperation' });
    const reset = await send<sdk.ResetAddressAttributeResult>(new ResetAddressAttributeCommand({ AllocationId, Attribute: 'domain-name' }));
    assert.deepEqual(reset.Address, { AllocationId, PublicIp: wanted });
    assert.deepEqual(await send(new DescribePublicIpv4PoolsCommand({})), { PublicIpv4Pools: [] });
    await assert.rejects(tenant.ec2.send(new DisassociateAddressCommand({ AssociationId: 'eipassoc-00000000000000000' })), { name: 'InvalidAssociationID.NotFound' });
    const rest = Array.from({ length: ADDRESS_LIMIT - 1 - items.length }, async () => send<sdk.AllocateAddressResult>(new AllocateAddressCommand({})));
    const more = await Promise.all(rest);
    await assert.rejects(tenant.ec2.send(new AllocateAddressCommand({})), { name: 'AddressLimitExceeded' });
    for (const allocated of [{ AllocationId }, ...more]) await send(new ReleaseAddressCommand({ AllocationId: allocated.AllocationId }));
  });

  it('are what boto3 expects of them', async () => {
    const id = await launch(tenant.account.instanceStoreImageId);
    await instances.shows(id, 'running');
    const first = await send<sdk.AllocateAddressResult>(new AllocateAddressCommand({}));
    await send(new AssociateAddressCommand({ AllocationId: first.AllocationId, InstanceId: id }));
    const wanted = nextWanted();
    await send(new AllocateAddressCommand({ Address: wanted }));
    const result = await tenant.python(`
import boto3, json
ec2 = boto3.resource('ec2')
address = next(iter(ec2.vpc_addresses.filter(Filters=[{'Name': 'public-ip', 'Values': ['${wanted}']}])))
instance = ec2.Instance('${id}')
interface = instance.network_interfaces[0]
before = [a.allocation_id for a in instance.vpc_addresses.all()]
address.associate(NetworkInterfaceId=interface.id)
instance.reload(); interface.reload(); address.reload()
during = [instance.public_ip_address, interface.association_attribute['PublicIp'], interface.association.address.allocation_id == address.allocation_id, address.network_interface_id == interface.id]
address.association.delete()
instance.reload()
address.release()
print(json.dumps([len(before), during, instance.public_ip_address, list(ec2.classic_addresses.all())]))`);
    assert.deepEqual(result, [1, [wanted, wanted, true, true], null, []]);
  });
});
