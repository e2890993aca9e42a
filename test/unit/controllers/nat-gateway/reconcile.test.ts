import assert from 'node:assert/strict';
import { InternetGatewayDefinition } from '../../../../operator/api/network/internet-gateway.ts';
import { NatGatewayConditions, NatGatewayDefinition } from '../../../../operator/api/network/nat-gateway.ts';
import { RouteTableDefinition } from '../../../../operator/api/network/route-table.ts';
import type { KubernetesObject } from '../../../../operator/api/shared.ts';
import { elasticIpController } from '../../../../operator/controllers/elastic-ip/controller.ts';
import { defaultControllerSettings, type ControllerSettings } from '../../../../operator/controllers/index.ts';
import { natGatewayController } from '../../../../operator/controllers/nat-gateway/controller.ts';
import { reconcile } from '../../../../operator/controllers/nat-gateway/reconcile.ts';
import { kubeOvnNat } from '../../../../operator/controllers/network-provider/kube-ovn-nat.ts';
import { routeTableController } from '../../../../operator/controllers/route-table/controller.ts';
import { subnetController } from '../../../../operator/controllers/subnet/controller.ts';
import { vpcController } from '../../../../operator/controllers/vpc/controller.ts';
import { KubeOvnSubnet, KubeOvnVpc, OvnEip, OvnSnatRule } from '../../../../operator/kubernetes/kube-ovn.ts';
import { ObservedWrite } from '../../../../operator/kubernetes/observed-write.ts';
import { ElasticIp, InternetGateway, NatGateway, RouteTable, Subnet } from '../../../../operator/kubernetes/resources.ts';
import type { Json } from '../../../../operator/kubernetes/write.ts';
import { silentLogger } from '../../../../operator/logger.ts';
import { anElasticIp } from '../../../support/address-objects.ts';
import { aNode } from '../../../support/cluster-objects.ts';
import { passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { FakeKubeOvn } from '../../../support/fake-kube-ovn.ts';
import { anInstance } from '../../../support/instance-objects.ts';
import { aSubnet, aVpc } from '../../../support/network-objects.ts';
import { NAMESPACE } from '../../../support/operation-context.ts';

const namespace = NAMESPACE;
const VPC = 'vpc-00000000000000001';
const [PUBLIC, INNER, THIRD] = ['subnet-00000000000000001', 'subnet-00000000000000002', 'subnet-00000000000000003'];
const TABLE = 'rtb-00000000000000001';
const GATEWAY = 'igw-00000000000000001';
const NAT = 'nat-00000000000000001';
const ADDRESS = 'eipalloc-00000000000000001';
const settings: ControllerSettings = { ...defaultControllerSettings, networkProvider: 'kube-ovn', kubeOvnExternalSubnet: 'outside' };

const object = (definition: { apiVersion: string; kind: string; spec: { parse: (spec: object) => unknown } }, name: string, spec: object): KubernetesObject =>
  ({ apiVersion: definition.apiVersion, kind: definition.kind, metadata: { name, namespace, uid: `uid-${name}` }, spec: definition.spec.parse(spec) }) as KubernetesObject;
const gateway = object(InternetGatewayDefinition, GATEWAY, { vpcId: VPC });
const outside = { apiVersion: 'kubeovn.io/v1', kind: 'Subnet', metadata: { name: 'outside' }, spec: { cidrBlock: '203.0.113.0/24', gateway: '203.0.113.1' } } as KubernetesObject;
const table = object(RouteTableDefinition, TABLE, { vpcId: VPC, routes: [{ destinationCidrBlock: '0.0.0.0/0', natGatewayId: NAT }] });
const nat = (spec: object = {}): KubernetesObject => object(NatGatewayDefinition, NAT, { subnetId: PUBLIC, allocationId: ADDRESS, ...spec });

class World {
  readonly clock = new FakeClock();
  readonly cluster: FakeCluster;
  readonly kubeOvn: FakeKubeOvn;

  constructor(...objects: KubernetesObject[]) {
    const subnets = [
      aSubnet(PUBLIC, { vpcId: VPC, cidrBlock: '10.0.1.0/24' }),
      aSubnet(INNER, { vpcId: VPC, cidrBlock: '10.0.2.0/24', routeTableId: TABLE }),
      aSubnet(THIRD, { vpcId: VPC, cidrBlock: '10.0.3.0/24' }),
    ];
    this.cluster = new FakeCluster({ clock: this.clock, objects: [aNode('a', { zone: 'us-east-1a' }), aVpc(VPC, { cidrBlock: '10.0.0.0/16' }), ...subnets, outside, table, ...objects] });
    this.kubeOvn = new FakeKubeOvn(this.cluster);
  }

  async settle(with_ = settings): Promise<NatGateway | undefined> {
    const key = (name: string): { namespace: string; name: string } => ({ namespace, name });
    for (let round = 0; round < 4; round += 1) {
      await passUntilQuiet(this.cluster, vpcController(with_), key(VPC), this.clock);
      for (const { metadata } of this.cluster.list(Subnet)) await passUntilQuiet(this.cluster, subnetController(with_), key(metadata.name), this.clock);
      for (const { metadata } of this.cluster.list(ElasticIp)) await passUntilQuiet(this.cluster, elasticIpController(with_), key(metadata.name), this.clock);
      await passUntilQuiet(this.cluster, natGatewayController(with_), key(NAT), this.clock);
      await this.kubeOvn.play();
    }
    return this.cluster.get(NatGateway, key(NAT));
  }

  /** Which subnets get out by what, as Kube-OVN was told. */
  get rules(): string[] {
    return this.cluster.list(OvnSnatRule).map(({ spec, status }) => `${spec.vpcSubnet} > ${spec.ovnEip}${status?.ready ? '' : ' (pending)'}`);
  }
}

const reasonOf = (natGateway: NatGateway | undefined, type: string): string => {
  const condition = natGateway?.status?.conditions?.find((candidate) => candidate.type === type);
  return `${condition?.status ?? ''} ${condition?.reason ?? ''}`;
};

describe('a NAT gateway', () => {
  it('lets out the subnets whose route table leads to it, by its address', async () => {
    const world = new World(gateway, anElasticIp(ADDRESS), nat());
    const { status } = (await world.settle()) ?? assert.fail('it is gone');
    assert.deepEqual([status?.state, status?.publicIp, status?.vpcId, status?.natGatewayId], ['available', '203.0.113.11', VPC, NAT]);
    assert.deepEqual(world.rules, [`${INNER} > ${ADDRESS}`]);
    assert.deepEqual([reasonOf(await world.settle(), NatGatewayConditions.ready), reasonOf(await world.settle(), NatGatewayConditions.translating)], ['True Available', 'True Translating']);
    const elasticIp = world.cluster.get(ElasticIp, { namespace, name: ADDRESS });
    assert.deepEqual([elasticIp?.spec.association?.natGatewayId, elasticIp?.status?.natGatewayId, elasticIp?.status?.networkInterfaceId], [NAT, NAT, undefined]);
    assert.equal(elasticIp?.status?.conditions?.find(({ type }) => type === 'PortsOpen')?.reason, 'OutwardOnly');
    const route = { policy: 'policyDst', cidr: '0.0.0.0/0', nextHopIP: '203.0.113.1', routeTable: TABLE };
    assert.deepEqual(world.cluster.get(KubeOvnVpc, { name: VPC })?.spec.staticRoutes, [route]);
    assert.equal(world.cluster.get(KubeOvnSubnet, { name: INNER })?.spec.routeTable, TABLE);
  });

  it('follows route tables', async () => {
    const world = new World(gateway, anElasticIp(ADDRESS), nat());
    await world.settle();
    await world.cluster.patch(Subnet, { namespace, name: THIRD }, { spec: { routeTableId: TABLE } });
    await world.settle();
    assert.deepEqual(world.rules, [`${INNER} > ${ADDRESS}`, `${THIRD} > ${ADDRESS}`]);
    await world.cluster.patch(RouteTable, { namespace, name: TABLE }, { spec: { routes: [] } });
    await world.settle();
    assert.deepEqual(world.rules, []);
    assert.deepEqual(world.cluster.get(KubeOvnVpc, { name: VPC })?.spec.staticRoutes, []);
  });

  it('goes with its rules, leaves the address allocated and free, and its subnet alone', async () => {
    const world = new World(gateway, anElasticIp(ADDRESS), nat());
    await world.settle();
    await world.cluster.remove(Subnet, { namespace, name: PUBLIC });
    await world.settle();
    assert.ok(world.cluster.get(Subnet, { namespace, name: PUBLIC }), 'the gateway keeps it');
    await world.cluster.remove(NatGateway, { namespace, name: NAT });
    await passUntilQuiet(world.cluster, natGatewayController(settings), { namespace, name: NAT }, world.clock);
    assert.equal(world.cluster.get(NatGateway, { namespace, name: NAT })?.status?.state, 'deleting', 'Kube-OVN is at it');
    assert.equal(await world.settle(), undefined);
    const elasticIp = world.cluster.get(ElasticIp, { namespace, name: ADDRESS });
    assert.deepEqual([world.rules, elasticIp?.spec.association, elasticIp?.status?.publicIp, world.cluster.get(Subnet, { namespace, name: PUBLIC })], [[], undefined, '203.0.113.11', undefined]);
    assert.deepEqual(world.cluster.get(KubeOvnVpc, { name: VPC })?.spec.staticRoutes, []);
  });

  const taken = anElasticIp(ADDRESS, { association: { instanceId: 'i-00000000000000001', allowReassociation: false } });
  const failures: Record<string, { objects: KubernetesObject[]; with_?: ControllerSettings; want: string }> = {
    'without an internet gateway': { objects: [anElasticIp(ADDRESS), nat()], want: 'Gateway.NotAttached' },
    'in a subnet that is not there': { objects: [gateway, anElasticIp(ADDRESS), nat({ subnetId: 'subnet-00000000000000009' })], want: 'InvalidSubnetID.NotFound' },
    'with an address that is not there': { objects: [gateway, nat()], want: 'InvalidAllocationID.NotFound' },
    'with an address that something has': { objects: [gateway, taken, anInstance('i-00000000000000001'), nat()], want: 'Resource.AlreadyAssociated' },
    'on the pod network': { objects: [gateway, anElasticIp(ADDRESS), nat()], with_: defaultControllerSettings, want: 'UnsupportedOperation' },
    'without an external subnet': { objects: [gateway, anElasticIp(ADDRESS), nat()], with_: { ...settings, kubeOvnExternalSubnet: undefined }, want: 'UnsupportedOperation' },
  };
  for (const [name, { objects, with_ = settings, want }] of Object.entries(failures)) {
    it(`fails ${name}, and can be deleted`, async () => {
      const world = new World(...objects);
      const key = { namespace, name: NAT };
      await passUntilQuiet(world.cluster, natGatewayController(with_), key, world.clock);
      const { status } = world.cluster.get(NatGateway, key) ?? assert.fail('it is gone');
      assert.deepEqual([status?.state, status?.failureCode, world.rules], ['failed', want, []]);
      await world.cluster.remove(NatGateway, key);
      await passUntilQuiet(world.cluster, natGatewayController(with_), key, world.clock);
      assert.equal(world.cluster.get(NatGateway, key), undefined);
      assert.equal(world.cluster.get(ElasticIp, { namespace, name: ADDRESS })?.spec.association?.instanceId, want === 'Resource.AlreadyAssociated' ? 'i-00000000000000001' : undefined);
    });
  }

  it('that failed goes on when the obstacle is gone, and is pending until the address is there', async () => {
    const world = new World(anElasticIp(ADDRESS), nat());
    world.kubeOvn.free.length = 0;
    assert.equal((await world.settle())?.status?.failureCode, 'Gateway.NotAttached');
    world.cluster.add(gateway);
    assert.deepEqual([(await world.settle())?.status?.state, world.rules], ['pending', []]);
    world.kubeOvn.free.push('203.0.113.50');
    assert.equal((await world.settle())?.status?.state, 'available');
  });

  it('its association ends with it, even if it went past us', async () => {
    const world = new World(gateway, anElasticIp(ADDRESS), nat());
    await world.settle();
    await world.cluster.patch(NatGateway, { namespace, name: NAT }, { metadata: { finalizers: [] } });
    await world.cluster.remove(NatGateway, { namespace, name: NAT });
    await passUntilQuiet(world.cluster, elasticIpController(settings), { namespace, name: ADDRESS }, world.clock);
    assert.equal(world.cluster.get(ElasticIp, { namespace, name: ADDRESS })?.spec.association, undefined);
  });

  it('a route to it is ready if it is in the VPC of the table', async () => {
    const world = new World(gateway, anElasticIp(ADDRESS), nat());
    const ready = async (): Promise<string | undefined> => {
      await passUntilQuiet(world.cluster, routeTableController(settings), { namespace, name: TABLE }, world.clock);
      return world.cluster.get(RouteTable, { namespace, name: TABLE })?.status?.conditions?.find(({ type }) => type === 'Ready')?.reason;
    };
    assert.equal(await ready(), 'Ready');
    await world.cluster.remove(NatGateway, { namespace, name: NAT });
    assert.equal(await ready(), 'NatGatewayNotFound');
  });

  it('survives a crash after any write, and leaves nothing behind', async () => {
    for (let last = 1; ; last += 1) {
      const world = new World(gateway, anElasticIp(ADDRESS), nat());
      let count = 0;
      const written = (): void => {
        count += 1;
        if (count === last) throw new Error('crash');
      };
      const dying = new ObservedWrite(world.cluster, { written, removing: () => written });
      const settle = async (): Promise<void> => {
        for (let round = 0; round < 6; round += 1) {
          const natGateway = world.cluster.get(NatGateway, { namespace, name: NAT });
          if (natGateway !== undefined) {
            const outcome = await reconcile(natGateway, { read: world.cluster, live: world.cluster, write: dying, clock: world.clock, log: silentLogger() }, kubeOvnNat).catch(() => undefined);
            if (outcome) await world.cluster.patchStatus(NatGateway, { namespace, name: NAT }, { status: outcome.status as Json });
          }
          await passUntilQuiet(world.cluster, elasticIpController(settings), { namespace, name: ADDRESS }, world.clock);
          await world.kubeOvn.play();
        }
      };
      await settle();
      assert.deepEqual([world.rules, world.cluster.get(NatGateway, { namespace, name: NAT })?.status?.state], [[`${INNER} > ${ADDRESS}`], 'available'], `crash after ${last}`);
      await world.cluster.patch(Subnet, { namespace, name: INNER }, { spec: { routeTableId: null } });
      await world.cluster.patch(Subnet, { namespace, name: THIRD }, { spec: { routeTableId: TABLE } });
      await settle();
      assert.deepEqual(world.rules, [`${THIRD} > ${ADDRESS}`], `crash after ${last}`);
      await world.cluster.remove(NatGateway, { namespace, name: NAT });
      await settle();
      assert.deepEqual([world.rules, world.cluster.list(NatGateway), world.cluster.get(ElasticIp, { namespace, name: ADDRESS })?.spec.association], [[], [], undefined], `crash after ${last}`);
      assert.equal(world.cluster.list(OvnEip).length, 1);
      if (count < last) return;
    }
  });

  it('lets nobody out when its address goes, so that Kube-OVN can give it back', async () => {
    const world = new World(gateway, anElasticIp(ADDRESS), nat());
    await world.settle();
    await world.cluster.remove(ElasticIp, { namespace, name: ADDRESS });
    assert.equal((await world.settle())?.status?.failureCode, 'InvalidAllocationID.NotFound');
    assert.deepEqual([world.rules, world.cluster.list(OvnEip)], [[], []]);
  });

  it('needs its internet gateway to stay', async () => {
    const world = new World(gateway, anElasticIp(ADDRESS), nat());
    await world.settle();
    await world.cluster.remove(InternetGateway, { namespace, name: GATEWAY });
    const { status } = (await world.settle()) ?? assert.fail('it is gone');
    assert.deepEqual([status?.state, status?.failureCode, world.rules], ['failed', 'Gateway.NotAttached', []]);
  });
});
