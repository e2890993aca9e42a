import { createHash } from 'node:crypto';
import type { TargetGroup, TargetStatus } from '../../api/network/target-group.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import { EndpointSlice, Service, TargetGroup as TargetGroupType } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { ensureApplied } from '../ensure-applied.ts';
import type { RegisteredTarget } from './registered-targets.ts';
import { targetKeyOf } from './target-states.ts';

/** On Services and their slices: the TargetGroup, by its uid. */
export const TARGET_GROUP_LABEL = 'kube-ec2.io/target-group';
const PORT_NAME = 'traffic';
const ENDPOINTS_LIMIT = 1000;

/** Name of the Service: that of the group with a prefix, as far as it can be one. Pure. */
export function serviceNameOf({ metadata }: TargetGroup): string {
  const name = `tg-${metadata.name}`;
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return name;
  return `tg-${createHash('sha256').update(metadata.name).digest('hex').slice(0, 20)}`;
}

/** The Service that reaches the group: without a selector, since its endpoints are chosen by health. Pure. */
export function serviceFor(targetGroup: TargetGroup): Service {
  const { spec, metadata } = targetGroup;
  const protocol = spec.protocol === 'UDP' ? 'UDP' : 'TCP';
  // The target port is what Kubernetes fills in: without it the Service would never be seen to be as wanted.
  const port = { port: spec.port, targetPort: spec.port };
  const ports = [{ name: PORT_NAME, ...port, protocol }, ...(spec.protocol === 'TCP_UDP' ? [{ name: `${PORT_NAME}-udp`, ...port, protocol: 'UDP' }] : [])];
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: serviceNameOf(targetGroup), namespace: metadata.namespace ?? '', ...belongingTo(targetGroup) }, spec: { type: 'ClusterIP', ports } };
}

/** A slice for each port that targets have, with the addresses of the healthy ones. Without any healthy target all are sent traffic, as load balancers do. Pure. */
export function slicesFor(targetGroup: TargetGroup, targets: readonly RegisteredTarget[], states: readonly TargetStatus[]): EndpointSlice[] {
  const stateByKey = new Map(states.map((status) => [targetKeyOf(status), status.state]));
  const reachable = targets.filter(({ address }) => address !== undefined);
  const healthy = reachable.filter((target) => stateByKey.get(targetKeyOf(target)) === 'healthy');
  const serving = healthy.length > 0 ? healthy : reachable.filter((target) => stateByKey.get(targetKeyOf(target)) === 'unhealthy');
  const serviceName = serviceNameOf(targetGroup);
  return [...Map.groupBy(serving, ({ port }) => port)].map(([port, members]): EndpointSlice => {
    const { labels, ownerReferences } = belongingTo(targetGroup);
    const protocols = targetGroup.spec.protocol === 'TCP_UDP' ? ['TCP', 'UDP'] : [targetGroup.spec.protocol === 'UDP' ? 'UDP' : 'TCP'];
    return {
      apiVersion: EndpointSlice.apiVersion,
      kind: EndpointSlice.kind,
      metadata: {
        name: `${serviceName}-${String(port)}`,
        namespace: targetGroup.metadata.namespace ?? '',
        labels: { ...labels, 'kubernetes.io/service-name': serviceName, 'endpointslice.kubernetes.io/managed-by': 'kube-ec2.io' },
        ownerReferences,
      },
      addressType: 'IPv4',
      ports: protocols.map((protocol) => ({ name: protocol === 'UDP' && protocols.length > 1 ? `${PORT_NAME}-udp` : PORT_NAME, port, protocol })),
      endpoints: members.slice(0, ENDPOINTS_LIMIT).map(({ address = '' }) => ({ addresses: [address], conditions: { ready: true } })),
    };
  });
}

function belongingTo(targetGroup: TargetGroup): { labels: Record<string, string>; ownerReferences: ReturnType<typeof controllerReferenceTo>[] } {
  return { labels: { [TARGET_GROUP_LABEL]: targetGroup.metadata.uid ?? '' }, ownerReferences: [controllerReferenceTo(TargetGroupType, targetGroup)] };
}

/** Makes Service and slices what they should be; nothing is written that is so already. */
export async function ensureService(targetGroup: TargetGroup, slices: readonly EndpointSlice[], context: ReconcileContext): Promise<void> {
  const { read, write } = context;
  const { namespace, uid = '' } = targetGroup.metadata;
  const service = read.get(Service, { namespace, name: serviceNameOf(targetGroup) });
  // One of that name that is somebody else's is left alone.
  if (service === undefined || service.metadata?.labels?.[TARGET_GROUP_LABEL] === uid) await ensureApplied(Service, serviceFor(targetGroup), context);
  for (const slice of slices) await ensureApplied(EndpointSlice, slice, context);
  const wanted = new Set(slices.map(({ metadata }) => metadata?.name));
  for (const { metadata } of read.list(EndpointSlice, namespace)) {
    if (metadata?.labels?.[TARGET_GROUP_LABEL] === uid && !wanted.has(metadata.name)) await write.remove(EndpointSlice, { namespace, name: metadata.name ?? '' });
  }
}
