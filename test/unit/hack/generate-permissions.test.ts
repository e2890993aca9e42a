import assert from 'node:assert/strict';
import { parseAllDocuments } from 'yaml';
import { generatePermissions, rolesOfUsers } from '../../../hack/generate-permissions.ts';
import { customResourceDefinitions } from '../../../operator/api/index.ts';
import type { Permission } from '../../../operator/kubernetes/permission.ts';

interface ClusterRole {
  metadata: { name: string; labels: Record<string, string> };
  rules: { apiGroups: string[]; resources: string[]; resourceNames?: string[]; verbs: string[] }[];
}

function rolesFrom(content: string): ClusterRole[] {
  return parseAllDocuments(content).map((document) => document.toJS() as ClusterRole);
}

function rulesFor(...permissions: Permission[]): ClusterRole['rules'] {
  const { files } = generatePermissions([{ name: 'role', description: 'A role.', permissions }]);
  return rolesFrom(files[0]?.content ?? '')[0]?.rules ?? [];
}

const pods: Permission = { group: '', resource: 'pods', verbs: ['watch', 'list'], reason: 'why' };

describe('generatePermissions', () => {
  const cases = {
    'one rule for a permission, its verbs sorted': { permissions: [pods], want: [{ apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] }] },
    'one rule for what several declare': {
      permissions: [pods, { ...pods, verbs: ['get', 'list'] }] as Permission[],
      want: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
    },
    'a rule of its own for named objects': {
      permissions: [pods, { ...pods, verbs: ['patch'], resourceNames: ['b', 'a'] }] as Permission[],
      want: [
        { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
        { apiGroups: [''], resources: ['pods'], resourceNames: ['a', 'b'], verbs: ['patch'] },
      ],
    },
    'the same resource of another group apart': {
      permissions: [pods, { ...pods, group: 'metrics.k8s.io' }],
      want: [
        { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
        { apiGroups: ['metrics.k8s.io'], resources: ['pods'], verbs: ['list', 'watch'] },
      ],
    },
  };
  for (const [name, { permissions, want }] of Object.entries(cases)) {
    it(name, () => assert.deepEqual(rulesFor(...permissions), want));
  }

  it('tells the reasons to the reader of the file', () => {
    const { files } = generatePermissions([{ name: 'role', description: 'A role.', permissions: [pods, { ...pods, reason: 'and why not' }] }]);
    assert.match(files[0]?.content ?? '', /# why; and why not\n/);
  });

  for (const wildcard of [{ ...pods, group: '*' }, { ...pods, resource: '*' }, { ...pods, resource: 'pods/*' }]) {
    it(`refuses the wildcard in ${wildcard.group}/${wildcard.resource}`, () => assert.throws(() => rulesFor(wildcard), /a wildcard/));
  }
});

describe('rolesOfUsers', () => {
  const roles = rolesFrom(generatePermissions(rolesOfUsers(customResourceDefinitions)).files[0]?.content ?? '');
  const role = (name: string): ClusterRole => {
    const found = roles.find(({ metadata }) => metadata.name === name);
    assert.ok(found, name);
    return found;
  };

  it('viewers change nothing and see no Secret', () => {
    const view = role('kube-ec2-view');
    assert.deepEqual([...new Set(view.rules.flatMap(({ verbs }) => verbs))], ['get', 'list', 'watch']);
    assert.deepEqual([...new Set(view.rules.flatMap(({ apiGroups }) => apiGroups))], ['kube-ec2.io']);
    assert.equal(view.metadata.labels['rbac.authorization.k8s.io/aggregate-to-view'], 'true');
  });

  it('editors are not viewers by aggregation', () => {
    const { labels } = role('kube-ec2-edit').metadata;
    assert.equal(labels['rbac.authorization.k8s.io/aggregate-to-edit'], 'true');
    assert.equal(labels['rbac.authorization.k8s.io/aggregate-to-view'], undefined);
  });

  it('editors scale Auto Scaling groups', () => {
    assert.ok(role('kube-ec2-edit').rules.some(({ resources }) => resources.includes('autoscalinggroups/scale')));
  });

  it("no user's role reaches Accounts, whose scope is the cluster, or a status", () => {
    const resources = roles.flatMap(({ rules }) => rules.flatMap((rule) => rule.resources));
    assert.deepEqual(resources.filter((resource) => resource === 'accounts' || resource.endsWith('/status')), []);
  });
});
