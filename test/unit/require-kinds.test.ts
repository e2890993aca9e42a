import assert from 'node:assert/strict';
import { ApiError } from '../../operator/kubernetes/errors.ts';
import type { ResourceKind } from '../../operator/kubernetes/resource-type.ts';
import { Instance, VirtualMachine } from '../../operator/kubernetes/resources.ts';
import { silentLogger } from '../../operator/logger.ts';
import { ClusterError, requireKinds } from '../../operator/require-kinds.ts';
import { FakeClock, settled } from '../support/fake-clock.ts';

const notFound = new ApiError({ code: 404, reason: 'NotFound', message: 'the server could not find the requested resource' });
const forbidden = new ApiError({ code: 403, reason: 'Forbidden', message: 'instances is forbidden' });
const down = new ApiError({ code: 0, reason: 'ConnectionFailed', message: 'connect ECONNREFUSED' });

/** A cluster that answers a list of one kind with an error, as often as given. */
function clusterWithout(kind: string, error: Error, times = Infinity): Parameters<typeof requireKinds>[0] {
  let left = times;
  return {
    listPage: async (type: ResourceKind) => {
      if (type.kind !== kind || left <= 0) return { items: [], resourceVersion: '1', next: undefined };
      left -= 1;
      throw error;
    },
  };
}

describe('an operator', () => {
  const refusals = {
    'without its CRDs says how to install them': { cluster: clusterWithout('Instance', notFound), want: /kubectl apply --server-side -f crds/ },
    'without KubeVirt says so': { cluster: clusterWithout('VirtualMachine', notFound), want: /install KubeVirt/ },
    'without rights says what to bind': { cluster: clusterWithout('Instance', forbidden), want: /may not list instances: bind the generated roles/ },
  };
  for (const [name, { cluster, want }] of Object.entries(refusals)) {
    it(name, async () => {
      const refusal = requireKinds(cluster, [Instance, VirtualMachine] as ResourceKind[], silentLogger(), new FakeClock());
      await assert.rejects(refusal, (error) => error instanceof ClusterError && want.test(error.message));
    });
  }

  it('waits for an API server that is starting', async () => {
    const clock = new FakeClock();
    const cluster = clusterWithout('Instance', down, 3);
    let isDone = false;
    const required = requireKinds(cluster, [Instance] as ResourceKind[], silentLogger(), clock).then(() => (isDone = true));
    await settled();
    assert.equal(isDone, false);
    await clock.advance(5_000);
    await required;
  });

  it('gives an API server up that never answers', async () => {
    const clock = new FakeClock();
    const required = requireKinds(clusterWithout('Instance', down), [Instance] as ResourceKind[], silentLogger(), clock);
    const rejected = assert.rejects(required, /does not answer/);
    await clock.advance(70_000);
    await rejected;
  });
});
