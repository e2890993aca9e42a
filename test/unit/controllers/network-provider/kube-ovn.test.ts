import assert from 'node:assert/strict';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import { VpcConditions } from '../../../../operator/api/network/vpc.ts';
import { defaultControllerSettings } from '../../../../operator/controllers/index.ts';
import { instanceController } from '../../../../operator/controllers/instance/controller.ts';
import { kubevirtAnnotations } from '../../../../operator/controllers/instance/kubevirt-marks.ts';
import { instanceIdOf } from '../../../../operator/controllers/instance/identity.ts';
import { subnetController } from '../../../../operator/controllers/subnet/controller.ts';
import { vpcController } from '../../../../operator/controllers/vpc/controller.ts';
import { KubeOvnSubnet, KubeOvnVpc } from '../../../../operator/kubernetes/kube-ovn.ts';
import { Subnet, VirtualMachine, Vpc } from '../../../../operator/kubernetes/resources.ts';
import { aNode } from '../../../support/cluster-objects.ts';
import { passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { instanceWorld, WORLD_NAMESPACE } from '../../../support/instance-world.ts';
import { aDefaultNetwork, aSubnet, aVpc } from '../../../support/network-objects.ts';
import { NAMESPACE } from '../../../support/operation-context.ts';

const settings = { ...defaultControllerSettings, networkProvider: 'kube-ovn' as const };
const VPC = 'vpc-00000000000000001';
const SUBNET = 'subnet-00000000000000001';

function world(): { cluster: FakeCluster; settle: () => Promise<void> } {
  const clock = new FakeClock();
  const cluster = new FakeCluster({ clock, objects: [aNode('a', { zone: 'us-east-1a' }), aVpc(VPC, { cidrBlock: '10.0.0.0/16' }), aSubnet(SUBNET, { vpcId: VPC, cidrBlock: '10.0.1.0/24' })] });
  return {
    cluster,
    settle: async () => {
      for (const name of [VPC]) await passUntilQuiet(cluster, vpcController(settings), { namespace: NAMESPACE, name }, clock);
      for (const { metadata } of cluster.list(Subnet)) await passUntilQuiet(cluster, subnetController(settings), { namespace: NAMESPACE, name: metadata.name }, clock);
      for (const name of [VPC]) await passUntilQuiet(cluster, vpcController(settings), { namespace: NAMESPACE, name }, clock);
    },
  };
}

describe('Kube-OVN as network provider', () => {
  it('has a router for a VPC and a switch for a subnet, with the gateway at its first address', async () => {
    const { cluster, settle } = world();
    await settle();
    assert.ok(cluster.get(KubeOvnVpc, { name: VPC }));
    assert.deepEqual(cluster.get(KubeOvnSubnet, { name: SUBNET })?.spec, {
      vpc: VPC,
      protocol: 'IPv4',
      cidrBlock: '10.0.1.0/24',
      gateway: '10.0.1.1',
      excludeIps: ['10.0.1.1..10.0.1.3'],
      natOutgoing: false,
      private: false,
    });
    const shown = (): (string | undefined)[] => {
      const { status } = cluster.get(Vpc, { namespace: NAMESPACE, name: VPC }) ?? assert.fail('gone');
      const holds = (type: string): string | undefined => status?.conditions?.find((condition) => condition.type === type)?.status;
      return [status?.networkProvider, holds(VpcConditions.isolated), holds(VpcConditions.addressesFromBlock)];
    };
    assert.deepEqual(shown(), ['kube-ovn', 'Unknown', 'True'], 'nobody has made the router');
    await cluster.patchStatus(KubeOvnVpc, { name: VPC }, { status: { standby: true } });
    await settle();
    assert.deepEqual(shown(), ['kube-ovn', 'True', 'True']);
  });

  it('is put right when somebody changes it, and what Kube-OVN fills in stays', async () => {
    const { cluster, settle } = world();
    await settle();
    await cluster.patch(KubeOvnSubnet, { name: SUBNET }, { spec: { gateway: '10.0.1.9', provider: 'ovn' } });
    await settle();
    const spec = cluster.get(KubeOvnSubnet, { name: SUBNET })?.spec as { gateway?: string; provider?: string } | undefined;
    assert.deepEqual([spec?.gateway, spec?.provider], ['10.0.1.1', 'ovn']);
  });

  it('goes with the subnet and the VPC', async () => {
    const { cluster, settle } = world();
    await settle();
    await cluster.remove(Subnet, { namespace: NAMESPACE, name: SUBNET });
    await cluster.remove(Vpc, { namespace: NAMESPACE, name: VPC });
    await settle();
    assert.deepEqual([cluster.list(KubeOvnSubnet), cluster.list(KubeOvnVpc), cluster.list(Subnet), cluster.list(Vpc)], [[], [], [], []]);
  });

  it('plugs a machine into its subnet, with the address that its card has; without a subnet into a default one, and keeps it in that zone', async () => {
    const namespace = WORLD_NAMESPACE;
    const network = [...aDefaultNetwork(['us-east-1a'], namespace), aVpc('other', { namespace, cidrBlock: '10.0.0.0/16' }), aSubnet('inner', { namespace, vpcId: 'other', cidrBlock: '10.0.1.0/24' })];
    for (const [subnetId, name] of [['inner', 'inner'], [undefined, 'default-us-east-1a']] as const) {
      const made = instanceWorld(subnetId === undefined ? {} : { subnetId }, ...network);
      await passUntilQuiet(made.cluster, instanceController(settings), { namespace, name: 'web-1' }, made.clock);
      const template = made.cluster.get(VirtualMachine, { namespace, name: instanceIdOf(made.instance()) })?.spec.template;
      const mac = template?.spec?.domain.devices?.interfaces?.[0]?.macAddress;
      assert.deepEqual(template?.metadata?.annotations, { ...kubevirtAnnotations, 'ovn.kubernetes.io/logical_switch': ec2IdOf('subnet', aSubnet(name)), 'ovn.kubernetes.io/mac_address': mac });
      assert.equal(template.spec?.nodeSelector?.['topology.kubernetes.io/zone'], 'us-east-1a');
    }
  });
});
