import assert from 'node:assert/strict';
import { InstanceProfile } from '../../../../operator/kubernetes/resources.ts';
import { anInstanceProfile } from '../../../support/iam-objects.ts';
import { instanceWorld, runningWorld, WORLD_ACCOUNT_ID, WORLD_NAMESPACE as namespace, type InstanceWorld } from '../../../support/instance-world.ts';

const condition = (world: InstanceWorld, type: string): string => {
  const { status, reason } = world.instance().status?.conditions?.find((candidate) => candidate.type === type) ?? {};
  return `${status ?? ''} ${reason ?? ''}`;
};

describe('the instance profile of an instance', () => {
  const role = { namespace, roleName: 'web' };
  const shown = (world: InstanceWorld): string | undefined => {
    const { name, arn, associatedAt } = world.instance().status?.iamInstanceProfile ?? {};
    return name === undefined ? undefined : `${name} ${arn ?? ''} ${associatedAt ?? ''}`;
  };
  const arn = (name: string): string => `arn:aws:iam::${WORLD_ACCOUNT_ID}:instance-profile/${name}`;

  it('is waited for, written down, and outlives its resource', async () => {
    const world = instanceWorld({ iamInstanceProfile: arn('web') });
    await world.settle();
    assert.equal(condition(world, 'Launchable'), 'False InstanceProfileNotFound');
    await world.cluster.create(InstanceProfile, anInstanceProfile('web', role));
    await world.settle();
    assert.equal(shown(world), `web ${arn('web')} 2026-01-01T10:00:00Z`);
    await world.cluster.remove(InstanceProfile, { namespace, name: 'web' });
    await world.settle();
    assert.equal(shown(world), `web ${arn('web')} 2026-01-01T10:00:00Z`);
  });

  it('may change while the machine runs', async () => {
    const world = await runningWorld({}, anInstanceProfile('web', role), anInstanceProfile('db', role));
    world.clock.set(60_000);
    await world.change({ iamInstanceProfile: 'db' });
    assert.equal(shown(world), `db ${arn('db')} 2026-01-01T10:01:00Z`);
    await world.change({ iamInstanceProfile: 'none' });
    assert.equal(condition(world, 'UpToDate'), 'False InstanceProfileNotFound');
    assert.equal(shown(world), undefined);
  });
});
