import assert from 'node:assert/strict';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import { instanceController } from '../../../../operator/controllers/instance/controller.ts';
import { defaultControllerSettings } from '../../../../operator/controllers/index.ts';
import { instanceIdOf } from '../../../../operator/controllers/instance/identity.ts';
import { isMislabelled } from '../../../../operator/controllers/instance/relabel.ts';
import { securityGroupIdsFrom } from '../../../../operator/controllers/instance/virtual-machine.ts';
import { Instance, Pod, SecurityGroup } from '../../../../operator/kubernetes/resources.ts';
import { passUntilQuiet } from '../../../support/controller-pass.ts';
import { instanceWorld, runningWorld, WORLD_NAMESPACE as namespace, type InstanceWorld } from '../../../support/instance-world.ts';

function launcher(world: InstanceWorld, name: string, labels?: Record<string, string>): Pod {
  const { labels: ofRun } = world.kubevirt.vmi?.metadata ?? {};
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels: { ...(labels ?? ofRun), 'kube-ec2.io/instance-id': instanceIdOf(world.instance()) } } };
  world.cluster.add(pod);
  return pod;
}

const groupsOf = (world: InstanceWorld, name: string): string[] => securityGroupIdsFrom(world.cluster.get(Pod, { namespace, name })?.metadata?.labels);
const idOf = (world: InstanceWorld, name: string): string => ec2IdOf('sg', world.cluster.get(SecurityGroup, { namespace, name }) ?? assert.fail());

describe('the pods of a running machine', () => {
  it('are members of the groups that the instance is in, both of them while it moves', async () => {
    const world = await runningWorld();
    launcher(world, 'source');
    launcher(world, 'target');
    await world.change({ securityGroupIds: ['web'] });
    assert.deepEqual([groupsOf(world, 'source'), groupsOf(world, 'target')], [[idOf(world, 'web')], [idOf(world, 'web')]]);
    const { length } = world.cluster.writes;
    await world.settle();
    assert.equal(world.cluster.writes.length, length);
  });

  it('get back the membership that somebody took from them, and lose what somebody gave', async () => {
    const world = await runningWorld({ securityGroupIds: ['web'] });
    launcher(world, 'source');
    assert.equal(isMislabelled(world.cluster.get(Pod, { namespace, name: 'source' }) ?? assert.fail(), world.cluster), false);
    const strayed = launcher(world, 'source', { 'sg.kube-ec2.io/sg-00000000000000009': '' });
    assert.ok(isMislabelled(strayed, world.cluster));
    await world.settle();
    assert.deepEqual(groupsOf(world, 'source'), [idOf(world, 'web')]);
  });
});

describe('where instances are launched only if their groups are enforced', () => {
  const cases: Record<string, { status: 'True' | 'False' | 'Unknown'; reason: string; isLaunched: boolean }> = {
    'one of an enforced group is': { status: 'True', reason: 'Enforced', isLaunched: true },
    'one whose group has a rule that cannot be expressed is': { status: 'False', reason: 'PartiallyEnforced', isLaunched: true },
    'one whose group is not enforced is not': { status: 'False', reason: 'NotEnforced', isLaunched: false },
    'one whose group nobody can tell about is not': { status: 'Unknown', reason: 'MechanismUnknown', isLaunched: false },
  };
  for (const [name, { status, reason, isLaunched }] of Object.entries(cases)) {
    it(name, async () => {
      const world = instanceWorld({ imageId: 'disk', securityGroupIds: ['web'] });
      const condition = { type: 'Enforced', status, reason, message: '', lastTransitionTime: '2026-01-01T00:00:00Z' };
      const group = world.cluster.get(SecurityGroup, { namespace, name: 'web' }) ?? assert.fail();
      world.cluster.add({ ...group, status: { conditions: [{ ...condition, observedGeneration: group.metadata.generation ?? 0 }] } } as SecurityGroup);
      await passUntilQuiet(world.cluster, instanceController({ ...defaultControllerSettings, networkPolicyFailClosed: true }), { namespace, name: 'web-1' }, world.clock);
      assert.equal(world.kubevirt.vm !== undefined, isLaunched);
      const launchable = world.cluster.get(Instance, { namespace, name: 'web-1' })?.status?.conditions?.find(({ type }) => type === 'Launchable');
      if (!isLaunched) assert.equal(launchable?.reason, 'SecurityGroupNotEnforced');
    });
  }
});
