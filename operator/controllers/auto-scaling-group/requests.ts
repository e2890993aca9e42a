import type { InstanceRequest } from '../../api/auto-scaling/auto-scaling-group.ts';
import { activityIdOfRequest } from '../../api/auto-scaling/auto-scaling-activities.ts';
import type { Activity } from '../../api/auto-scaling/auto-scaling-activity.ts';
import { isLeaving, isMemberOf, type Member } from '../../api/auto-scaling/auto-scaling-member.ts';
import { AUTO_SCALING_GROUP_LABEL } from '../../api/auto-scaling/auto-scaling-membership.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { isNotFound } from '../../kubernetes/errors.ts';
import { AutoScalingGroup, Instance } from '../../kubernetes/resources.ts';
import type { Json } from '../../kubernetes/write.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { instancesByMachine } from '../instance/indexes.ts';
import { timestampOf } from '../instance/times.ts';
import { endMembers } from './end-members.ts';
import { withChanged } from './indexes.ts';
import { groupTagOf, withoutGroupTag } from './member-for.ts';

/** What the step about requests ends with. */
export interface Carried {
  group: AutoScalingGroup;
  members: Member[];
  activities: Activity[];
}

/**
 * Does what was asked for about single instances, in order, then takes the requests out of the spec. The desired capacity was changed by the same write
 * that asked, so what is still to be done must not be seen as a lack or an excess: nothing else is decided before.
 */
export async function carryOutRequests(group: AutoScalingGroup, members: readonly Member[], context: ReconcileContext): Promise<Carried> {
  const requests = group.spec.instanceRequests ?? [];
  if (requests.length === 0) return { group, members: [...members], activities: [] };
  const activities: Activity[] = [];
  let current = [...members];
  for (const request of requests) {
    const instance = instanceOf(request, current, group, context);
    if (instance === undefined) continue;
    const changed = await carryOut(request, instance, group, context);
    current = withChanged(current, changed === undefined || !isMemberOf(group, changed) ? [] : [changed]);
    if (changed === undefined || !isMemberOf(group, changed)) current = current.filter(({ metadata }) => metadata.name !== instance.metadata.name);
    activities.push(...activityOf(request, instance, context));
  }
  const { namespace, name, resourceVersion } = group.metadata;
  // Requests that came meanwhile make this a conflict: the next pass sees them, and finds these done.
  const cleared = await context.write.patch(AutoScalingGroup, { namespace, name }, { metadata: { resourceVersion }, spec: { instanceRequests: null } });
  return { group: cleared, members: current, activities };
}

function instanceOf({ instanceId }: InstanceRequest, members: readonly Member[], group: AutoScalingGroup, { read }: ReconcileContext): Instance | undefined {
  const { namespace } = group.metadata;
  return (
    members.find((member) => member.metadata.name === instanceId || ec2IdOf('i', member) === instanceId) ??
    read.get(Instance, { namespace, name: instanceId }) ??
    read.byIndex(instancesByMachine, instanceId).find(({ metadata }) => metadata.namespace === namespace)
  );
}

async function carryOut({ action, cause, requestedAt }: InstanceRequest, instance: Instance, group: AutoScalingGroup, context: ReconcileContext): Promise<Instance | undefined> {
  const now = timestampOf(context.clock);
  const isMember = isMemberOf(group, instance);
  if (action === 'attach') {
    if (instance.spec.autoScaling !== undefined) return instance;
    const autoScaling = { groupName: group.metadata.name, groupUid: group.metadata.uid, attachedAt: now, ...protection(group), ...(cause !== undefined && { cause }) };
    const tags = [...withoutGroupTag(instance.spec.tags), groupTagOf(group)];
    return patch(instance, { metadata: { labels: { [AUTO_SCALING_GROUP_LABEL]: group.metadata.name } }, spec: { autoScaling, tags } }, context);
  }
  if (!isMember) return instance;
  switch (action) {
    case 'terminate': {
      const why = cause ?? `At ${requestedAt ?? now} instance ${ec2IdOf('i', instance)} was taken out of service in response to a user request.`;
      return (await endMembers([{ member: instance, reason: 'user', cause: why }], group, context))[0];
    }
    case 'detach':
      return patch(instance, { metadata: { labels: { [AUTO_SCALING_GROUP_LABEL]: null } }, spec: { autoScaling: null, tags: withoutGroupTag(instance.spec.tags) } }, context);
    case 'enter-standby':
      return isLeaving(instance) ? instance : patch(instance, { spec: { autoScaling: { standby: true, standbyAt: now } } }, context);
    case 'exit-standby':
      return patch(instance, { spec: { autoScaling: { standby: null, standbyAt: now } } }, context);
    default:
      return action satisfies never;
  }
}

function protection({ spec }: AutoScalingGroup): { protectedFromScaleIn?: true } {
  return spec.newInstancesProtectedFromScaleIn ? { protectedFromScaleIn: true } : {};
}

async function patch({ metadata }: Instance, body: { [field: string]: Json | undefined }, { write }: ReconcileContext): Promise<Instance | undefined> {
  try {
    return await write.patch(Instance, { namespace: metadata.namespace, name: metadata.name }, body);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

const descriptions: Readonly<Partial<Record<InstanceRequest['action'], string>>> = {
  detach: 'Detaching EC2 instance',
  'enter-standby': 'Moving EC2 instance to Standby',
  'exit-standby': 'Moving EC2 instance out of Standby',
};

/** What only the group remembers; attached and ended instances tell of themselves. */
function activityOf({ action, cause, requestedAt }: InstanceRequest, instance: Instance, { clock }: ReconcileContext): Activity[] {
  const description = descriptions[action];
  if (description === undefined) return [];
  const id = ec2IdOf('i', instance);
  const now = timestampOf(clock);
  const startTime = requestedAt ?? now;
  return [
    {
      activityId: activityIdOfRequest(action, instance, requestedAt),
      description: `${description}: ${id}`,
      cause: cause ?? `At ${startTime} instance ${id} was moved in response to a user request.`,
      startTime,
      endTime: now,
      statusCode: 'Successful',
      progress: 100,
      instanceId: id,
    },
  ];
}
