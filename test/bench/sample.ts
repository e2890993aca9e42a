import { RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { Cloud, TenantClients } from '../support/cloud.ts';

type Sample = AnyObject & { spec: { attachment?: { instanceId: string } }; status?: { state?: string; privateIpAddress?: string; attachment?: { state: string } } };

/** An Instance resource as it is once its machine runs, and its volumes as they are then. The instance is gone on return. */
export async function sampleInstance({ controlPlane: { client } }: Cloud, { ec2, account }: TenantClients, imageId: string): Promise<{ instance: AnyObject; volumes: AnyObject[] }> {
  const { Instances = [] } = await ec2.send(new RunInstancesCommand({ ImageId: imageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }));
  const id = Instances[0]?.InstanceId ?? '';
  const folder = `/apis/kube-ec2.io/v1alpha1/namespaces/${account.namespace}`;
  const path = `${folder}/instances/${id}`;
  const instance = await eventually('the sample instance runs', 60, async () => {
    const object = await client.get<Sample>(path);
    return object.status?.state === 'running' && object.status.privateIpAddress !== undefined ? object : undefined;
  });
  const volumes = await eventually('its volumes are attached', 60, async () => {
    const { items } = await client.get<{ items: Sample[] }>(`${folder}/volumes`);
    const own = items.filter(({ spec }) => spec.attachment?.instanceId === id);
    return own.every(({ status }) => status?.attachment?.state === 'attached') ? own : undefined;
  });
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await eventually('the sample instance is gone', 60, async () => client.get(path).then(() => false, () => true));
  // Items of a list do not say what they are.
  return { instance, volumes: volumes.map((volume) => ({ ...volume, apiVersion: 'kube-ec2.io/v1alpha1', kind: 'Volume' })) };
}
