import assert from 'node:assert/strict';
import { ACCOUNT_ID_LABEL } from '../../../../operator/api/identity/account.ts';
import { ManagedPrefixListDefinition } from '../../../../operator/api/network/managed-prefix-list.ts';
import type { KubernetesObject } from '../../../../operator/api/shared.ts';
import { defaultControllerSettings, type ControllerSettings } from '../../../../operator/controllers/index.ts';
import { securityGroupController } from '../../../../operator/controllers/security-group/controller.ts';
import type { Instance} from '../../../../operator/kubernetes/resources.ts';
import { DaemonSet, NetworkPolicy, SecurityGroup } from '../../../../operator/kubernetes/resources.ts';
import { passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { anInstance, aSecurityGroup } from '../../../support/instance-objects.ts';
import { aVpc } from '../../../support/network-objects.ts';
import { ACCOUNT_ID, NAMESPACE } from '../../../support/operation-context.ts';

const OTHER_ACCOUNT = '210987654321';
const clock = new FakeClock();
const namespaceOf = (name: string, accountId: string): KubernetesObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { [ACCOUNT_ID_LABEL]: accountId } } });
const daemonSet = (name: string): KubernetesObject => ({ apiVersion: DaemonSet.apiVersion, kind: DaemonSet.kind, metadata: { name, namespace: 'kube-system' } });
const SG = 'sg-00000000000000001';
const OTHER = 'sg-00000000000000002';
const THEIRS = 'sg-00000000000000003';

interface World {
  cluster: FakeCluster;
  pass(name?: string): Promise<void>;
  policy(): NonNullable<NetworkPolicy['spec']>;
  group(name?: string): SecurityGroup;
  condition(type: string): string;
}

function world(spec: Parameters<typeof aSecurityGroup>[1], more: KubernetesObject[] = [daemonSet('calico-node')], settings: Partial<ControllerSettings> = {}): World {
  const objects = [namespaceOf(NAMESPACE, ACCOUNT_ID), namespaceOf('others', OTHER_ACCOUNT), aSecurityGroup(SG, spec), ...more];
  const cluster = new FakeCluster({ clock, objects });
  const controller = securityGroupController({ ...defaultControllerSettings, ...settings });
  const group = (name = SG): SecurityGroup => cluster.get(SecurityGroup, { namespace: NAMESPACE, name }) ?? assert.fail('the group is gone');
  return {
    cluster,
    group,
    pass: async (name = SG) => void (await passUntilQuiet(cluster, controller, { namespace: NAMESPACE, name }, clock)),
    policy: () => cluster.get(NetworkPolicy, { namespace: NAMESPACE, name: SG })?.spec ?? assert.fail('no policy'),
    condition: (type) => {
      const { status, reason, message } = group().status?.conditions?.find((condition) => condition.type === type) ?? assert.fail(`no condition ${type}`);
      return `${status} ${reason}: ${message}`;
    },
  };
}

const member = (id: string): object => ({ podSelector: { matchExpressions: [{ key: `sg.kube-ec2.io/${id}`, operator: 'Exists' }] } });

describe('the NetworkPolicy of a security group', () => {
  it('selects the members, lets nothing in and everything out, and is written once', async () => {
    const here = world({});
    await here.pass();
    const { egress = [], ...rest } = here.policy();
    assert.deepEqual(rest, { ...member(SG), policyTypes: ['Ingress', 'Egress'] });
    assert.deepEqual(egress.slice(1), [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }]);
    assert.deepEqual(here.cluster.get(NetworkPolicy, { namespace: NAMESPACE, name: SG })?.metadata?.ownerReferences?.map(({ name }) => name), [SG]);
    const { length } = here.cluster.writes;
    await here.pass();
    assert.equal(here.cluster.writes.length, length);
  });

  it('closes instances that no group is about', async () => {
    const here = world({});
    await here.pass();
    const { egress, ...spec } = here.cluster.get(NetworkPolicy, { namespace: NAMESPACE, name: 'kube-ec2-instances' })?.spec ?? {};
    assert.deepEqual(egress, here.policy().egress?.slice(0, 1));
    assert.deepEqual(spec, {
      podSelector: { matchExpressions: [{ key: 'kube-ec2.io/instance-id', operator: 'Exists' }] },
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  const tcp = { ipProtocol: 'tcp', fromPort: 22, toPort: 22 };
  const list = { apiVersion: ManagedPrefixListDefinition.apiVersion, kind: 'ManagedPrefixList', metadata: { name: 'office', namespace: NAMESPACE, uid: 'l' } };
  const entries = [{ cidr: '10.1.0.0/16' }, { cidr: '10.2.0.0/16' }];
  const cases: Record<string, { ingress: Parameters<typeof aSecurityGroup>[1]; want: object[] | undefined }> = {
    'one rule for many blocks with the same ports': {
      ingress: { ingress: [{ ...tcp, cidrIpv4: '10.0.0.7/8' }, { ...tcp, ipProtocol: '6', cidrIpv4: '192.168.0.0/16' }, { ...tcp, cidrIpv6: 'FD00::/8' }, { ...tcp, cidrIpv4: '10.0.0.0/8' }] },
      want: [{ from: ['10.0.0.0/8', '192.168.0.0/16', 'fd00::/8'].map((cidr) => ({ ipBlock: { cidr } })), ports: [{ protocol: 'TCP', port: 22 }] }],
    },
    'ranges of ports, and whole protocols': {
      ingress: {
        ingress: [
          { ipProtocol: 'udp', fromPort: 100, toPort: 200, cidrIpv4: '10.0.0.0/8' },
          { ipProtocol: 'tcp', fromPort: 0, toPort: 65535, cidrIpv4: '10.0.0.0/8' },
          { ipProtocol: '132', cidrIpv4: '10.0.0.0/8' },
          { ipProtocol: '-1', cidrIpv4: '10.0.0.0/8' },
        ],
      },
      want: [[{ protocol: 'UDP', port: 100, endPort: 200 }], [{ protocol: 'TCP' }], [{ protocol: 'SCTP' }], undefined].map((ports) => ({
        from: [{ ipBlock: { cidr: '10.0.0.0/8' } }],
        ...(ports && { ports }),
      })),
    },
    'members of itself, and of another group by its name or id': {
      ingress: { ingress: [SG, 'web', OTHER].map((groupId) => ({ ...tcp, referencedGroup: { groupId, userId: ACCOUNT_ID } })) },
      want: [{ from: [member(SG), member(OTHER)].slice(0, 1).concat([member(OTHER)]), ports: [{ protocol: 'TCP', port: 22 }] }],
    },
    'members of a group of another account': {
      ingress: { ingress: [{ ...tcp, referencedGroup: { groupId: THEIRS, userId: OTHER_ACCOUNT } }] },
      want: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'others' } }, ...member(THEIRS) }], ports: [{ protocol: 'TCP', port: 22 }] }],
    },
    'the blocks of a prefix list': {
      ingress: { ingress: [{ ...tcp, prefixListId: 'office' }] },
      want: [{ from: entries.map((ipBlock) => ({ ipBlock })), ports: [{ protocol: 'TCP', port: 22 }] }],
    },
    'nothing for what is not there': {
      ingress: {
        ingress: [
          { ...tcp, prefixListId: 'nothing' },
          { ...tcp, referencedGroup: { groupId: 'nothing' } },
          { ...tcp, referencedGroup: { groupId: OTHER, userId: OTHER_ACCOUNT } },
          { ...tcp, referencedGroup: { groupId: THEIRS } },
          { ipProtocol: 'tcp', fromPort: 0, toPort: 0, cidrIpv4: '0.0.0.0/0' },
        ],
      },
      want: undefined,
    },
  };
  for (const [name, { ingress, want }] of Object.entries(cases)) {
    it(`holds ${name}`, async () => {
      const here = world(ingress, [
        aSecurityGroup(OTHER, { groupName: 'web' }),
        aSecurityGroup(THEIRS, { namespace: 'others' }),
        { ...list, spec: ManagedPrefixListDefinition.spec.parse({ entries }) } as KubernetesObject,
      ]);
      here.cluster.add(aSecurityGroup('web', { namespace: NAMESPACE }));
      await here.cluster.remove(SecurityGroup, { namespace: NAMESPACE, name: 'web' });
      await here.pass();
      assert.deepEqual(here.policy().ingress, want);
    });
  }

  it('lets instances of other VPCs in by no wide block where it is known which addresses pods have', async () => {
    const ingress = [{ ipProtocol: '-1', cidrIpv4: '0.0.0.0/0' }, { ipProtocol: '-1', cidrIpv4: '10.244.0.0/16' }, { ipProtocol: '-1', cidrIpv4: '10.244.3.0/24' }];
    const here = world({ ingress, egress: [], vpcId: 'vpc-00000000000000001' }, [aVpc('vpc-00000000000000001')], { podCidrs: ['10.244.0.0/16'] });
    await here.pass();
    const others = { namespaceSelector: {}, podSelector: { matchExpressions: [{ key: 'kube-ec2.io/instance-id', operator: 'DoesNotExist' }] } };
    const own = { podSelector: { matchExpressions: [{ key: 'vpc.kube-ec2.io/vpc-00000000000000001', operator: 'Exists' }] } };
    const want = [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.244.0.0/16'] } }, own, others, { ipBlock: { cidr: '10.244.3.0/24' } }];
    assert.deepEqual(here.policy().ingress, [{ from: want }]);
  });

  it('names pods beside everything for Cilium, which takes blocks for what is no pod', async () => {
    const here = world({ ingress: [{ ipProtocol: '-1', cidrIpv4: '0.0.0.0/0' }] }, [daemonSet('cilium')]);
    await here.pass();
    assert.deepEqual(here.policy().ingress, [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }, { namespaceSelector: {} }] }]);
  });
});

describe('what a security group says of itself', () => {
  const ping = { ipProtocol: 'icmp', cidrIpv4: '0.0.0.0/0' };
  const cases: Record<string, { plugins: string[]; ingress?: (typeof ping)[]; networkPolicy?: 'enforced' | 'not-enforced'; want: RegExp }> = {
    'enforced by a plugin that is known': { plugins: ['kube-flannel-ds', 'calico-node'], want: /^True Enforced: NetworkPolicy sg-00000000000000001, by Calico\.$/ },
    'partly, with each rule that is not': { plugins: ['cilium'], ingress: [ping], want: /^False PartiallyEnforced: .*Cilium.*sgr-[0-9a-f]{17}, ingress rule icmp -1 0\.0\.0\.0\/0: NetworkPolicy has no ICMP/ },
    'not at all': { plugins: ['kube-flannel-ds'], want: /^False NotEnforced: .*flannel does not enforce/ },
    'that nobody knows': { plugins: ['kindnet'], want: /^Unknown MechanismUnknown/ },
    'that nobody knows, without any plugin': { plugins: [], want: /^Unknown MechanismUnknown/ },
    'what the administrator says': { plugins: [], networkPolicy: 'enforced', want: /^True Enforced/ },
    'what the administrator says, against what is seen': { plugins: ['calico-node'], networkPolicy: 'not-enforced', want: /^False NotEnforced/ },
  };
  for (const [name, { plugins, ingress = [], networkPolicy = 'auto', want }] of Object.entries(cases)) {
    it(name, async () => {
      const here = world({ ingress }, plugins.map(daemonSet), { networkPolicy });
      await here.pass();
      assert.match(here.condition('Enforced'), want);
      assert.match(here.condition('PartiallyEnforced'), ingress.length > 0 ? /^True RulesNotExpressed: Not enforced: sgr-/ : /^False AllRulesExpressed/);
    });
  }

  it('K3s enforces by itself', async () => {
    const here = world({}, [{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' }, status: { nodeInfo: { kubeletVersion: 'v1.37.2+k3s1' } } } as KubernetesObject]);
    await here.pass();
    assert.match(here.condition('Enforced'), /^True Enforced: .*K3s/);
  });

  it('does not let a message grow without end', async () => {
    const here = world({ ingress: Array.from({ length: 900 }, (_, index) => ({ ipProtocol: 'icmp', cidrIpv4: `10.0.${String(index % 256)}.${String(index >> 8)}/32` })) });
    await here.pass();
    const message = here.condition('PartiallyEnforced');
    assert.match(message, /and 850 more/);
    assert.ok(message.length < 8000);
  });

  it('its id, name and owner, and which of two groups with one name counts', async () => {
    const younger = { ...aSecurityGroup('younger', { groupName: SG }), metadata: { ...aSecurityGroup('younger').metadata, creationTimestamp: '2026-01-02T00:00:00Z' } };
    const here = world({}, [younger]);
    await here.pass();
    const { groupId, groupName, ownerId } = here.group().status ?? {};
    assert.deepEqual([groupId, groupName, ownerId], [SG, SG, ACCOUNT_ID]);
    assert.match(here.condition('Ready'), /^True/);
    await here.pass('younger');
    assert.equal(here.group('younger').status?.conditions?.[0]?.reason, 'DuplicateName');
  });
});

describe('a security group that is deleted with kubectl', () => {
  it('stays, with its policy, until nobody is in it', async () => {
    const instance = anInstance('i-00000000000000001', { status: { securityGroupIds: [SG] } });
    const here = world({}, [instance]);
    await here.pass();
    await here.cluster.remove(SecurityGroup, { namespace: NAMESPACE, name: SG });
    await here.pass();
    assert.match(here.condition('Ready'), /^False InUse: .*1 are/);
    assert.ok(here.policy());
    here.cluster.add({ ...instance, status: { ...instance.status, state: 'terminated' } } as Instance);
    await here.pass();
    assert.equal(here.cluster.get(SecurityGroup, { namespace: NAMESPACE, name: SG }), undefined);
  });
});

describe('a change of a security group', () => {
  const referrer = aSecurityGroup(OTHER, { groupName: 'referrer', ingress: [{ ipProtocol: '-1', referencedGroup: { groupId: SG } }] });
  const waiting = { type: 'PartiallyEnforced', status: 'True', reason: 'RulesNotExpressed', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' } as const;
  const cases: Record<string, { referrer: SecurityGroup; isThere: boolean; wakes: boolean }> = {
    'is nothing to those that name it, as long as it is there': { referrer, isThere: true, wakes: false },
    'wakes those that name it when it goes': { referrer, isThere: false, wakes: true },
    'wakes those that may wait for it': { referrer: { ...referrer, status: { conditions: [waiting] } }, isThere: true, wakes: true },
  };
  for (const [name, { referrer: other, isThere, wakes }] of Object.entries(cases)) {
    it(name, async () => {
      const here = world({}, [other]);
      const group = here.group();
      if (!isThere) await here.cluster.remove(SecurityGroup, { namespace: NAMESPACE, name: SG });
      const watches = securityGroupController(defaultControllerSettings).watches.filter(({ type }) => type.kind === 'SecurityGroup');
      const woken = watches.flatMap((watch) => watch.keysOf(group, here.cluster)).map((key) => key.name);
      assert.equal(woken.includes(OTHER), wakes);
    });
  }
});
