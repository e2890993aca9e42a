import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlPlane } from '../../hack/control-plane/control-plane.ts';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';

type Claimed = AnyObject & { spec: { claimRef?: { namespace: string }; csi?: { volumeHandle: string } } };
type Content = AnyObject & { spec: { volumeSnapshotRef: { namespace: string } }; status?: { snapshotHandle?: string } };
type Attachment = AnyObject & { spec: { source: { persistentVolumeName?: string } } };

const ours = ['instances', 'volumes', 'snapshots', 'importtasks', 'amis'].map((plural) => ['apis/kube-ec2.io/v1alpha1', plural] as const);
const others = [
  ['apis/kubevirt.io/v1', 'virtualmachines'],
  ['apis/kubevirt.io/v1', 'virtualmachineinstances'],
  ['apis/cdi.kubevirt.io/v1beta1', 'datavolumes'],
  ['apis/snapshot.storage.k8s.io/v1', 'volumesnapshots'],
  ['api/v1', 'persistentvolumeclaims'],
  ['api/v1', 'pods'],
  ['api/v1', 'secrets'],
  ['api/v1', 'services'],
] as const;

/**
 * All that accounts have of storage and machines, and what stands for it without a namespace, a line each, sorted. What the driver stores and no object
 * stands for is told whosever it was: nobody could remove it any more.
 */
export async function storageRemains({ client, dataDirectory }: ControlPlane, namespaces: readonly string[]): Promise<string[]> {
  const list = async <T extends AnyObject>(path: string): Promise<T[]> => (await client.get<{ items: T[] }>(path)).items;
  const named = await Promise.all(
    namespaces.flatMap((namespace) =>
      [...ours, ...others].map(async ([root, plural]) => (await list(`/${root}/namespaces/${namespace}/${plural}`)).map(({ metadata }) => `${plural} ${namespace}/${metadata.name ?? ''}`)),
    ),
  );
  // The driver comes first: what it has by then is told by the objects that are read later, or is nobody's.
  const stored = storeOf(dataDirectory);
  const volumes = await list<Claimed>('/api/v1/persistentvolumes');
  const contents = await list<Content>('/apis/snapshot.storage.k8s.io/v1/volumesnapshotcontents');
  const attachments = await list<Attachment>('/apis/storage.k8s.io/v1/volumeattachments');
  const isOurs = (namespace: string | undefined): boolean => namespace !== undefined && namespaces.includes(namespace);
  const volumeNames = new Set(volumes.map(({ metadata }) => metadata.name));
  const [volumeHandles, snapshotHandles] = [new Set(volumes.map(({ spec }) => spec.csi?.volumeHandle)), new Set(contents.map(({ status }) => status?.snapshotHandle))];
  return [
    ...named.flat(),
    ...volumes.filter(({ spec }) => isOurs(spec.claimRef?.namespace)).map(({ metadata, spec }) => `persistentvolumes ${metadata.name ?? ''} of ${spec.claimRef?.namespace ?? ''}`),
    ...contents.filter(({ spec }) => isOurs(spec.volumeSnapshotRef.namespace)).map(({ metadata, spec }) => `volumesnapshotcontents ${metadata.name ?? ''} of ${spec.volumeSnapshotRef.namespace}`),
    ...attachments.filter(({ spec }) => !volumeNames.has(spec.source.persistentVolumeName)).map(({ metadata }) => `volumeattachments ${metadata.name ?? ''}`),
    ...stored.volumes.filter((handle) => !volumeHandles.has(handle)).map((handle) => `stored volume ${handle}`),
    ...stored.snapshots.filter((handle) => !snapshotHandles.has(handle)).map((handle) => `stored snapshot ${handle}`),
  ].sort();
}

/** What the simulated CSI driver has, by the ids that it gave. */
function storeOf(dataDirectory: string): { volumes: string[]; snapshots: string[] } {
  const { Volumes, Snapshots } = JSON.parse(readFileSync(join(dataDirectory, 'csi', 'volumes.json'), 'utf8')) as { Volumes: Record<string, object>; Snapshots: Record<string, object> };
  return { volumes: Object.keys(Volumes), snapshots: Object.keys(Snapshots) };
}
