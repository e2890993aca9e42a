import assert from 'node:assert/strict';
import { InternetGatewayDefinition } from '../../../../operator/api/network/internet-gateway.ts';
import { RouteTableDefinition, type RouteTable as RouteTableObject } from '../../../../operator/api/network/route-table.ts';
import type { KubernetesObject } from '../../../../operator/api/shared.ts';
import { defaultControllerSettings, type ControllerSettings } from '../../../../operator/controllers/index.ts';
import { isSaidBy } from '../../../../operator/controllers/network-provider/said-by.ts';
import { subnetController } from '../../../../operator/controllers/subnet/controller.ts';
import { vpcController } from '../../../../operator/controllers/vpc/controller.ts';
import { KubeOvnSubnet, KubeOvnVpc } from '../../../../operator/kubernetes/kube-ovn.ts';
import { InternetGateway, RouteTable, Subnet, Vpc } from '../../../../operator/kubernetes/resources.ts';
import { aNode } from '../../../support/cluster-objects.ts';
import { passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { aSubnet, aVpc } from '../../../support/network-objects.ts';
import { NAMESPACE } from '../../../support/operation-context.ts';

const namespace = NAMESPACE;
const VPC = 'vpc-00000000000000001';
const SUBNET = 'subnet-00000000000000001';
const TABLE = 'rtb-00000000000000001';
const GATEWAY = 'igw-00000000000000001';
const settings: ControllerSettings = { ...defaultControllerSettings, networkProvider: 'kube-ovn', kubeOvnExternalSubnet: 'outside' };

const outside = { apiVersion: 'kubeovn.io/v1', kind: 'Subnet', metadata: { name: 'outside' }, spec: { cidrBlock: '203.0.113.0/24', gateway: '203.0.113.1' } } as KubernetesObject;
const gateway = {
  apiVersion: InternetGatewayDefinition.apiVersion,
  kind: InternetGatewayDefinition.kind,
  metadata: { name: GATEWAY, namespace, uid: 'uid-igw' },
  spec: InternetGatewayDefinition.spec.parse({ vpcId: VPC }),
} as KubernetesObject;
const table = (routes: RouteTableObject['spec']['routes']): KubernetesObject =>
  ({
    apiVersion: RouteTableDefinition.apiVersion,
    kind: RouteTableDefinition.kind,
    metadata: { name: TABLE, namespace, uid: 'uid-rtb' },
    spec: RouteTableDefinition.spec.parse({ vpcId: VPC, routes }),
  }) as KubernetesObject;

const everywhere = { destinationCidrBlock: '0.0.0.0/0', gatewayId: GATEWAY };

class World {
  readonly clock = new FakeClock();
  readonly cluster: FakeCluster;

  constructor(...objects: KubernetesObject[]) {
    const network = [aNode('a', { zone: 'us-east-1a' }), aVpc(VPC, { cidrBlock: '10.0.0.0/16' }), aSubnet(SUBNET, { vpcId: VPC, cidrBlock: '10.0.1.0/24' })];
    this.cluster = new FakeCluster({ clock: this.clock, objects: [...network, ...objects] });
  }

  async settle(with_ = settings): Promise<KubeOvnVpc['spec']> {
    await passUntilQuiet(this.cluster, vpcController(with_), { namespace, name: VPC }, this.clock);
    await passUntilQuiet(this.cluster, subnetController(with_), { namespace, name: SUBNET }, this.clock);
    return this.cluster.get(KubeOvnVpc, { name: VPC })?.spec ?? assert.fail('no router');
  }

  get tableOfSwitch(): string | undefined {
    return this.cluster.get(KubeOvnSubnet, { name: SUBNET })?.spec.routeTable;
  }
}

const route = (routeTable: string, cidr = '0.0.0.0/0'): object => ({ policy: 'policyDst', cidr, nextHopIP: '203.0.113.1', routeTable });

describe('the way out of a VPC by Kube-OVN', () => {
  it('is a port of the router in the external subnet while an internet gateway is attached, and the routes to it', async () => {
    const world = new World(outside, gateway, table([everywhere, { destinationCidrBlock: '198.51.100.0/24', gatewayId: GATEWAY }, { destinationIpv6CidrBlock: '::/0', gatewayId: GATEWAY }]));
    const spec = await world.settle();
    assert.deepEqual(spec, { enableExternal: true, extraExternalSubnets: ['outside'], staticRoutes: [route(TABLE), route(TABLE, '198.51.100.0/24')] });
    await world.cluster.patch(InternetGateway, { namespace, name: GATEWAY }, { spec: { vpcId: null } });
    assert.deepEqual(await world.settle(), { enableExternal: false, extraExternalSubnets: [], staticRoutes: [] });
  });

  it('goes by the table that a subnet names, else by the main one', async () => {
    const world = new World(outside, gateway, table([everywhere]));
    await world.settle();
    assert.equal(world.tableOfSwitch, '');
    await world.cluster.patch(Subnet, { namespace, name: SUBNET }, { spec: { routeTableId: TABLE } });
    await world.settle();
    assert.equal(world.tableOfSwitch, TABLE);
    await world.cluster.patch(Vpc, { namespace, name: VPC }, { spec: { mainRouteTableId: TABLE } });
    assert.deepEqual((await world.settle()).staticRoutes, [route('')]);
    assert.equal(world.tableOfSwitch, '', 'the main table is not named');
    await world.cluster.patch(RouteTable, { namespace, name: TABLE }, { spec: { routes: [] } });
    assert.deepEqual((await world.settle()).staticRoutes, []);
  });

  it('is none without the external subnet, and to a gateway that is not attached', async () => {
    const nowhere = { enableExternal: false, extraExternalSubnets: [], staticRoutes: [] };
    assert.deepEqual(await new World(gateway, table([everywhere])).settle(), nowhere);
    assert.deepEqual(await new World(outside, table([everywhere])).settle(), nowhere);
    const { staticRoutes } = await new World(outside, gateway, table([{ ...everywhere, gatewayId: 'igw-00000000000000009' }])).settle();
    assert.deepEqual(staticRoutes, []);
  });

  it('is left to administrators where no external subnet is configured', async () => {
    const world = new World(outside, gateway, table([everywhere]));
    const unset = { ...settings, kubeOvnExternalSubnet: undefined };
    assert.deepEqual(await world.settle(unset), {});
    const theirs = { enableExternal: true, staticRoutes: [{ policy: 'policyDst', cidr: '0.0.0.0/0', nextHopIP: '192.0.2.1', routeTable: '' }] };
    await world.cluster.patch(KubeOvnVpc, { name: VPC }, { spec: theirs });
    assert.deepEqual(await world.settle(unset), theirs);
  });

  const spoken: Record<string, { present: unknown; wanted: unknown; want: boolean }> = {
    'more fields, within lists too': { present: { a: 1, list: [{ b: 'x', ecmpMode: '' }] }, wanted: { list: [{ b: 'x' }] }, want: true },
    'what Go leaves out because it is empty': { present: {}, wanted: { list: [], flag: false, text: '' }, want: true },
    'a list that is too long': { present: { list: ['x', 'y'] }, wanted: { list: ['x'] }, want: false },
    'another value': { present: { list: [{ b: 'y' }] }, wanted: { list: [{ b: 'x' }] }, want: false },
    'a flag that is not set': { present: {}, wanted: { flag: true }, want: false },
    'a flag that is set': { present: { flag: true }, wanted: { flag: false }, want: false },
    'no spec at all': { present: undefined, wanted: { text: 'x' }, want: false },
  };
  for (const [name, { present, wanted, want }] of Object.entries(spoken)) {
    it(`tells what Kube-OVN made of our words from other words: ${name}`, () => assert.equal(isSaidBy(present, wanted), want));
  }
});
