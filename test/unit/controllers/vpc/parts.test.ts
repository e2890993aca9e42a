import assert from 'node:assert/strict';
import { DhcpOptionsDefinition } from '../../../../operator/api/network/dhcp-options.ts';
import { InternetGatewayDefinition } from '../../../../operator/api/network/internet-gateway.ts';
import { NetworkAclDefinition } from '../../../../operator/api/network/network-acl.ts';
import { RouteTableDefinition } from '../../../../operator/api/network/route-table.ts';
import type { KubernetesObject } from '../../../../operator/api/shared.ts';
import { VpcConditions } from '../../../../operator/api/network/vpc.ts';
import { dhcpOptionsController } from '../../../../operator/controllers/dhcp-options/controller.ts';
import { defaultControllerSettings, type ControllerSettings } from '../../../../operator/controllers/index.ts';
import { internetGatewayController } from '../../../../operator/controllers/internet-gateway/controller.ts';
import { networkAclController } from '../../../../operator/controllers/network-acl/controller.ts';
import { routeTableController } from '../../../../operator/controllers/route-table/controller.ts';
import { partIdsOf } from '../../../../operator/controllers/vpc/parts.ts';
import { vpcController } from '../../../../operator/controllers/vpc/controller.ts';
import { NetworkAcl, RouteTable, Vpc } from '../../../../operator/kubernetes/resources.ts';
import type { AnyController } from '../../../../operator/runtime/reconcile.ts';
import { passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { aVpc } from '../../../support/network-objects.ts';
import { NAMESPACE } from '../../../support/operation-context.ts';

interface Shown extends KubernetesObject {
  status?: { conditions?: { type: string; status: string; reason: string }[]; [field: string]: unknown };
}

const meta = (name: string, creationTimestamp = '2026-01-01T00:00:00Z') => ({ name, namespace: NAMESPACE, uid: `uid-${name}`, creationTimestamp });
const gateway = (name: string, vpcId?: string, creationTimestamp?: string): KubernetesObject => {
  const { apiVersion, kind, spec } = InternetGatewayDefinition;
  return { apiVersion, kind, metadata: meta(name, creationTimestamp), spec: spec.parse({ vpcId }) } as KubernetesObject;
};
const table = (gatewayId: string): KubernetesObject => {
  const { apiVersion, kind, spec } = RouteTableDefinition;
  return { apiVersion, kind, metadata: meta('ways'), spec: spec.parse({ vpcId: 'net', routes: [{ destinationCidrBlock: '0.0.0.0/0', gatewayId }] }) } as KubernetesObject;
};

async function shown(controller: AnyController, name: string, objects: KubernetesObject[]): Promise<Shown> {
  const clock = new FakeClock();
  const cluster = new FakeCluster({ clock, objects });
  await passUntilQuiet(cluster, controller, { namespace: NAMESPACE, name }, clock);
  return (cluster.get(controller.type, { namespace: NAMESPACE, name }) as Shown | undefined) ?? assert.fail('gone');
}
const conditionOf = ({ status }: Shown, type: string): string => {
  const condition = status?.conditions?.find((candidate) => candidate.type === type);
  return `${condition?.status ?? ''} ${condition?.reason ?? ''}`;
};

describe('an internet gateway', () => {
  const cases: Record<string, { objects: KubernetesObject[]; want: string }> = {
    'that names no VPC is detached': { objects: [gateway('door')], want: 'False Detached' },
    'waits for its VPC': { objects: [gateway('door', 'none')], want: 'False VpcNotFound' },
    'is attached': { objects: [gateway('door', 'net')], want: 'True Attached' },
    'stands back behind an older one': { objects: [gateway('door', 'net'), gateway('older', 'net', '2020-01-01T00:00:00Z')], want: 'False AlreadyAttached' },
  };
  for (const [name, { objects, want }] of Object.entries(cases)) {
    it(name, async () => {
      assert.equal(conditionOf(await shown(internetGatewayController(), 'door', [aVpc('net'), ...objects]), 'Attached'), want);
    });
  }
});

describe('a route table', () => {
  it('is ready when its gateway is attached to its VPC, and never claims to be enforced', async () => {
    const ready = await shown(routeTableController(defaultControllerSettings), 'ways', [aVpc('net'), gateway('door', 'net'), table('door')]);
    assert.deepEqual([conditionOf(ready, 'Ready'), conditionOf(ready, 'Enforced')], ['True Ready', 'False PodNetwork']);
    assert.equal(conditionOf(await shown(routeTableController(defaultControllerSettings), 'ways', [aVpc('net'), gateway('door'), table('door')]), 'Ready'), 'False GatewayNotAttached');
    assert.equal(conditionOf(await shown(routeTableController(defaultControllerSettings), 'ways', [table('door')]), 'Ready'), 'False VpcNotFound');
  });

  it('says what holds instead of it where Kube-OVN makes the network', async () => {
    const enforced = async (kubeOvnExternalSubnet: string | undefined, ...objects: KubernetesObject[]): Promise<string> => {
      const controller = routeTableController({ ...defaultControllerSettings, networkProvider: 'kube-ovn', kubeOvnExternalSubnet });
      return conditionOf(await shown(controller, 'ways', [aVpc('net'), gateway('door', 'net'), table('door'), ...objects]), 'Enforced');
    };
    const outside = { apiVersion: 'kubeovn.io/v1', kind: 'Subnet', metadata: { name: 'outside' }, spec: { cidrBlock: '203.0.113.0/24', gateway: '203.0.113.1' } } as KubernetesObject;
    assert.equal(await enforced(undefined), 'False ExternalSubnetNotConfigured');
    assert.equal(await enforced('outside'), 'False ExternalSubnetNotFound');
    assert.equal(await enforced('outside', outside), 'True KubeOvn');
  });
});

describe('a network ACL', () => {
  it('is the default one of its VPC, or does nothing and says so', async () => {
    const { apiVersion, kind, spec } = NetworkAclDefinition;
    const acl = (name: string): KubernetesObject => ({ apiVersion, kind, metadata: meta(name), spec: spec.parse({ vpcId: 'net' }) }) as KubernetesObject;
    const { networkAcl } = partIdsOf(aVpc('net'));
    assert.equal(conditionOf(await shown(networkAclController(), networkAcl, [aVpc('net'), acl(networkAcl)]), 'Ready'), 'True Default');
    assert.equal(conditionOf(await shown(networkAclController(), 'own', [aVpc('net'), acl('own')]), 'Ready'), 'False NotSupported');
  });
});

describe('DHCP options', () => {
  it('get their id', async () => {
    const { apiVersion, kind, spec } = DhcpOptionsDefinition;
    const options = { apiVersion, kind, metadata: meta('told'), spec: spec.parse({ domainName: 'example.com' }) } as KubernetesObject;
    assert.match(String((await shown(dhcpOptionsController(), 'told', [options])).status?.['dhcpOptionsId']), /^dopt-[0-9a-f]{17}$/);
  });
});

describe('what belongs to a VPC', () => {
  it('comes back when it is deleted, but not a main table in whose place another was put', async () => {
    const clock = new FakeClock();
    const cluster = new FakeCluster({ clock, objects: [aVpc('net')] });
    const settle = async (): Promise<void> => {
      await passUntilQuiet(cluster, vpcController(defaultControllerSettings), { namespace: NAMESPACE, name: 'net' }, clock);
    };
    await settle();
    const { routeTable, networkAcl } = partIdsOf(aVpc('net'));
    await cluster.remove(RouteTable, { namespace: NAMESPACE, name: routeTable });
    await cluster.remove(NetworkAcl, { namespace: NAMESPACE, name: networkAcl });
    await settle();
    assert.ok(cluster.get(RouteTable, { namespace: NAMESPACE, name: routeTable }));
    assert.ok(cluster.get(NetworkAcl, { namespace: NAMESPACE, name: networkAcl }));
    await cluster.patch(Vpc, { namespace: NAMESPACE, name: 'net' }, { spec: { mainRouteTableId: 'ways' } });
    await cluster.remove(RouteTable, { namespace: NAMESPACE, name: routeTable });
    await settle();
    assert.deepEqual(cluster.list(RouteTable), []);
  });

  const cases: Record<string, { settings: Partial<ControllerSettings>; want: string }> = {
    'nobody can tell': { settings: {}, want: 'Unknown MechanismUnknown' },
    'the network does not enforce policies': { settings: { networkPolicy: 'not-enforced' }, want: 'False NotEnforced' },
    'it is not known which addresses pods have': { settings: { networkPolicy: 'enforced' }, want: 'False PodAddressesUnknown' },
    'policies are enforced': { settings: { networkPolicy: 'enforced', podCidrs: ['10.244.0.0/16'] }, want: 'True BySecurityGroups' },
  };
  for (const [name, { settings, want }] of Object.entries(cases)) {
    it(`says whether it is isolated: ${name}`, async () => {
      assert.equal(conditionOf(await shown(vpcController({ ...defaultControllerSettings, ...settings }), 'net', [aVpc('net')]), VpcConditions.isolated), want);
    });
  }
});
