import { isIPv4 } from 'node:net';
import { isMemberOf, lifecycleStateOf } from '../../api/auto-scaling/auto-scaling-member.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { isArnOf, isServableAddress, type Target, type TargetGroup } from '../../api/network/target-group.ts';
import type { Read } from '../../kubernetes/read.ts';
import { AutoScalingGroup, Instance } from '../../kubernetes/resources.ts';

/** A target with what it is, as far as that is known. */
export interface RegisteredTarget {
  id: string;
  port: number;
  /** Absent for addresses, and for an instance that does not exist. */
  instance: Instance | undefined;
  /** Address that traffic goes to; undefined if there is none now. */
  address: string | undefined;
}

/** Targets that were registered, and the instances in service of the Auto Scaling groups that name the target group. Pure but for `read`. */
export function registeredTargetsOf(targetGroup: TargetGroup, read: Read): RegisteredTarget[] {
  const { spec, metadata } = targetGroup;
  const instances = read.list(Instance, metadata.namespace);
  const members = membersOf(targetGroup, instances, read).map((instance): Target => ({ id: ec2IdOf('i', instance) }));
  const byKey = new Map<string, RegisteredTarget>();
  for (const { id, port = spec.port } of [...(spec.targets ?? []), ...members]) {
    const instance = spec.targetType === 'instance' ? instances.find((candidate) => ec2IdOf('i', candidate) === id || candidate.metadata.name === id) : undefined;
    const address = spec.targetType === 'ip' ? (isIPv4(id) && isServableAddress(id) ? id : undefined) : instance?.status?.state === 'running' ? instance.status.privateIpAddress : undefined;
    byKey.set(`${id}:${String(port)}`, { id, port, instance, address });
  }
  return [...byKey.values()].sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : left.port - right.port));
}

function membersOf(targetGroup: TargetGroup, instances: readonly Instance[], read: Read): Instance[] {
  if (targetGroup.spec.targetType !== 'instance') return [];
  const groups = read.list(AutoScalingGroup, targetGroup.metadata.namespace).filter(({ spec }) => (spec.targetGroupARNs ?? []).some((arn) => isArnOf(targetGroup, arn)));
  return instances.filter((instance) => groups.some((group) => isMemberOf(group, instance) && lifecycleStateOf(instance) === 'InService' && group.spec.suspendedProcesses?.includes('AddToLoadBalancer') !== true));
}
