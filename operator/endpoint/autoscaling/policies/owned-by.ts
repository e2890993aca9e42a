import { AutoScalingGroup } from '../../../kubernetes/resources.ts';

/** The reference by which what belongs to a group goes with it. */
export function ownedBy({ metadata }: AutoScalingGroup): { ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string }[] } {
  if (metadata.uid === undefined) return {};
  return { ownerReferences: [{ apiVersion: AutoScalingGroup.apiVersion, kind: AutoScalingGroup.kind, name: metadata.name, uid: metadata.uid }] };
}
