import assert from 'node:assert/strict';
import { DhcpOptionsDefinition } from '../../../../operator/api/network/dhcp-options.ts';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import { InstanceConditions, type InstanceSpec } from '../../../../operator/api/compute/instance.ts';
import type { KubernetesObject } from '../../../../operator/api/shared.ts';
import { vpcLabelOf } from '../../../../operator/api/network/vpc.ts';
import { dhcpSettingsFrom } from '../../../../operator/controllers/instance/dhcp.ts';
import { instanceIdOf } from '../../../../operator/controllers/instance/identity.ts';
import { VirtualMachine, VirtualMachineInstance, Vpc } from '../../../../operator/kubernetes/resources.ts';
import { aSecurityGroup } from '../../../support/instance-objects.ts';
import { instanceWorld, runningWorld, WORLD_NAMESPACE as namespace, type InstanceWorld } from '../../../support/instance-world.ts';
import { aDefaultNetwork, aSubnet, aVpc } from '../../../support/network-objects.ts';

const network: KubernetesObject[] = [
  ...aDefaultNetwork(['us-east-1a'], namespace),
  aVpc('other', { namespace, cidrBlock: '10.0.0.0/16' }),
  aSubnet('inner', { namespace, vpcId: 'other', cidrBlock: '10.0.1.0/24', availabilityZone: 'us-east-1a' }),
  { ...aSubnet('misfit', { namespace, vpcId: 'other', cidrBlock: '10.0.1.0/24' }), status: { state: 'pending' } } as KubernetesObject,
  aSecurityGroup('inner', { namespace, groupName: 'inner', vpcId: 'other' }),
  aSecurityGroup('inner-default', { namespace, groupName: 'default', vpcId: 'other' }),
];
const vpcLabel = (name: string): string => vpcLabelOf(ec2IdOf('vpc', aVpc(name)));
const labelsOf = (world: InstanceWorld): string[] => {
  const vm = world.cluster.get(VirtualMachine, { namespace, name: instanceIdOf(world.instance()) });
  return Object.keys(vm?.spec.template.metadata?.labels ?? {}).filter((label) => label.startsWith('vpc.'));
};

describe('the place of an instance in the network', () => {
  it('without a subnet is the default VPC', async () => {
    const world = instanceWorld({}, ...network);
    await world.settle();
    assert.deepEqual(labelsOf(world), [vpcLabel('default')]);
  });

  it('is its subnet, which decides zone and VPC and the default group', async () => {
    const world = instanceWorld({ subnetId: 'inner' }, ...network);
    await world.settle();
    assert.deepEqual(labelsOf(world), [vpcLabel('other')]);
    const vm = world.cluster.get(VirtualMachine, { namespace, name: instanceIdOf(world.instance()) });
    assert.equal(vm?.spec.template.spec?.nodeSelector?.['topology.kubernetes.io/zone'], 'us-east-1a');
    assert.deepEqual(world.instance().status?.securityGroupIds, [ec2IdOf('sg', aSecurityGroup('inner-default'))]);
  });

  it('in a namespace without a VPC is nowhere, and becomes known when one is made, on the running machine too', async () => {
    const world = await runningWorld();
    assert.deepEqual(labelsOf(world), []);
    const made = vpcLabelOf(ec2IdOf('vpc', await world.cluster.create(Vpc, aVpc('default', { namespace, isDefault: true }))));
    await world.settle();
    assert.deepEqual(labelsOf(world), [made]);
    const vmi = world.cluster.get(VirtualMachineInstance, { namespace, name: instanceIdOf(world.instance()) });
    assert.ok(made in (vmi?.metadata?.labels ?? {}));
  });

  it('decides what its guest is told by DHCP', async () => {
    const { apiVersion, kind, spec } = DhcpOptionsDefinition;
    const told = { apiVersion, kind, metadata: { name: 'told', namespace, uid: 'uid-told' }, spec: spec.parse({ domainName: 'example.com', domainNameServers: ['10.0.0.2'], ntpServers: ['10.0.0.3'] }) };
    const others = network.filter((object) => object.metadata?.name !== 'other');
    const world = instanceWorld({ subnetId: 'inner' }, told, aVpc('other', { namespace, cidrBlock: '10.0.0.0/16', dhcpOptionsId: 'told' }), ...others);
    await world.settle();
    const template = world.cluster.get(VirtualMachine, { namespace, name: instanceIdOf(world.instance()) })?.spec.template.spec;
    assert.deepEqual([template?.dnsPolicy, template?.dnsConfig], ['None', { nameservers: ['10.0.0.2'], searches: ['example.com'] }]);
    assert.deepEqual(template?.domain.devices?.interfaces?.[0]?.dhcpOptions, { ntpServers: ['10.0.0.3'] });
  });

  it('keeps the DNS of the cluster for who asks for it, beside others', () => {
    const { apiVersion, kind, spec } = DhcpOptionsDefinition;
    const settings = (options: object) => dhcpSettingsFrom({ apiVersion, kind, metadata: { name: 'x' }, spec: spec.parse(options) });
    assert.deepEqual(settings({ domainNameServers: ['AmazonProvidedDNS', '10.0.0.2'] }), { dns: { dnsConfig: { nameservers: ['10.0.0.2'] } } });
    assert.deepEqual(settings({ domainNameServers: ['AmazonProvidedDNS'] }), {});
    assert.deepEqual(settings({ domainName: 'example.com' }), { dns: { dnsConfig: { searches: ['example.com'] } } });
  });

  const refused: Record<string, { spec: Partial<InstanceSpec>; want: string }> = {
    'a subnet that is not there': { spec: { subnetId: 'none' }, want: 'SubnetNotFound' },
    'a subnet that does not fit': { spec: { subnetId: 'misfit' }, want: 'SubnetNotAvailable' },
    'another zone than that of the subnet': { spec: { subnetId: 'inner', placement: { tenancy: 'default', availabilityZone: 'us-east-1b' } }, want: 'SubnetOfOtherZone' },
    'a group of another VPC': { spec: { securityGroupIds: ['inner'] }, want: 'SecurityGroupOfOtherVpc' },
  };
  for (const [name, { spec, want }] of Object.entries(refused)) {
    it(`waits for something else than ${name}`, async () => {
      const world = instanceWorld(spec, ...network);
      await world.settle();
      const condition = world.instance().status?.conditions?.find(({ type }) => type === InstanceConditions.launchable);
      assert.deepEqual([condition?.status, condition?.reason], ['False', want]);
    });
  }
});
