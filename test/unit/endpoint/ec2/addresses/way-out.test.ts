import assert from 'node:assert/strict';
import { InternetGatewayDefinition } from '../../../../../operator/api/network/internet-gateway.ts';
import type { KubernetesObject } from '../../../../../operator/api/shared.ts';
import { associateAddress } from '../../../../../operator/endpoint/ec2/addresses/AssociateAddress.ts';
import { describeAddresses } from '../../../../../operator/endpoint/ec2/addresses/DescribeAddresses.ts';
import { disassociateAddress } from '../../../../../operator/endpoint/ec2/addresses/DisassociateAddress.ts';
import { releaseAddress } from '../../../../../operator/endpoint/ec2/addresses/ReleaseAddress.ts';
import { detachInternetGateway } from '../../../../../operator/endpoint/ec2/internet-gateways/DetachInternetGateway.ts';
import { ElasticIp, InternetGateway } from '../../../../../operator/kubernetes/resources.ts';
import { aNetworkInterface, anElasticIp } from '../../../../support/address-objects.ts';
import { theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance } from '../../../../support/instance-objects.ts';
import { aSubnet, aVpc } from '../../../../support/network-objects.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';

const VPC = 'vpc-00000000000000001';
const SUBNET = 'subnet-00000000000000001';
const GATEWAY = 'igw-00000000000000001';
const INSTANCE = 'i-00000000000000001';
const ENI = 'eni-0000000000000000a';
const ADDRESS = 'eipalloc-00000000000000001';

const gatewayOf = (vpcId: string): KubernetesObject => ({
  apiVersion: InternetGatewayDefinition.apiVersion,
  kind: InternetGatewayDefinition.kind,
  metadata: { name: GATEWAY, namespace: NAMESPACE, uid: `uid-${GATEWAY}` },
  spec: InternetGatewayDefinition.spec.parse({ vpcId }),
}) as KubernetesObject;

function cloud(networkProvider: string, ...more: KubernetesObject[]): { cluster: FakeCluster; context: ReturnType<typeof operationContext> } {
  const vpc = aVpc(VPC, { cidrBlock: '10.0.0.0/16' });
  const cluster = new FakeCluster({
    objects: [
      theAccount(),
      { ...vpc, status: { ...vpc.status, networkProvider } } as KubernetesObject,
      aSubnet(SUBNET, { vpcId: VPC, cidrBlock: '10.0.1.0/24' }),
      anInstance(INSTANCE, { subnetId: SUBNET }),
      aNetworkInterface(ENI, { subnetId: SUBNET }),
      anElasticIp(ADDRESS, { status: { publicIp: '203.0.113.1' } }),
      ...more,
    ],
  });
  return { cluster, context: operationContext(cluster) };
}

describe('the way of public addresses into a VPC', () => {
  for (const target of [{ InstanceId: INSTANCE }, { NetworkInterfaceId: ENI }]) {
    it(`is its internet gateway with Kube-OVN, for ${Object.keys(target).join()}`, async () => {
      await assert.rejects(associateAddress({ AllocationId: ADDRESS, ...target }, cloud('kube-ovn').context), {
        code: 'Gateway.NotAttached',
        message: `Network ${VPC} is not attached to any internet gateway`,
      });
      assert.match((await associateAddress({ AllocationId: ADDRESS, ...target }, cloud('kube-ovn', gatewayOf(VPC)).context)).AssociationId ?? '', /^eipassoc-/);
      assert.match((await associateAddress({ AllocationId: ADDRESS, ...target }, cloud('pod').context)).AssociationId ?? '', /^eipassoc-/);
    });
  }

  it('stays as long as it is used, with Kube-OVN', async () => {
    const { cluster, context } = cloud('kube-ovn', gatewayOf(VPC));
    const { AssociationId } = await associateAddress({ AllocationId: ADDRESS, InstanceId: INSTANCE }, context);
    const detach = async (): Promise<void> => detachInternetGateway({ InternetGatewayId: GATEWAY, VpcId: VPC }, context);
    await assert.rejects(detach(), { code: 'DependencyViolation' });
    await disassociateAddress({ AssociationId }, context);
    cluster.add(anInstance(INSTANCE, { subnetId: SUBNET, networkInterface: { associatePublicIpAddress: true }, status: { publicIpAddress: '203.0.113.2' } }));
    await assert.rejects(detach(), { code: 'DependencyViolation' });
    cluster.add(anInstance(INSTANCE, { subnetId: SUBNET }));
    await detach();
    assert.equal(cluster.get(InternetGateway, { namespace: NAMESPACE, name: GATEWAY })?.spec.vpcId, undefined);
    const { context: pod } = cloud('pod', gatewayOf(VPC));
    await associateAddress({ AllocationId: ADDRESS, InstanceId: INSTANCE }, pod);
    await detachInternetGateway({ InternetGatewayId: GATEWAY, VpcId: VPC }, pod);
  });

  it('an address that was released is gone at once, although what holds it is still being taken away', async () => {
    const { cluster, context } = cloud('kube-ovn');
    await cluster.patch(ElasticIp, { namespace: NAMESPACE, name: ADDRESS }, { metadata: { finalizers: ['kube-ec2.io/elastic-ip'] } });
    await releaseAddress({ AllocationId: ADDRESS }, context);
    assert.ok(cluster.get(ElasticIp, { namespace: NAMESPACE, name: ADDRESS })?.metadata.deletionTimestamp);
    assert.deepEqual((await describeAddresses({}, context)).Addresses, []);
    await assert.rejects(describeAddresses({ AllocationIds: [ADDRESS] }, context), { code: 'InvalidAllocationID.NotFound' });
    await assert.rejects(releaseAddress({ AllocationId: ADDRESS }, context), { code: 'InvalidAllocationID.NotFound' });
  });
});
