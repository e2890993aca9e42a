import { matchesAction } from '../../api/identity/action-pattern.ts';
import type { IamGrant } from '../../api/identity/iam-identity.ts';
import { Ami, ElasticIp, ImportTask, Instance, LaunchTemplate, NetworkInterface, Secret, Snapshot } from '../../kubernetes/resources.ts';
import { autoScalingOperations } from '../autoscaling/operations.ts';
import { elasticLoadBalancingOperations } from '../elasticloadbalancing/operations.ts';
import { ec2Operations } from '../ec2/operations.ts';
import { taggableKinds } from '../ec2/tags/taggable-resources.ts';
import { monitoringOperations } from '../monitoring/operations.ts';
import type { Access, OperationTable } from '../operation.ts';
import { ssmOperations } from '../ssm/operations.ts';
import { iamAccess } from './access.ts';

/** Services whose actions a policy can allow. STS's are judged by STS itself and need nothing in Kubernetes. */
export const policyServices: readonly string[] = ['autoscaling', 'cloudwatch', 'ec2', 'elasticloadbalancing', 'iam', 'ssm', 'sts'];

const userData: Access[] = (['get', 'create', 'patch', 'delete'] as const).map((verb) => ({ verb, resource: Secret }));

/** Which kinds a call is about only its ids tell. */
const tagging: Access[] = taggableKinds.map(({ type }) => ({ verb: 'patch', resource: type }));

/** User data, templates, and taking a launch back that fails halfway. */
const launch: Access[] = [...userData, { verb: 'patch', resource: Instance }, { verb: 'delete', resource: Instance }, { verb: 'get', resource: LaunchTemplate }];

/** What an operation does beside what its row asks for: the row names what every call needs, a policy must also provide for what some calls do. */
const further: Readonly<Record<string, Access[]>> = {
  'ec2:CreateFleet': launch,
  'ec2:RunInstances': launch,
  'ec2:ModifyInstanceAttribute': [...userData, { verb: 'patch', resource: NetworkInterface }],
  'ec2:DescribeInstanceAttribute': [{ verb: 'get', resource: Secret }],
  'ec2:AllocateAddress': [{ verb: 'delete', resource: ElasticIp }],
  'ec2:CreateNetworkInterface': [{ verb: 'patch', resource: NetworkInterface }],
  'ec2:ReleaseAddress': [{ verb: 'patch', resource: ElasticIp }],
  'ec2:CreateTags': tagging,
  'ec2:DeleteTags': tagging,
  // Asked for with an empty patch whether a call before has made it.
  'ec2:CopyImage': [{ verb: 'patch', resource: Ami }, { verb: 'create', resource: Snapshot }, { verb: 'delete', resource: Snapshot }],
  'ec2:DeregisterImage': [{ verb: 'delete', resource: Snapshot }],
  'ec2:ImportImage': [{ verb: 'patch', resource: ImportTask }],
  'ec2:ImportSnapshot': [{ verb: 'patch', resource: ImportTask }],
  'ec2:CreateLaunchTemplate': [{ verb: 'patch', resource: LaunchTemplate }],
};

/** The permissions in Kubernetes that calls of the allowed actions need. Actions that are not implemented need none. Pure. */
export function grantsFor(patterns: readonly string[]): IamGrant[] {
  const verbs = new Map<string, Set<Access['verb']>>();
  for (const [action, access] of accessByAction()) {
    if (!patterns.some((pattern) => matchesAction(pattern, action))) continue;
    for (const { verb, resource } of access) {
      if (!resource.namespaced) continue;
      const known = verbs.get(resource.plural) ?? new Set();
      verbs.set(resource.plural, known.add(verb));
    }
  }
  return [...verbs].sort(([one], [other]) => (one < other ? -1 : 1)).map(([resource, set]) => ({ resource, verbs: [...set].sort() }));
}

/** What calls of each action of policies need. */
export function accessByAction(): [string, Access[]][] {
  const tables: [string, OperationTable][] = [
    ['ec2', ec2Operations],
    ['autoscaling', autoScalingOperations],
    ['cloudwatch', monitoringOperations],
    ['elasticloadbalancing', elasticLoadBalancingOperations],
    ['ssm', ssmOperations],
  ];
  const rows = tables.flatMap(([service, table]) => Object.entries(table).map(([name, { access }]): [string, Access[]] => [`${service}:${name}`, access]));
  const iam = Object.entries(iamAccess).map(([name, access]): [string, Access[]] => [`iam:${name}`, access]);
  return [...rows, ...iam].map(([action, access]) => [action, [...access, ...(further[action] ?? [])]]);
}
