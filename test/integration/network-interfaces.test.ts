import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import {
  AssignPrivateIpAddressesCommand,
  AttachNetworkInterfaceCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteNetworkInterfaceCommand,
  DeleteSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfaceAttributeCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DetachNetworkInterfaceCommand,
  ModifyNetworkInterfaceAttributeCommand,
  ResetNetworkInterfaceAttributeCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  UnassignPrivateIpAddressesCommand,
} from '@aws-sdk/client-ec2';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { isNotFound } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { KubectlInstances } from '../support/kubectl-instance.ts';
import { ResponseChecker } from '../support/response-violations.ts';
import { openForEachTry } from '../support/tries.ts';

const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);

describe('network interfaces on a real control plane', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let instances: KubectlInstances;
  let subnetId = '';
  let groups: string[] = [];

  const path = (name: string): string => `/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/networkinterfaces/${name}`;
  const send = async <T extends object>(command: { constructor: { name: string } }): Promise<T> => {
    const { $metadata: _, ...answer } = (await tenant.ec2.send(command as never)) as unknown as T & { $metadata: unknown };
    assert.deepEqual(checker.violations(command.constructor.name.replace(/Command$/, ''), answer), []);
    return answer as unknown as T;
  };
  const interfaceOf = async (id: string): Promise<sdk.NetworkInterface> => {
    const { NetworkInterfaces } = await send<sdk.DescribeNetworkInterfacesResult>(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] }));
    return NetworkInterfaces?.[0] ?? assert.fail('no interface');
  };
  /** Security groups that the launcher pods of an instance are members of. */
  const groupsOfPods = async (id: string): Promise<string> => {
    const query = `labelSelector=${encodeURIComponent(`kube-ec2.io/instance-id=${id}`)}`;
    const { items } = await cloud.controlPlane.client.get<{ items: AnyObject[] }>(`/api/v1/namespaces/${tenant.account.namespace}/pods?${query}`);
    return items.map(({ metadata }) => Object.keys(metadata.labels ?? {}).filter((label) => label.startsWith('sg.kube-ec2.io/')).map((label) => label.slice('sg.kube-ec2.io/'.length)).sort().join()).join(' ');
  };

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('interfaces');
    instances = new KubectlInstances(cloud.controlPlane, tenant.account.namespace, cloud.operator);
    const { Subnets = [] } = await send<sdk.DescribeSubnetsResult>(new DescribeSubnetsCommand({ Filters: [{ Name: 'default-for-az', Values: ['true'] }] }));
    subnetId = Subnets[0]?.SubnetId ?? '';
    groups = await Promise.all(['one', 'two'].map(async (name) => (await send<sdk.CreateSecurityGroupResult>(new CreateSecurityGroupCommand({ GroupName: name, Description: name }))).GroupId ?? ''));
  });

  it('live as Terraform leads them: made, launched with, other groups on the running machine, free again, deleted', async () => {
    const [one = '', two = ''] = groups;
    const made = await send<sdk.CreateNetworkInterfaceResult>(new CreateNetworkInterfaceCommand({ SubnetId: subnetId, Groups: [one], Description: 'front', ClientToken: 'terraform-1' }));
    const { NetworkInterfaceId = '', MacAddress } = made.NetworkInterface ?? {};
    assert.equal((await interfaceOf(NetworkInterfaceId)).Status, 'available');
    const { Instances } = await send<sdk.Reservation>(
      new RunInstancesCommand({ ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.nano', MinCount: 1, MaxCount: 1, NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId }] }),
    );
    const { InstanceId = '', SubnetId, NetworkInterfaces } = Instances?.[0] ?? {};
    assert.deepEqual([SubnetId, NetworkInterfaces?.[0]?.NetworkInterfaceId, NetworkInterfaces?.[0]?.Attachment?.DeleteOnTermination], [subnetId, NetworkInterfaceId, false]);
    const { status } = await instances.shows(InstanceId, 'running');
    assert.equal(status?.macAddress, MacAddress);
    const run = await instances.run(InstanceId);
    assert.equal((run?.['spec'] as { domain: { devices: { interfaces: { macAddress: string }[] } } }).domain.devices.interfaces[0]?.macAddress, MacAddress);
    const attached = await eventually('the interface has the address of its machine', 60, async () => {
      const found = await interfaceOf(NetworkInterfaceId);
      return found.PrivateIpAddress === status?.privateIpAddress && found;
    });
    assert.deepEqual([attached.Status, attached.Attachment?.InstanceId, attached.Description], ['in-use', InstanceId, 'front']);
    assert.equal(await groupsOfPods(InstanceId), one);
    await send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [two] }));
    await eventually('the running machine is in the other group', 60, async () => (await groupsOfPods(InstanceId)) === two);
    await assert.rejects(tenant.ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId })), { name: 'InvalidParameterValue' });
    await assert.rejects(tenant.ec2.send(new DeleteSecurityGroupCommand({ GroupId: two })), { name: 'DependencyViolation' });

    await send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
    await eventually('the interface is free', 60, async () => (await interfaceOf(NetworkInterfaceId)).Status === 'available');
    assert.equal((await interfaceOf(NetworkInterfaceId)).MacAddress, MacAddress);
    await assert.rejects(tenant.ec2.send(new DeleteSecurityGroupCommand({ GroupId: two })), { name: 'DependencyViolation' });
    await eventually('it can be deleted', 60, async () => send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId })).then(() => true));
    await eventually('it is gone', 60, async () => tenant.ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [NetworkInterfaceId] })).then(() => false, (error: unknown) => (error as Error).name === 'InvalidNetworkInterfaceID.NotFound'));
  });

  it('of instances are shown, tagged and changed without an object of their own', async () => {
    const [one = '', two = ''] = groups;
    const { Instances } = await send<sdk.Reservation>(
      new RunInstancesCommand({
        ImageId: tenant.account.instanceStoreImageId,
        InstanceType: 't3.nano',
        MinCount: 1,
        MaxCount: 1,
        NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnetId, Groups: [one], Description: 'mine', AssociatePublicIpAddress: false }],
        TagSpecifications: [{ ResourceType: 'network-interface', Tags: [{ Key: 'team', Value: 'a' }] }],
      }),
    );
    const { InstanceId = '' } = Instances?.[0] ?? {};
    await instances.shows(InstanceId, 'running');
    const { NetworkInterfaces } = await send<sdk.DescribeNetworkInterfacesResult>(new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [InstanceId] }] }));
    const [card = {}] = NetworkInterfaces ?? [];
    const { NetworkInterfaceId = '' } = card;
    assert.deepEqual([card.Description, card.SubnetId, card.TagSet, card.Groups?.map(({ GroupId }) => GroupId)], ['mine', subnetId, [{ Key: 'team', Value: 'a' }], [one]]);
    // Two changes of one Instance at the same time: neither is lost.
    await Promise.all([
      send(new CreateTagsCommand({ Resources: [NetworkInterfaceId], Tags: [{ Key: 'more', Value: 'b' }] })),
      send(new CreateTagsCommand({ Resources: [InstanceId], Tags: [{ Key: 'Name', Value: 'web' }] })),
      send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [one, two] })),
    ]);
    const { Tags } = await send<sdk.DescribeTagsResult>(new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [NetworkInterfaceId, InstanceId] }] }));
    assert.deepEqual(Tags?.map(({ ResourceType, Key }) => `${ResourceType ?? ''} ${Key ?? ''}`).sort(), ['instance Name', 'network-interface more', 'network-interface team']);
    await eventually('the running machine is in both groups', 60, async () => (await groupsOfPods(InstanceId)) === [one, two].sort().join());
    const { Reservations } = await send<sdk.DescribeInstancesResult>(new DescribeInstancesCommand({ Filters: [{ Name: 'network-interface.network-interface-id', Values: [NetworkInterfaceId] }] }));
    assert.deepEqual(Reservations?.[0]?.Instances?.map((instance) => instance.InstanceId), [InstanceId]);
    const spare = await send<sdk.CreateNetworkInterfaceResult>(new CreateNetworkInterfaceCommand({ SubnetId: subnetId }));
    await assert.rejects(
      tenant.ec2.send(new AttachNetworkInterfaceCommand({ NetworkInterfaceId: spare.NetworkInterface?.NetworkInterfaceId, InstanceId, DeviceIndex: 1 })),
      { name: 'AttachmentLimitExceeded' },
    );
    await assert.rejects(tenant.ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId: card.Attachment?.AttachmentId })), { name: 'OperationNotPermitted' });
    await assert.rejects(tenant.ec2.send(new AssignPrivateIpAddressesCommand({ NetworkInterfaceId, SecondaryPrivateIpAddressCount: 1 })), { name: 'PrivateIpAddressLimitExceeded' });
    await assert.rejects(tenant.ec2.send(new UnassignPrivateIpAddressesCommand({ NetworkInterfaceId, PrivateIpAddresses: ['10.0.0.9'] })), { name: 'InvalidParameterValue' });
    await send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, SourceDestCheck: { Value: false } }));
    await send(new ResetNetworkInterfaceAttributeCommand({ NetworkInterfaceId, SourceDestCheck: 'true' }));
    const attribute = await send<sdk.DescribeNetworkInterfaceAttributeResult>(new DescribeNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Attribute: 'sourceDestCheck' }));
    assert.deepEqual(attribute.SourceDestCheck, { Value: true });
    await send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  });

  it('by kubectl: an instance waits for its interface, keeps it from being deleted, and may take it along', async () => {
    const apply = async (spec: object): Promise<void> => {
      await cloud.controlPlane.applier.apply([{ apiVersion: 'kube-ec2.io/v1alpha1', kind: 'NetworkInterface', metadata: { name: 'db', namespace: tenant.account.namespace }, spec }]);
    };
    await instances.apply('db-1', { imageId: 'instance-store', networkInterface: { networkInterfaceId: 'db', deleteOnTermination: true } });
    await instances.claims('db-1', 'Launchable', 'False NetworkInterfaceNotFound');
    await apply({ securityGroupIds: [groups[0]], description: 'database' });
    const { status } = await instances.shows('db-1', 'running');
    const held = await eventually('the interface is in use', 60, async () => {
      const found = await cloud.controlPlane.client.get<AnyObject & { status?: { status?: string; macAddress?: string; privateIpAddress?: string } }>(path('db'));
      return found.status?.status === 'in-use' && found.status.privateIpAddress !== undefined ? found : undefined;
    });
    assert.deepEqual([held.status?.macAddress, held.status?.privateIpAddress], [status?.macAddress, status?.privateIpAddress]);
    await instances.apply('db-2', { imageId: 'instance-store', networkInterface: { networkInterfaceId: 'db' } });
    await instances.claims('db-2', 'Launchable', 'False NetworkInterfaceInUse');
    await assert.rejects(instances.change('db-1', { networkInterface: { networkInterfaceId: 'other' } }), /networkInterfaceId cannot be changed/);
    await assert.rejects(instances.change('db-1', { securityGroupIds: [groups[1] ?? ''] }), /security groups of a NetworkInterface are its own/);
    await assert.rejects(instances.apply('bad', { imageId: 'instance-store', networkInterface: { deleteOnTermination: false } }), /the own interface of an instance goes with it/);
    await instances.remove('db-2');
    await cloud.controlPlane.client.remove(path('db'));
    assert.ok((await cloud.controlPlane.client.get<AnyObject>(path('db'))).metadata.deletionTimestamp, 'it waits for its instance');
    await instances.remove('db-1');
    await eventually('both are gone', 60, async () => cloud.controlPlane.client.get(path('db')).then(() => false, isNotFound));
  });

  it('are what boto3 expects of them', async () => {
    const result = await tenant.python(`
import boto3, json
ec2 = boto3.resource('ec2')
made = ec2.Subnet('${subnetId}').create_network_interface(Description='by boto3')
made.wait_until_exists() if hasattr(made, 'wait_until_exists') else None
ec2.meta.client.get_waiter('network_interface_available').wait(NetworkInterfaceIds=[made.id])
made.create_tags(Tags=[{'Key': 'Name', 'Value': 'x'}])
made.modify_attribute(Description={'Value': 'changed'})
made.reload()
seen = [made.status, made.description, made.tag_set, made.vpc_id == ec2.Subnet('${subnetId}').vpc_id, made.describe_attribute(Attribute='description')['Description']['Value']]
listed = made.id in [i.id for i in ec2.Subnet('${subnetId}').network_interfaces.all()]
made.delete()
print(json.dumps([seen, listed]))`);
    assert.deepEqual(result, [['available', 'changed', [{ Key: 'Name', Value: 'x' }], true, 'changed'], true]);
  });
});
