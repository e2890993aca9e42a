import { autoScalingGroupNameOf } from '../../api/auto-scaling/auto-scaling-group.ts';
import type { Member } from '../../api/auto-scaling/auto-scaling-member.ts';
import { AUTO_SCALING_GROUP_LABEL } from '../../api/auto-scaling/auto-scaling-membership.ts';
import { ec2IdFrom } from '../../api/ec2-id.ts';
import { INSTANCE_FINALIZER } from '../../api/compute/instance.ts';
import type { Tag } from '../../api/shared.ts';
import { Instance, type AutoScalingGroup } from '../../kubernetes/resources.ts';
import { actionFor } from './end-members.ts';
import type { Candidate } from './launch-source.ts';

/** Tags that a service's own keys begin with; nobody else may write them. */
const GROUP_TAG = 'aws:autoscaling:groupName';

/** One launch: what, where, and as which number. */
export interface LaunchOrder {
  ordinal: number;
  zone: string | undefined;
  /** Subnet in that zone; without one that of the template, else the zone's default subnet. */
  subnetId?: string | undefined;
  candidate: Candidate;
  cause: string;
  isReplacement: boolean;
  isWarm: boolean;
}

/** Name, and so the id, of the instance of a launch: whoever launches this number, after whatever crash, makes this one. */
export function memberNameFor({ metadata }: AutoScalingGroup, ordinal: number): string {
  return ec2IdFrom('i', `${metadata.uid ?? ''}/${String(ordinal)}`);
}

/** Key of the Secret that KubeVirt reads. */
export const USER_DATA_KEY = 'userdata';

/** The Instance of a launch. Pure. */
export function memberFor(order: LaunchOrder, group: AutoScalingGroup): Member {
  const { ordinal, zone, subnetId, candidate, cause, isReplacement, isWarm } = order;
  const { draft, origin } = candidate;
  const { spec: groupSpec, metadata } = group;
  const name = memberNameFor(group, ordinal);
  const hooks = (groupSpec.lifecycleHooks ?? []).filter(({ lifecycleTransition }) => lifecycleTransition === 'autoscaling:EC2_INSTANCE_LAUNCHING');
  const placementGroup = groupSpec.placementGroup ? { groupName: groupSpec.placementGroup } : {};
  return {
    apiVersion: Instance.apiVersion,
    kind: Instance.kind,
    metadata: {
      name,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      labels: { [AUTO_SCALING_GROUP_LABEL]: metadata.name },
      finalizers: [INSTANCE_FINALIZER],
    },
    spec: {
      ...draft.spec,
      placement: { ...draft.spec.placement, ...placementGroup, ...(zone !== undefined && { availabilityZone: zone }) },
      ...(subnetId !== undefined && { subnetId }),
      tags: tagsFor(group, candidate),
      ...(draft.userDataBase64 !== undefined && { userDataSecretRef: { name: `${name}-user-data`, key: USER_DATA_KEY } }),
      autoScaling: {
        groupName: metadata.name,
        ...(metadata.uid !== undefined && { groupUid: metadata.uid }),
        ordinal,
        cause: cause.slice(0, 1023),
        ...origin,
        ...(isReplacement && { replacement: true }),
        ...(isWarm && { warm: true }),
        ...(groupSpec.newInstancesProtectedFromScaleIn && { protectedFromScaleIn: true }),
        ...(hooks.length > 0 && { lifecycleActions: hooks.map((hook) => actionFor(hook, name)) }),
      },
      launch: { reservationId: ec2IdFrom('r', name), launchIndex: 0 },
    },
  };
}

function tagsFor(group: AutoScalingGroup, { draft, origin }: Candidate): Tag[] {
  const propagated = (group.spec.tags ?? []).filter(({ propagateAtLaunch }) => propagateAtLaunch).map(({ key, value }) => ({ key, value }));
  const own = (draft.spec.tags ?? []).filter(({ key }) => !propagated.some((tag) => tag.key === key));
  return [
    ...own,
    ...propagated,
    groupTagOf(group),
    ...(origin.launchTemplateId === undefined ? [] : [{ key: 'aws:ec2launchtemplate:id', value: origin.launchTemplateId }]),
    ...(origin.launchTemplateVersion === undefined ? [] : [{ key: 'aws:ec2launchtemplate:version', value: origin.launchTemplateVersion }]),
  ];
}

/** The tag by which EC2 tells the group of an instance. */
export function groupTagOf(group: AutoScalingGroup): Tag {
  return { key: GROUP_TAG, value: autoScalingGroupNameOf(group) };
}

/** Tags without that of the group. */
export function withoutGroupTag(tags: readonly Tag[] | undefined): Tag[] {
  return (tags ?? []).filter(({ key }) => key !== GROUP_TAG);
}
