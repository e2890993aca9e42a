import assert from 'node:assert/strict';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import { associationIdOf, METALLB_ANNOTATIONS, type ElasticIpSpec } from '../../../../operator/api/network/elastic-ip.ts';
import { ownInterfaceIdOf } from '../../../../operator/api/network/network-interface.ts';
import type { KubernetesObject } from '../../../../operator/api/shared.ts';
import { elasticIpController } from '../../../../operator/controllers/elastic-ip/controller.ts';
import type { ElasticIpSettings } from '../../../../operator/controllers/elastic-ip/settings.ts';
import { ElasticIp, Instance, NetworkInterface, SecurityGroup, Service } from '../../../../operator/kubernetes/resources.ts';
import type { Json } from '../../../../operator/kubernetes/write.ts';
import { aNetworkInterface, anElasticIp } from '../../../support/address-objects.ts';
import { pass, passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { anInstance, aSecurityGroup } from '../../../support/instance-objects.ts';
import { NAMESPACE } from '../../../support/operation-context.ts';

const ID = 'i-00000000000000001';
const settings: ElasticIpSettings = { networkProvider: 'pod', kubeOvnExternalSubnet: undefined, elasticIps: { loadBalancerClass: undefined, annotations: METALLB_ANNOTATIONS, nodePorts: false } };

class World {
  readonly clock = new FakeClock();
  readonly cluster: FakeCluster;

  constructor(...objects: KubernetesObject[]) {
    const web = aSecurityGroup('web', { ingress: [{ ipProtocol: 'tcp', fromPort: 80, toPort: 80, cidrIpv4: '0.0.0.0/0' }] });
    this.cluster = new FakeCluster({ clock: this.clock, objects: [web, aSecurityGroup('default', { groupName: 'default' }), anInstance(ID, { securityGroupIds: ['web'] }), ...objects] });
  }

  async settle(name = 'public', with_ = settings): Promise<ElasticIp> {
    await passUntilQuiet(this.cluster, elasticIpController(with_), { namespace: NAMESPACE, name }, this.clock);
    return this.elasticIp(name);
  }

  elasticIp(name = 'public'): ElasticIp {
    return this.cluster.get(ElasticIp, { namespace: NAMESPACE, name }) ?? assert.fail('it is gone');
  }

  service(name = 'public'): Service {
    return this.cluster.get(Service, { namespace: NAMESPACE, name: ec2IdOf('eipalloc', this.elasticIp(name)) }) ?? assert.fail('no service');
  }

  async give(ip: string, name = 'public'): Promise<ElasticIp> {
    await this.cluster.patchStatus(Service, { namespace: NAMESPACE, name: this.service(name).metadata?.name ?? '' }, { status: { loadBalancer: { ingress: [{ ip }] } } });
    return this.settle(name);
  }

  async associate(association: Json, name = 'public'): Promise<ElasticIp> {
    await this.cluster.patch(ElasticIp, { namespace: NAMESPACE, name }, { spec: { association } });
    return this.settle(name);
  }

  route(name = 'public'): string {
    const { selector, ports = [] } = this.service(name).spec ?? {};
    return `${selector?.['kube-ec2.io/instance-id']}: ${ports.map(({ name: port }) => port).join(' ')}`;
  }
}

function reasonOf({ status }: ElasticIp, type: string): string | undefined {
  const condition = status?.conditions?.find((candidate) => candidate.type === type);
  return condition && `${condition.status} ${condition.reason}`;
}

const toInstance = (instanceId: string, allowReassociation = false): ElasticIpSpec['association'] => ({ instanceId, allowReassociation });

describe('the elastic IP controller', () => {
  it('holds an address with a Service that leads nowhere until it is associated', async () => {
    const world = new World(anElasticIp('public'));
    assert.equal(reasonOf(await world.settle(), 'Allocated'), 'False AddressPending');
    const { spec, metadata } = world.service();
    assert.deepEqual([spec?.type, spec?.externalTrafficPolicy, spec?.publishNotReadyAddresses, spec?.allocateLoadBalancerNodePorts], ['LoadBalancer', 'Local', false, false]);
    assert.equal(metadata?.annotations, undefined);
    const given = await world.give('203.0.113.7');
    assert.deepEqual([given.status?.publicIp, reasonOf(given, 'Allocated'), reasonOf(given, 'Associated')], ['203.0.113.7', 'True Allocated', 'False NotAssociated']);
    assert.equal(world.route(), 'none: tcp-9');
  });

  it('leads to the instance, as far as its security groups open ports, and follows their rules', async () => {
    const world = new World(anElasticIp('public', { association: toInstance(ID) }));
    const made = await world.settle();
    assert.equal(world.route(), `${ID}: tcp-80`);
    assert.deepEqual(made.status?.openPorts, ['tcp/80']);
    const instance = world.cluster.get(Instance, { namespace: NAMESPACE, name: ID }) ?? assert.fail();
    assert.deepEqual([made.status?.instanceId, made.status?.networkInterfaceId, made.status?.associationId], [ID, ownInterfaceIdOf(instance), associationIdOf(made)]);
    const ingress = [{ ipProtocol: '-1', cidrIpv4: '0.0.0.0/0' }];
    await world.cluster.patch(SecurityGroup, { namespace: NAMESPACE, name: 'web' }, { spec: { ingress } });
    const closed = await world.settle();
    assert.equal(world.route(), 'none: tcp-9');
    assert.equal(reasonOf(closed, 'PortsOpen'), 'False RulesNotExpressible');
    assert.equal(closed.status?.openPorts, undefined);
  });

  it('keeps the association while the instance is stopped, and frees the address when it has ended', async () => {
    const world = new World(anElasticIp('public', { association: toInstance(ID) }));
    await world.settle();
    await world.give('203.0.113.7');
    const key = { namespace: NAMESPACE, name: ID };
    await world.cluster.patchStatus(Instance, key, { status: { state: 'stopped' } });
    assert.equal(reasonOf(await world.settle(), 'Associated'), 'True Associated');
    await world.cluster.patchStatus(Instance, key, { status: { state: 'shutting-down' } });
    const free = await world.settle();
    assert.deepEqual([free.spec.association, free.status?.publicIp, free.status?.instanceId, world.route()], [undefined, '203.0.113.7', undefined, 'none: tcp-9']);
    assert.deepEqual(world.cluster.events.map(({ reason }) => reason), ['Associated', 'Allocated', 'Disassociated']);
    // Somebody who wishes it all the same is told, and not fought.
    const again = await world.associate(toInstance(ID) as Json);
    assert.deepEqual([reasonOf(again, 'Associated'), again.spec.association?.instanceId], ['False InstanceTerminated', ID]);
  });

  it('waits for an instance that is not there yet', async () => {
    const world = new World(anElasticIp('public', { association: toInstance('later') }));
    const waiting = await world.settle();
    assert.deepEqual([reasonOf(waiting, 'Associated'), waiting.spec.association?.instanceId], ['False InstanceNotFound', 'later']);
    world.cluster.add(anInstance('later', { securityGroupIds: ['web'] }));
    assert.equal(reasonOf(await world.settle(), 'Associated'), 'True Associated');
  });

  it('one instance has one address: another takes its place only if it says so', async () => {
    const world = new World(anElasticIp('public', { association: toInstance(ID) }), anElasticIp('second', { creationTimestamp: '2025-01-01T00:00:00Z' }));
    await world.settle();
    const refused = await world.associate(toInstance(ID) as Json, 'second');
    assert.equal(reasonOf(refused, 'Associated'), 'False AlreadyAssociated');
    assert.equal(world.route('second'), 'none: tcp-9');
    const taken = await world.associate(toInstance(ID, true) as Json, 'second');
    assert.equal(reasonOf(taken, 'Associated'), 'True Associated');
    assert.equal((await world.settle()).spec.association, undefined);
    assert.deepEqual([world.route(), world.route('second')], ['none: tcp-9', `${ID}: tcp-80`]);
  });

  it('an interface keeps its address from instance to instance', async () => {
    const world = new World(aNetworkInterface('eni-00000000000000001', { securityGroupIds: ['web'] }), anElasticIp('public', { association: { networkInterfaceId: 'eni-00000000000000001', allowReassociation: false } }));
    assert.equal(reasonOf(await world.settle(), 'Associated'), 'True Associated');
    assert.equal(world.route(), 'none: tcp-9');
    world.cluster.add(anInstance('i-00000000000000002', { networkInterface: { networkInterfaceId: 'eni-00000000000000001' } }));
    const attached = await world.settle();
    assert.deepEqual([world.route(), attached.status?.instanceId], ['i-00000000000000002: tcp-80', 'i-00000000000000002']);
    await world.cluster.patchStatus(Instance, { namespace: NAMESPACE, name: 'i-00000000000000002' }, { status: { state: 'terminated' } });
    const left = await world.settle();
    assert.deepEqual([reasonOf(left, 'Associated'), left.status?.instanceId, world.route()], ['True Associated', undefined, 'none: tcp-9']);
    await world.cluster.remove(NetworkInterface, { namespace: NAMESPACE, name: 'eni-00000000000000001' });
    assert.equal((await world.settle()).spec.association, undefined);
  });

  it('asks for an address and a pool as the settings say, and for the same address again when the Service was lost', async () => {
    const world = new World(anElasticIp('public', { pool: 'blue' }), anElasticIp('wish', { address: '203.0.113.9' }));
    await world.settle();
    assert.deepEqual(world.service().metadata?.annotations, { 'metallb.io/address-pool': 'blue' });
    await world.give('203.0.113.7');
    await world.cluster.remove(Service, { namespace: NAMESPACE, name: world.service().metadata?.name ?? '' });
    assert.equal((await world.settle()).status?.publicIp, '203.0.113.7');
    assert.deepEqual(world.service().metadata?.annotations, { 'metallb.io/address-pool': 'blue', 'metallb.io/loadBalancerIPs': '203.0.113.7' });
    await world.settle('wish');
    assert.deepEqual(world.service('wish').metadata?.annotations, { 'metallb.io/loadBalancerIPs': '203.0.113.9' });
    const other = await world.give('203.0.113.8', 'wish');
    assert.deepEqual([other.status?.publicIp, reasonOf(other, 'Allocated')], [undefined, 'False OtherAddress']);
    const special = new World(anElasticIp('public'));
    await special.settle('public', { ...settings, elasticIps: { loadBalancerClass: 'example.com/lb', annotations: { static: 'yes' }, nodePorts: true } });
    const { spec, metadata } = special.service();
    assert.deepEqual([spec?.loadBalancerClass, spec?.allocateLoadBalancerNodePorts, metadata?.annotations], ['example.com/lb', true, { static: 'yes' }]);
  });

  it('finds the Service that an earlier pass made, if the cache does not show it yet, and leads it where it should', async () => {
    const world = new World(anElasticIp('public'));
    await world.settle();
    await world.give('203.0.113.7');
    const key = { namespace: NAMESPACE, name: 'public' };
    await world.cluster.patch(ElasticIp, key, { spec: { association: toInstance(ID) as Json } });
    await pass(world.cluster, elasticIpController(settings), key, world.clock, ['Service']);
    assert.deepEqual([reasonOf(world.elasticIp(), 'Allocated'), world.route()], ['True Allocated', `${ID}: tcp-80`]);
  });

  it('leaves a Service of that name alone that is somebody else’s', async () => {
    const world = new World(anElasticIp('eipalloc-00000000000000001'), { apiVersion: 'v1', kind: 'Service', metadata: { name: 'eipalloc-00000000000000001', namespace: NAMESPACE } });
    assert.equal(reasonOf(await world.settle('eipalloc-00000000000000001'), 'Allocated'), 'False ServiceRefused');
  });

  it('survives a crash between any two writes', async () => {
    for (let crash = 0; ; crash += 1) {
      const world = new World(anElasticIp('public', { association: toInstance(ID) }), anElasticIp('second', { association: toInstance(ID, true) }));
      await world.settle();
      const before = world.cluster.writes.length;
      const crashed = failAt(world.cluster, crash);
      await world.settle('second').catch(() => undefined);
      const didCrash = crashed();
      await world.settle('second');
      await world.settle();
      assert.deepEqual([world.route(), world.route('second')], ['none: tcp-9', `${ID}: tcp-80`], `crash at write ${crash}`);
      if (!didCrash) {
        assert.ok(world.cluster.writes.length > before);
        return;
      }
    }
  });
});

/** Lets the write of this number fail, once; the function that it returns tells whether it did, and ends it. */
function failAt(cluster: FakeCluster, count: number): () => boolean {
  const start = cluster.writes.length;
  const verbs = ['create', 'patch', 'patchStatus'] as const;
  let hasFailed = false;
  const originals = verbs.map((verb) => [verb, cluster[verb].bind(cluster)] as const);
  for (const [verb, original] of originals) {
    Object.assign(cluster, {
      [verb]: async (...parameters: never[]) => {
        if (!hasFailed && cluster.writes.length - start === count) {
          hasFailed = true;
          throw new Error('crash');
        }
        return (original as (...given: never[]) => Promise<unknown>)(...parameters);
      },
    });
  }
  return () => {
    for (const verb of verbs) Reflect.deleteProperty(cluster, verb);
    return hasFailed;
  };
}
