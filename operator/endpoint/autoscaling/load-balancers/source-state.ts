import { lifecycleStateOf } from '../../../api/auto-scaling/auto-scaling-member.ts';
import type { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { membersOf } from '../groups/find-group.ts';

/** State of an attachment: in service as soon as an instance that it could send traffic to is. */
export function sourceStateOf(group: AutoScalingGroup, context: ReadOnlyContext): 'Added' | 'InService' {
  return membersOf(group, context).some((member) => lifecycleStateOf(member) === 'InService') ? 'InService' : 'Added';
}
