import { setTimeout as delay } from 'node:timers/promises';
import { RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { Cloud, TenantClients } from '../support/cloud.ts';

const VERSIONS = 20;
/** Below the limit of 256 KiB for the annotations of an object. */
const BYTES = 200_000;
const ANNOTATION = 'bench';

/**
 * The API server watches each kind in etcd over a connection of its own, whose flow-control window gRPC widens only while it sees a bandwidth that it has
 * never seen before (grpc-go, internal/transport/bdp_estimator.go). A window that is still small when two cores are at their limit stays small, and then
 * everybody sees pods seconds late and does things twice: of the machines' kinds it was so in some runs and not in others. Large versions of an object of
 * each, written while all is quiet, widen them all.
 */
export async function widenWatchWindows({ controlPlane: { client } }: Cloud, { ec2, account: { namespace } }: TenantClients, imageId: string): Promise<void> {
  const { Instances = [] } = await ec2.send(new RunInstancesCommand({ ImageId: imageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }));
  const id = Instances[0]?.InstanceId ?? '';
  const instance = `/apis/kube-ec2.io/v1alpha1/namespaces/${namespace}/instances/${id}`;
  await eventually('an instance runs', 60, async () => (await client.get<AnyObject & { status?: { state?: string } }>(instance)).status?.state === 'running');
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const { items } = await client.get<{ items: AnyObject[] }>(`${pods}?labelSelector=kube-ec2.io/instance-id=${id}`);
  const machines = ['virtualmachines', 'virtualmachineinstances'].map((plural) => `/apis/kubevirt.io/v1/namespaces/${namespace}/${plural}/${id}`);
  for (const path of [instance, ...machines, ...items.map(({ metadata }) => `${pods}/${metadata.name ?? ''}`)]) {
    for (let version = 1; version <= VERSIONS; version += 1) {
      await client.patch(path, 'merge', { metadata: { annotations: { [ANNOTATION]: String(version).padEnd(BYTES, '.') } } });
      await delay(20);
    }
    await client.patch(path, 'merge', { metadata: { annotations: { [ANNOTATION]: null } } });
  }
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await eventually('the machine is gone', 60, async () => (await client.find(machines[0] ?? '')) === undefined);
}
