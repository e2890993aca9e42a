import { Document, YAMLMap, YAMLSeq } from 'yaml';
import type { Permission } from '../operator/kubernetes/permission.ts';
import type { AnyDefinition } from './generate-crds.ts';
import type { GeneratorOutput } from './generated-file.ts';

const PATH = 'charts/kube-ec2/files/permissions.yaml';
const HEADER = `# Generated from the permissions that controllers and endpoint declare, by "npm run generate"; do not edit.
# The chart binds these roles to the ServiceAccounts of the operator.
`;
const READ = ['get', 'list', 'watch'] as const;
const WRITE = ['create', 'update', 'patch', 'delete'] as const;

/** A ClusterRole to be. */
export interface RoleDeclaration {
  name: string;
  description: string;
  permissions: readonly Permission[];
  /** Adds the rules to the built-in roles of this name: view, edit, admin. */
  aggregatesTo?: readonly ('view' | 'edit' | 'admin')[];
}

/** One file with a ClusterRole for each declaration. */
export function generatePermissions(declarations: readonly RoleDeclaration[]): GeneratorOutput {
  const documents = declarations.map((declaration) => clusterRoleFor(declaration).toString({ lineWidth: 0, flowCollectionPadding: false }));
  return { files: [{ path: PATH, content: [HEADER, ...documents].join('---\n') }] };
}

/** The roles that follow from the kinds alone: of an account's root user, and of those who use kubectl. */
export function rolesOfUsers(definitions: readonly AnyDefinition[]): RoleDeclaration[] {
  const kinds = definitions.filter(({ namespaced }) => namespaced);
  const on = (verbs: Permission['verbs'], why: string): Permission[] =>
    kinds.map(({ group, plural, kind }) => ({ group, resource: plural, verbs, reason: `${why} ${kind}` }));
  return [
    {
      name: 'kube-ec2-account-root',
      description: 'What the root user of an account may do in the namespace of the account: everything that the API offers.',
      permissions: [
        ...on([...READ, ...WRITE], 'the API on'),
        { group: '', resource: 'secrets', verbs: ['get', 'create', 'patch', 'delete'], reason: 'user data of instances' },
        { group: '', resource: 'pods', verbs: ['list'], reason: 'which pod the machine of an instance runs in' },
        { group: '', resource: 'pods/log', verbs: ['get'], reason: 'console output of instances' },
        { group: 'subresources.kubevirt.io', resource: 'virtualmachineinstances/vnc', verbs: ['get'], reason: 'screenshots of instances' },
      ],
    },
    {
      name: 'kube-ec2-view',
      description: 'Lets everyone who may view a namespace see its EC2 resources.',
      aggregatesTo: ['view', 'edit', 'admin'],
      permissions: on(READ, 'view'),
    },
    {
      name: 'kube-ec2-edit',
      description: 'Lets everyone who may edit a namespace change its EC2 resources.',
      aggregatesTo: ['edit', 'admin'],
      permissions: [
        ...on(WRITE, 'edit'),
        ...definitions
          .filter(({ namespaced, scale }) => namespaced && scale)
          .map(({ group, plural, kind }): Permission => ({ group, resource: `${plural}/scale`, verbs: ['get', 'update', 'patch'], reason: `kubectl scale of ${kind}` })),
      ],
    },
  ];
}

interface Rule {
  group: string;
  resource: string;
  resourceNames: readonly string[];
  verbs: Set<string>;
  reasons: Set<string>;
}

function clusterRoleFor({ name, description, permissions, aggregatesTo = [] }: RoleDeclaration): Document {
  const aggregation = Object.fromEntries(aggregatesTo.map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, 'true']));
  const rules = rulesFrom(permissions, name);
  const document = new Document({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: {
      name,
      labels: { 'app.kubernetes.io/part-of': 'kube-ec2', ...aggregation },
      annotations: { 'kubernetes.io/description': description },
    },
    rules: rules.map(({ group, resource, resourceNames, verbs }) => ({
      apiGroups: [group],
      resources: [resource],
      ...(resourceNames.length > 0 && { resourceNames }),
      verbs: [...verbs].sort(),
    })),
  });
  const sequence = document.get('rules');
  if (sequence instanceof YAMLSeq) sequence.items.forEach((item, index) => {
    if (!(item instanceof YAMLMap)) return;
    item.commentBefore = ` ${[...(rules[index]?.reasons ?? [])].join('; ')}`;
    for (const { value } of item.items) if (value instanceof YAMLSeq) value.flow = true;
  });
  return document;
}

/** One rule for each resource; what several declare is united. @throws Error - for a wildcard */
function rulesFrom(permissions: readonly Permission[], role: string): Rule[] {
  const rules = new Map<string, Rule>();
  for (const { group, resource, resourceNames = [], verbs, reason } of permissions) {
    if ([group, resource, ...verbs].some((part) => part.includes('*'))) throw new Error(`${role}: a wildcard in the permission for ${resource} (${reason})`);
    const names = [...resourceNames].sort();
    const key = [group, resource, ...names].join('\n');
    const rule = rules.get(key) ?? { group, resource, resourceNames: names, verbs: new Set(), reasons: new Set() };
    rules.set(key, rule);
    for (const verb of verbs) rule.verbs.add(verb);
    rule.reasons.add(reason);
  }
  return [...rules.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, rule]) => rule);
}
