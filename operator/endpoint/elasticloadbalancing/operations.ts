import { TargetGroup } from '../../kubernetes/resources.ts';
import type { Access, OperationTable } from '../operation.ts';
import { describeLoadBalancers } from './load-balancers/DescribeLoadBalancers.ts';
import { addTags } from './tags/AddTags.ts';
import { describeTags } from './tags/DescribeTags.ts';
import { removeTags } from './tags/RemoveTags.ts';
import { createTargetGroup } from './target-groups/CreateTargetGroup.ts';
import { deleteTargetGroup } from './target-groups/DeleteTargetGroup.ts';
import { describeTargetGroupAttributes } from './target-groups/DescribeTargetGroupAttributes.ts';
import { describeTargetGroups } from './target-groups/DescribeTargetGroups.ts';
import { modifyTargetGroup } from './target-groups/ModifyTargetGroup.ts';
import { modifyTargetGroupAttributes } from './target-groups/ModifyTargetGroupAttributes.ts';
import { deregisterTargets } from './targets/DeregisterTargets.ts';
import { describeTargetHealth } from './targets/DescribeTargetHealth.ts';
import { registerTargets } from './targets/RegisterTargets.ts';

const group = (...verbs: Access['verb'][]): Access[] => verbs.map((verb) => ({ verb, resource: TargetGroup }));

/** Every Elastic Load Balancing (version 2) action that is implemented: target groups. Load balancers and listeners there are none. Sorted by name. */
export const elasticLoadBalancingOperations = {
  AddTags: { run: addTags, access: group('get', 'patch') },
  CreateTargetGroup: { run: createTargetGroup, access: group('create') },
  DeleteTargetGroup: { run: deleteTargetGroup, access: group('delete') },
  DeregisterTargets: { run: deregisterTargets, access: group('get', 'patch') },
  DescribeLoadBalancers: { run: describeLoadBalancers, access: [] },
  DescribeTags: { run: describeTags, access: group('get') },
  DescribeTargetGroupAttributes: { run: describeTargetGroupAttributes, access: group('get') },
  DescribeTargetGroups: { run: describeTargetGroups, access: group('list') },
  DescribeTargetHealth: { run: describeTargetHealth, access: group('get') },
  ModifyTargetGroup: { run: modifyTargetGroup, access: group('get', 'patch') },
  ModifyTargetGroupAttributes: { run: modifyTargetGroupAttributes, access: group('get', 'patch') },
  RegisterTargets: { run: registerTargets, access: group('get', 'patch') },
  RemoveTags: { run: removeTags, access: group('get', 'patch') },
} satisfies OperationTable;
