import assert from 'node:assert/strict';
import { ElasticIpConditions, type ElasticIpSpec } from '../../../../operator/api/network/elastic-ip.ts';
import { InternetGatewayDefinition } from '../../../../operator/api/network/internet-gateway.ts';
import type { KubernetesObject } from '../../../../operator/api/shared.ts';
import { elasticIpController } from '../../../../operator/controllers/elastic-ip/controller.ts';
import { reconcile } from '../../../../operator/controllers/elastic-ip/reconcile.ts';
import { defaultControllerSettings } from '../../../../operator/controllers/index.ts';
import { instanceController } from '../../../../operator/controllers/instance/controller.ts';
import { holdPublicAddress, releasePublicAddress } from '../../../../operator/controllers/instance/public-address.ts';
import { publicAddressesFor } from '../../../../operator/controllers/network-provider/public-addresses-for.ts';
import { vpcController } from '../../../../operator/controllers/vpc/controller.ts';
import { ApiError } from '../../../../operator/kubernetes/errors.ts';
import { KubeOvnVpc, OvnEip, OvnFip, type KubeOvnSubnet } from '../../../../operator/kubernetes/kube-ovn.ts';
import { ObservedWrite } from '../../../../operator/kubernetes/observed-write.ts';
import { ElasticIp, Instance, InternetGateway } from '../../../../operator/kubernetes/resources.ts';
import type { Json, Write } from '../../../../operator/kubernetes/write.ts';
import type { AnyController } from '../../../../operator/runtime/reconcile.ts';
import { silentLogger } from '../../../../operator/logger.ts';
import { anElasticIp, aNetworkInterface } from '../../../support/address-objects.ts';
import { pass, passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { FakeKubeOvn } from '../../../support/fake-kube-ovn.ts';
import { anInstance } from '../../../support/instance-objects.ts';
import { aSubnet, aVpc } from '../../../support/network-objects.ts';
import { NAMESPACE } from '../../../support/operation-context.ts';

const VPC = 'vpc-00000000000000001';
const SUBNET = 'subnet-00000000000000001';
const GATEWAY = 'igw-00000000000000001';
const FIRST = 'i-00000000000000001';
const SECOND = 'i-00000000000000002';
const ADDRESS = 'eipalloc-00000000000000001';
const OTHER = 'eipalloc-00000000000000002';
const settings = { ...defaultControllerSettings, networkProvider: 'kube-ovn' as const, kubeOvnExternalSubnet: 'outside' };
const namespace = NAMESPACE;

const outside = (v4availableIPs = 100): KubeOvnSubnet => ({
  apiVersion: 'kubeovn.io/v1',
  kind: 'Subnet',
  metadata: { name: 'outside' },
  spec: { vpc: 'ovn-cluster', protocol: 'IPv4', cidrBlock: '203.0.113.0/24', gateway: '203.0.113.1', excludeIps: [], natOutgoing: false, private: false },
  status: { v4availableIPs },
});

const gateway = (): InternetGateway => ({
  apiVersion: InternetGatewayDefinition.apiVersion,
  kind: InternetGatewayDefinition.kind,
  metadata: { name: GATEWAY, namespace, uid: `uid-${GATEWAY}` },
  spec: InternetGatewayDefinition.spec.parse({ vpcId: VPC }),
});

const toInstance = (instanceId: string, allowReassociation = false): NonNullable<ElasticIpSpec['association']> => ({ instanceId, allowReassociation });

class World {
  readonly clock = new FakeClock();
  readonly cluster: FakeCluster;
  readonly kubeOvn: FakeKubeOvn;

  constructor(...objects: KubernetesObject[]) {
    const instances = [FIRST, SECOND].map((id, position) => anInstance(id, { subnetId: SUBNET, status: { privateIpAddress: `10.0.1.${4 + position}` } }));
    const network = [aVpc(VPC, { cidrBlock: '10.0.0.0/16' }), aSubnet(SUBNET, { vpcId: VPC, cidrBlock: '10.0.1.0/24' }), gateway(), outside()];
    this.cluster = new FakeCluster({ clock: this.clock, objects: [...network, ...instances, ...objects] });
    this.kubeOvn = new FakeKubeOvn(this.cluster);
    for (const { metadata, status } of instances) this.kubeOvn.machines.set(`${metadata.name}.${namespace}`, status?.privateIpAddress ?? '');
  }

  /** Controllers and Kube-OVN, in turn, until nothing moves. */
  async settle(with_ = settings): Promise<void> {
    for (let round = 0; round < 4; round += 1) {
      await passUntilQuiet(this.cluster, vpcController(with_), { namespace, name: VPC }, this.clock);
      for (const { metadata } of this.cluster.list(ElasticIp)) await passUntilQuiet(this.cluster, elasticIpController(with_), { namespace, name: metadata.name }, this.clock);
      await this.kubeOvn.play();
    }
  }

  async wish(name: string, association: ElasticIpSpec['association'] | null): Promise<void> {
    await this.cluster.patch(ElasticIp, { namespace, name }, { spec: { association: association as Json } });
    await this.settle();
  }

  elasticIp(name = ADDRESS): ElasticIp {
    return this.cluster.get(ElasticIp, { namespace, name }) ?? assert.fail('it is gone');
  }

  says(type: string, name = ADDRESS): string {
    const condition = this.elasticIp(name).status?.conditions?.find((candidate) => candidate.type === type);
    return `${condition?.status ?? ''} ${condition?.reason ?? ''}`;
  }

  /** What leads where, as Kube-OVN did it. */
  ways(): string[] {
    return this.cluster.list(OvnFip).map(({ spec, status }) => `${this.cluster.get(OvnEip, { name: spec.ovnEip })?.status?.v4Ip ?? ''} > ${status?.v4Ip ?? ''}`);
  }
}

const { allocated, associated, portsOpen } = ElasticIpConditions;

describe('public addresses by Kube-OVN', () => {
  it('an elastic IP is an OvnEip of the external subnet, and given back with it', async () => {
    const world = new World(anElasticIp(ADDRESS));
    await world.settle();
    const { spec, metadata } = world.cluster.get(OvnEip, { name: ADDRESS }) ?? assert.fail('no OvnEip');
    assert.deepEqual([spec.externalSubnet, spec.type, metadata.labels], ['outside', 'nat', { 'kube-ec2.io/namespace': namespace, 'kube-ec2.io/elastic-ip': ADDRESS }]);
    assert.deepEqual([world.elasticIp().status?.publicIp, world.says(allocated), world.says(portsOpen)], ['203.0.113.11', 'True Allocated', 'False NotAssociated']);
    await world.cluster.remove(ElasticIp, { namespace, name: ADDRESS });
    await world.settle();
    assert.deepEqual([world.cluster.list(ElasticIp), world.cluster.list(OvnEip), world.cluster.list(OvnFip)], [[], [], []]);
    assert.ok(world.kubeOvn.free.includes('203.0.113.11'));
  });

  it('leads to the machine by its name in Kube-OVN, over stop and start, until the association is taken back', async () => {
    const world = new World(anElasticIp(ADDRESS, { association: toInstance(FIRST) }));
    await world.settle();
    assert.deepEqual(world.cluster.get(OvnFip, { name: ADDRESS })?.spec, { ovnEip: ADDRESS, ipName: `${FIRST}.${namespace}` });
    assert.deepEqual([world.ways(), world.says(associated), world.says(portsOpen)], [['203.0.113.11 > 10.0.1.4'], 'True Associated', 'True Open']);
    assert.equal(world.elasticIp().status?.openPorts, undefined);
    await world.cluster.patchStatus(Instance, { namespace, name: FIRST }, { status: { state: 'stopped', privateIpAddress: null } });
    const { uid } = world.cluster.get(OvnFip, { name: ADDRESS })?.metadata ?? {};
    await world.settle();
    assert.deepEqual([world.cluster.get(OvnFip, { name: ADDRESS })?.metadata.uid, world.says(portsOpen)], [uid, 'True Open']);
    await world.wish(ADDRESS, null);
    assert.deepEqual([world.ways(), world.elasticIp().status?.publicIp], [[], '203.0.113.11']);
  });

  it('is freed by the end of its instance', async () => {
    const world = new World(anElasticIp(ADDRESS, { association: toInstance(FIRST) }));
    await world.settle();
    await world.cluster.patchStatus(Instance, { namespace, name: FIRST }, { status: { state: 'shutting-down' } });
    await world.settle();
    assert.deepEqual([world.ways(), world.elasticIp().spec.association, world.says(allocated)], [[], undefined, 'True Allocated']);
  });

  it('waits for the first address of an instance that has never run', async () => {
    const world = new World(anElasticIp(ADDRESS, { association: toInstance(FIRST) }));
    await world.cluster.patchStatus(Instance, { namespace, name: FIRST }, { status: { state: 'pending', privateIpAddress: null } });
    await world.settle();
    assert.deepEqual([world.ways(), world.says(portsOpen)], [[], 'False NoPrivateAddress']);
    await world.cluster.patchStatus(Instance, { namespace, name: FIRST }, { status: { state: 'running', privateIpAddress: '10.0.1.4' } });
    await world.settle();
    assert.deepEqual(world.ways(), ['203.0.113.11 > 10.0.1.4']);
  });

  it('goes from one instance to another, and takes the place of another address, by what is made anew', async () => {
    const world = new World(anElasticIp(ADDRESS, { association: toInstance(FIRST) }), anElasticIp(OTHER));
    await world.settle();
    await world.wish(ADDRESS, toInstance(SECOND));
    assert.deepEqual(world.ways(), ['203.0.113.11 > 10.0.1.5']);
    await world.wish(OTHER, toInstance(SECOND, true));
    assert.deepEqual([world.ways(), world.says(portsOpen), world.says(portsOpen, OTHER)], [['203.0.113.12 > 10.0.1.5'], 'False NotAssociated', 'True Open']);
  });

  it('is made anew when the private address is another one', async () => {
    const world = new World(anElasticIp(ADDRESS, { association: toInstance(FIRST) }));
    await world.settle();
    world.kubeOvn.machines.set(`${FIRST}.${namespace}`, '10.0.1.77');
    await world.cluster.patchStatus(Instance, { namespace, name: FIRST }, { status: { privateIpAddress: '10.0.1.77' } });
    await world.settle();
    assert.deepEqual(world.ways(), ['203.0.113.11 > 10.0.1.77']);
  });

  it('an interface without an instance has the address, which leads nowhere', async () => {
    const world = new World(aNetworkInterface('eni-00000000000000001', { subnetId: SUBNET }), anElasticIp(ADDRESS, { association: { networkInterfaceId: 'eni-00000000000000001', allowReassociation: false } }));
    await world.settle();
    assert.deepEqual([world.ways(), world.says(associated), world.says(portsOpen)], [[], 'True Associated', 'False NoInstance']);
  });

  it('leads into a VPC only while an internet gateway is attached, and the router is connected', async () => {
    const world = new World(anElasticIp(ADDRESS, { association: toInstance(FIRST) }));
    await world.settle();
    await world.cluster.patchStatus(KubeOvnVpc, { name: VPC }, { status: { enableExternal: false } });
    await pass(world.cluster, elasticIpController(settings), { namespace, name: ADDRESS }, world.clock);
    assert.equal(world.says(portsOpen), 'False RouterNotConnected');
    await world.cluster.remove(InternetGateway, { namespace, name: GATEWAY });
    await world.settle();
    assert.deepEqual([world.ways(), world.says(associated), world.says(portsOpen)], [[], 'True Associated', 'False GatewayNotAttached']);
    world.cluster.add(gateway());
    await world.settle();
    assert.deepEqual(world.ways(), ['203.0.113.11 > 10.0.1.4']);
  });

  const obstacles: Record<string, { prepare: (world: World) => void; spec?: Partial<ElasticIpSpec>; externalSubnet?: string | undefined; want: string }> = {
    'no external subnet is configured': { prepare: () => undefined, externalSubnet: undefined, want: 'ExternalSubnetNotConfigured' },
    'the external subnet is not there': { prepare: () => undefined, externalSubnet: 'elsewhere', want: 'ExternalSubnetNotFound' },
    'another pool is asked for': { prepare: () => undefined, spec: { pool: 'blue' }, want: 'PoolNotFound' },
    'Kube-OVN does not have the kinds': {
      prepare: ({ cluster }) => cluster.failNext('create', 'OvnEip', new ApiError({ code: 404, reason: 'NotFound', message: 'the server could not find the requested resource' })),
      want: 'KindsAbsent',
    },
    'the name is taken': { prepare: ({ cluster }) => cluster.add({ apiVersion: 'kubeovn.io/v1', kind: 'OvnEip', metadata: { name: ADDRESS }, spec: {} } as KubernetesObject), want: 'NameTaken' },
    'no address is free': {
      prepare: ({ cluster, kubeOvn }) => {
        kubeOvn.free.length = 0;
        cluster.add(outside(0));
      },
      want: 'NoFreeAddress',
    },
    'the address asked for is in use': { prepare: () => undefined, spec: { address: '203.0.113.99' }, want: 'AddressPending' },
  };
  for (const [name, { prepare, spec = {}, want, ...more }] of Object.entries(obstacles)) {
    it(`says when ${name}`, async () => {
      const world = new World(anElasticIp(ADDRESS, { ...spec, association: toInstance(FIRST) }));
      prepare(world);
      const controller = elasticIpController('externalSubnet' in more ? { ...settings, kubeOvnExternalSubnet: more.externalSubnet } : settings);
      await pass(world.cluster, controller, { namespace, name: ADDRESS }, world.clock);
      await world.kubeOvn.play();
      // A kind that was absent once is there now.
      if (want !== 'KindsAbsent') await passUntilQuiet(world.cluster, controller, { namespace, name: ADDRESS }, world.clock);
      assert.deepEqual([world.says(allocated), world.says(portsOpen), world.ways()], [`False ${want}`, 'False NoAddress', []]);
    });
  }

  it('asks for the address that was asked for, and that it had before', async () => {
    const world = new World(anElasticIp(ADDRESS, { address: '203.0.113.13' }), anElasticIp(OTHER, { status: { publicIp: '203.0.113.12' } }));
    await world.settle();
    assert.deepEqual([world.elasticIp().status?.publicIp, world.elasticIp(OTHER).status?.publicIp], ['203.0.113.13', '203.0.113.12']);
  });

  it('leaves an OvnFip alone that somebody else made', async () => {
    const theirs = { apiVersion: 'kubeovn.io/v1', kind: 'OvnFip', metadata: { name: ADDRESS, uid: 'theirs' }, spec: { ovnEip: 'x', ipName: 'y' } } as KubernetesObject;
    const world = new World(anElasticIp(ADDRESS, { association: toInstance(FIRST) }), theirs);
    await world.settle();
    assert.equal(world.says(portsOpen), 'False NameTaken');
    await world.cluster.remove(ElasticIp, { namespace, name: ADDRESS });
    await world.settle();
    assert.equal(world.cluster.get(OvnFip, { name: ADDRESS })?.metadata.uid, 'theirs');
  });

  it('finds what was made for it, and gives it back, if the cache does not show it yet', async () => {
    const world = new World(anElasticIp(ADDRESS, { association: toInstance(FIRST) }));
    await world.settle();
    const onLaggingCache = (): Promise<unknown> => pass(world.cluster, elasticIpController(settings), { namespace, name: ADDRESS }, world.clock, ['OvnEip', 'OvnFip']);
    await onLaggingCache();
    assert.deepEqual([world.elasticIp().status?.publicIp, world.says(allocated)], ['203.0.113.11', 'True Allocated']);
    await world.cluster.remove(ElasticIp, { namespace, name: ADDRESS });
    await onLaggingCache();
    await world.kubeOvn.play();
    assert.deepEqual([world.cluster.list(ElasticIp), world.cluster.list(OvnEip), world.cluster.list(OvnFip)], [[], [], []]);
  });

  it('is not disturbed by what administrators made by hand', async () => {
    const byAddress = { apiVersion: 'kubeovn.io/v1', kind: 'OvnFip', metadata: { name: 'by-hand' }, spec: { ovnEip: 'x', vpc: 'y', v4Ip: '10.0.1.4' } } as KubernetesObject;
    const world = new World(anElasticIp(ADDRESS, { association: toInstance(FIRST) }), byAddress);
    await world.settle();
    assert.ok(world.ways().includes('203.0.113.11 > 10.0.1.4'));
    const watches = [elasticIpController(settings), instanceController(settings)].flatMap((controller) => controller.watches);
    const woken = watches.filter(({ type }) => type.kind === 'OvnFip').flatMap((watched) => watched.keysOf(byAddress, world.cluster));
    assert.deepEqual(woken, []);
  });

  it('wakes the address, and the instance that it leads to, when Kube-OVN has done something', async () => {
    const world = new World(anElasticIp(ADDRESS, { association: toInstance(FIRST) }));
    await world.settle();
    const wokenBy = (controller: AnyController, kind: string, object: KubernetesObject): string[] =>
      controller.watches.filter(({ type }) => type.kind === kind).flatMap((watched) => watched.keysOf(object, world.cluster)).map(({ name }) => name);
    const fip = world.cluster.get(OvnFip, { name: ADDRESS }) ?? assert.fail();
    const eip = world.cluster.get(OvnEip, { name: ADDRESS }) ?? assert.fail();
    assert.deepEqual([wokenBy(elasticIpController(settings), 'OvnFip', fip), wokenBy(elasticIpController(settings), 'OvnEip', eip)], [[ADDRESS], [ADDRESS]]);
    assert.deepEqual(wokenBy(instanceController(settings), 'OvnFip', fip), [FIRST]);
    const router = world.cluster.get(KubeOvnVpc, { name: VPC }) ?? assert.fail();
    assert.deepEqual(wokenBy(elasticIpController(settings), 'Vpc', router), [ADDRESS]);
    // Addresses that wait are looked at again when the external subnet changes; this one has its own.
    assert.deepEqual(wokenBy(elasticIpController(settings), 'Subnet', outside()), []);
  });

  it('an instance that asks for one has an address while it runs, and gives it back', async () => {
    const world = new World();
    await world.settle();
    const instance = anInstance(FIRST, { subnetId: SUBNET, networkInterface: { associatePublicIpAddress: true }, status: { privateIpAddress: '10.0.1.4' } });
    world.cluster.add(instance);
    const access = { read: world.cluster, live: world.cluster, write: world.cluster };
    const look = async (): Promise<string> => {
      const { publicIp = '-', claim } = await holdPublicAddress(instance, 'running', access, settings);
      await world.kubeOvn.play();
      return `${publicIp} ${claim?.status ?? ''} ${claim?.reason ?? ''}`;
    };
    assert.equal(await look(), '- False AddressPending');
    await look();
    assert.equal(await look(), '203.0.113.11 True Assigned');
    assert.deepEqual([world.ways(), world.cluster.list(OvnFip)[0]?.metadata.name], [['203.0.113.11 > 10.0.1.4'], `${FIRST}-public`]);
    await holdPublicAddress(instance, 'stopping', access, settings);
    await world.kubeOvn.play();
    assert.deepEqual([world.cluster.list(OvnEip), world.cluster.list(OvnFip)], [[], []]);
    await look();
    await releasePublicAddress(instance, access, settings);
    await world.kubeOvn.play();
    assert.deepEqual(world.cluster.list(OvnEip), []);
  });

  it('survives a crash after any write, and leaves nothing behind', async () => {
    const addresses = publicAddressesFor(settings);
    for (let last = 1; ; last += 1) {
      const world = new World(anElasticIp(ADDRESS, { address: '203.0.113.11', association: toInstance(FIRST) }), anElasticIp(OTHER, { address: '203.0.113.12' }));
      let count = 0;
      const written = (): void => {
        count += 1;
        if (count === last) throw new Error('crash');
      };
      const dying: Write = new ObservedWrite(world.cluster, { written, removing: () => written });
      const settle = async (): Promise<void> => {
        for (let round = 0; round < 4; round += 1) {
          await passUntilQuiet(world.cluster, vpcController(settings), { namespace, name: VPC }, world.clock);
          for (const elasticIp of world.cluster.list(ElasticIp)) {
            const outcome = await reconcile(elasticIp, { read: world.cluster, live: world.cluster, write: dying, clock: world.clock, log: silentLogger() }, addresses).catch(() => undefined);
            if (outcome) await world.cluster.patchStatus(ElasticIp, { namespace, name: elasticIp.metadata.name }, { status: outcome.status as Json });
          }
          await world.kubeOvn.play();
        }
      };
      await settle();
      assert.deepEqual(world.ways(), ['203.0.113.11 > 10.0.1.4'], `crash after ${last}`);
      await world.cluster.patch(ElasticIp, { namespace, name: OTHER }, { spec: { association: toInstance(FIRST, true) } });
      await settle();
      assert.deepEqual(world.ways(), ['203.0.113.12 > 10.0.1.4'], `crash after ${last}`);
      for (const { metadata } of world.cluster.list(ElasticIp)) await world.cluster.remove(ElasticIp, { namespace, name: metadata.name });
      await settle();
      assert.deepEqual([world.cluster.list(ElasticIp), world.cluster.list(OvnEip), world.cluster.list(OvnFip)], [[], [], []], `crash after ${last}`);
      if (count < last) return;
    }
  });
});
