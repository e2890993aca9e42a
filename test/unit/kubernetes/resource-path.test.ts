import assert from 'node:assert/strict';
import { isNotFound } from '../../../operator/kubernetes/errors.ts';
import { collectionPath, kubevirtSubresourcePath, objectPath } from '../../../operator/kubernetes/resource-path.ts';
import { Lease, Node, Pod, VirtualMachineInstance } from '../../../operator/kubernetes/resources.ts';

describe('paths of resources', () => {
  const cases: Record<string, { got: () => string; want: string }> = {
    'a namespaced object of the core group': { got: () => objectPath(Pod, { namespace: 'n', name: 'p' }), want: '/api/v1/namespaces/n/pods/p' },
    'a cluster-scoped object, whatever namespace is named': { got: () => objectPath(Node, { namespace: 'n', name: 'a' }), want: '/api/v1/nodes/a' },
    'an object of a named group': {
      got: () => objectPath(Lease, { namespace: 'n', name: 'l' }),
      want: '/apis/coordination.k8s.io/v1/namespaces/n/leases/l',
    },
    'all objects of all namespaces': { got: () => collectionPath(Pod, undefined), want: '/api/v1/pods' },
    'parameters are encoded, absent ones left out': {
      got: () => collectionPath(Pod, 'n', { labelSelector: 'a=b,c', fieldSelector: undefined, limit: 5 }),
      want: '/api/v1/namespaces/n/pods?labelSelector=a%3Db%2Cc&limit=5',
    },
    'the status subresource': { got: () => objectPath(Pod, { namespace: 'n', name: 'p' }, {}, 'status'), want: '/api/v1/namespaces/n/pods/p/status' },
    'a subresource of KubeVirt': {
      got: () => kubevirtSubresourcePath(VirtualMachineInstance, { namespace: 'n', name: 'v' }, 'softreboot'),
      want: '/apis/subresources.kubevirt.io/v1/namespaces/n/virtualmachineinstances/v/softreboot',
    },
  };
  for (const [name, { got, want }] of Object.entries(cases)) it(name, () => assert.equal(got(), want));

  for (const name of ['', '.', '..', 'a/b', '../secrets/x', 'a%2fb']) {
    it(`no object is named '${name}', so that no other path is reached`, () => {
      assert.throws(() => objectPath(Pod, { namespace: 'n', name }), isNotFound);
      assert.throws(() => objectPath(Pod, { namespace: name, name: 'p' }), isNotFound);
    });
  }

  it('a namespaced object without a namespace is a programming error', () => {
    assert.throws(() => objectPath(Pod, { name: 'p' }), /a namespace is needed/);
  });
});
