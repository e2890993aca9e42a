import assert from 'node:assert/strict';
import { authorizeBy } from '../../../operator/endpoint/authorize.ts';
import type { Access, Caller } from '../../../operator/endpoint/operation.ts';
import { ApiError } from '../../../operator/kubernetes/errors.ts';
import { Instance, Node } from '../../../operator/kubernetes/resources.ts';
import type { SubjectAccessReview } from '../../../operator/kubernetes/resources.ts';
import type { Write } from '../../../operator/kubernetes/write.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const caller: Caller = {
  accountId: '123456789012', namespace: 'main', arn: 'a', userId: 'u', accessKeyId: 'k', kubernetesUser: 'system:serviceaccount:main:reader',
};

/** An API server that answers reviews from a set of `user verb resource.group in namespace`. */
function rbac(granted: Set<string>) {
  const asked: string[] = [];
  let outage: Error | undefined;
  const create = async (_type: unknown, review: SubjectAccessReview) => {
    const { user, groups, resourceAttributes } = review.spec;
    const question = `${user} ${resourceAttributes?.verb} ${resourceAttributes?.resource}.${resourceAttributes?.group} in ${resourceAttributes?.namespace}`;
    asked.push(question);
    if (outage) throw outage;
    const isAllowed = granted.has(question) || (groups ?? []).some((group) => granted.has(question.replace(user ?? '', group)));
    return { ...review, status: { allowed: isAllowed } };
  };
  return { write: { create } as unknown as Pick<Write, 'create'>, asked, fail: (error?: Error) => (outage = error) };
}

const list: Access = { verb: 'list', resource: Instance };
const listQuestion = 'system:serviceaccount:main:reader list instances.kube-ec2.io in main';

describe('authorizeBy', () => {
  it('allows what RBAC grants and refuses the rest', async () => {
    const authorize = authorizeBy(rbac(new Set([listQuestion])).write, new FakeClock());
    assert.equal(await authorize(caller, list), true);
    assert.equal(await authorize(caller, { verb: 'delete', resource: Instance }), false);
    assert.equal(await authorize({ ...caller, namespace: 'other' }, list), false);
  });

  it("counts grants to the ServiceAccount's groups", async () => {
    const authorize = authorizeBy(rbac(new Set(['system:serviceaccounts:main list instances.kube-ec2.io in main'])).write, new FakeClock());
    assert.equal(await authorize(caller, list), true);
  });

  it('lets everybody read cluster-scoped kinds without asking', async () => {
    const server = rbac(new Set());
    assert.equal(await authorizeBy(server.write, new FakeClock())(caller, { verb: 'list', resource: Node }), true);
    assert.deepEqual(server.asked, []);
  });

  it('asks once for a burst of calls, and again when the answer is old', async () => {
    const [server, clock] = [rbac(new Set([listQuestion])), new FakeClock()];
    const authorize = authorizeBy(server.write, clock);
    assert.deepEqual(await Promise.all([authorize(caller, list), authorize(caller, list)]), [true, true]);
    await clock.advance(29_000);
    await authorize(caller, list);
    assert.equal(server.asked.length, 1);
    await clock.advance(2_000);
    await authorize(caller, list);
    assert.equal(server.asked.length, 2);
  });

  it('sees a withdrawn grant after 30 seconds and a new one after 5', async () => {
    const granted = new Set([listQuestion]);
    const clock = new FakeClock();
    const authorize = authorizeBy(rbac(granted).write, clock);
    assert.equal(await authorize(caller, list), true);
    granted.clear();
    await clock.advance(30_001);
    assert.equal(await authorize(caller, list), false);
    granted.add(listQuestion);
    await clock.advance(5_001);
    assert.equal(await authorize(caller, list), true);
  });

  it('does not remember an outage, and does not take it for a refusal', async () => {
    const server = rbac(new Set([listQuestion]));
    const authorize = authorizeBy(server.write, new FakeClock());
    server.fail(new ApiError({ code: 0, reason: 'ConnectionFailed', message: 'refused' }));
    await assert.rejects(authorize(caller, list), ApiError);
    server.fail();
    assert.equal(await authorize(caller, list), true);
  });
});
