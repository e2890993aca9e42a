import assert from 'node:assert/strict';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import { LaunchTemplateDefinition } from '../../../../operator/api/compute/launch-template.ts';
import { launchTemplateController } from '../../../../operator/controllers/launch-template/controller.ts';
import { LaunchTemplate } from '../../../../operator/kubernetes/resources.ts';
import { passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';

const clock = new FakeClock();

function aTemplate(name: string, numbers: number[], spec: Partial<LaunchTemplate['spec']> = {}, creationTimestamp = '2026-01-01T00:00:00Z'): LaunchTemplate {
  const { apiVersion, kind } = LaunchTemplateDefinition;
  const versions = numbers.map((versionNumber) => ({ versionNumber, launchTemplateData: {} }));
  return { apiVersion, kind, metadata: { name, namespace: 'team', uid: `uid-${name}`, creationTimestamp }, spec: LaunchTemplateDefinition.spec.parse({ versions, ...spec }) };
}

async function statusAfterPass(cluster: FakeCluster, name: string): Promise<LaunchTemplate['status']> {
  await passUntilQuiet(cluster, launchTemplateController(), { namespace: 'team', name }, clock);
  return cluster.get(LaunchTemplate, { namespace: 'team', name })?.status;
}

describe('the launch template controller', () => {
  it('gives the id, the name and the latest version', async () => {
    const template = aTemplate('web', [1, 3, 2]);
    const status = await statusAfterPass(new FakeCluster({ clock, objects: [template] }), 'web');
    const { launchTemplateId, launchTemplateName, latestVersionNumber, highestVersionNumber, conditions } = status ?? {};
    assert.deepEqual([launchTemplateId, launchTemplateName, latestVersionNumber, highestVersionNumber], [ec2IdOf('lt', template), 'web', 3, 3]);
    assert.deepEqual(conditions?.map(({ type, status: verdict, reason }) => `${type} ${verdict} ${reason}`), ['Ready True Ready']);
  });

  it('remembers the highest version number that ever was', async () => {
    const cluster = new FakeCluster({ clock, objects: [aTemplate('web', [1, 7])] });
    await statusAfterPass(cluster, 'web');
    await cluster.patch(LaunchTemplate, { namespace: 'team', name: 'web' }, { spec: { versions: [{ versionNumber: 1, launchTemplateData: {} }] } });
    const { latestVersionNumber, highestVersionNumber } = (await statusAfterPass(cluster, 'web')) ?? {};
    assert.deepEqual([latestVersionNumber, highestVersionNumber], [1, 7]);
  });

  it('says which of two templates with one name counts, until the older one goes', async () => {
    const older = aTemplate('older', [1], { launchTemplateName: 'web' });
    const younger = aTemplate('younger', [1], { launchTemplateName: 'web' }, '2026-01-02T00:00:00Z');
    const cluster = new FakeCluster({ clock, objects: [older, younger] });
    assert.equal((await statusAfterPass(cluster, 'older'))?.conditions?.[0]?.status, 'True');
    const condition = (await statusAfterPass(cluster, 'younger'))?.conditions?.[0];
    assert.deepEqual([condition?.status, condition?.reason], ['False', 'DuplicateName']);
    assert.match(condition?.message ?? '', /LaunchTemplate older is older/);
    await cluster.remove(LaunchTemplate, { namespace: 'team', name: 'older' });
    assert.equal((await statusAfterPass(cluster, 'younger'))?.conditions?.[0]?.status, 'True');
  });
});
