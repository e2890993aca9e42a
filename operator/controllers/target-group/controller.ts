import { ec2IdOf } from '../../api/ec2-id.ts';
import { isArnOf } from '../../api/network/target-group.ts';
import type { ObjectKey, Read } from '../../kubernetes/read.ts';
import { AutoScalingGroup, EndpointSlice, Instance, Service, TargetGroup } from '../../kubernetes/resources.ts';
import { defineController, watching, watchingOwned, type AnyController } from '../../runtime/reconcile.ts';
import { HealthMemory } from './health-memory.ts';
import { reconcile, type Check } from './reconcile.ts';

/** Leads Services to the healthy targets of target groups. */
export function targetGroupController(check?: Check): AnyController {
  const memory = new HealthMemory();
  return defineController({
    name: 'target-group',
    type: TargetGroup,
    watches: [
      watching(Instance, (instance, read) => {
        const id = ec2IdOf('i', instance);
        const { autoScaling } = instance.spec;
        const group = autoScaling && read.get(AutoScalingGroup, { namespace: instance.metadata.namespace, name: autoScaling.groupName });
        const arns = group?.spec.targetGroupARNs ?? [];
        return groupsThat(instance.metadata.namespace, read, (candidate) => (candidate.spec.targets ?? []).some((target) => target.id === id || target.id === instance.metadata.name) || arns.some((arn) => isArnOf(candidate, arn)));
      }),
      watching(AutoScalingGroup, ({ metadata, spec }, read) => groupsThat(metadata.namespace, read, (candidate) => (spec.targetGroupARNs ?? []).some((arn) => isArnOf(candidate, arn)))),
      watchingOwned(Service, TargetGroup),
      watchingOwned(EndpointSlice, TargetGroup),
    ],
    permissions: [
      { group: '', resource: 'services', verbs: ['create', 'patch'], reason: 'Service of a target group' },
      { group: 'discovery.k8s.io', resource: 'endpointslices', verbs: ['create', 'patch', 'delete'], reason: 'healthy targets of a target group' },
    ],
    concurrency: 8,
    reconcile: async (targetGroup, context) => reconcile(targetGroup, context, memory, check),
  });
}

function groupsThat(namespace: string | undefined, read: Read, belongs: (targetGroup: TargetGroup) => boolean): ObjectKey[] {
  return read.list(TargetGroup, namespace).filter(belongs).map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}
