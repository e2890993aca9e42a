import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { Cloud, TenantClients } from '../support/cloud.ts';
import { writesIn } from './api-server-writes.ts';
import { compareLaunches, type LaunchResult, type LaunchSettings } from './launch.ts';

/** What came out. */
export interface VolumeLaunchResult extends LaunchResult {
  /** Disk images that were imported, from the first to the last launch: one is enough. */
  imports: number;
}

const DIRECT_NAMESPACE = 'bench-direct-volumes';
const SNAPSHOTS = '/apis/snapshot.storage.k8s.io/v1';
const IMAGE_SECONDS = 120;

type CsiSnapshot = AnyObject & { status?: { boundVolumeSnapshotContentName?: string; readyToUse?: boolean } };
type Content = AnyObject & { spec: { driver: string; sourceVolumeMode?: string }; status?: { snapshotHandle?: string } };
type Ami = AnyObject & { status?: { state?: string; imageId?: string; blockDeviceMappings?: { ebs?: { snapshotId?: string } }[] } };

/**
 * Imports an image once, launches instances of it through the endpoint, each with a clone of the image's snapshot for a root, and creates the same claims
 * and VirtualMachines directly, in turns.
 */
export async function compareVolumeLaunches(cloud: Cloud, tenant: TenantClients, settings: Omit<LaunchSettings, 'imageId' | 'directNamespace'>): Promise<VolumeLaunchResult> {
  const before = importsIn(await cloud.operator.metrics());
  const { imageId, snapshotId } = await importImage(cloud, tenant);
  settings.log(`image ${imageId} is imported`);
  await bindForDirect(cloud, tenant.account.namespace, snapshotId);
  const launches = await compareLaunches(cloud, tenant, { ...settings, imageId, directNamespace: DIRECT_NAMESPACE });
  return { ...launches, imports: importsIn(await cloud.operator.metrics()) - before };
}

function importsIn(metrics: string): number {
  return writesIn(metrics).get('create DataVolume') ?? 0;
}

/** An image as somebody would import it, of a server that the simulated importer stands for. */
async function importImage({ controlPlane: { applier, client } }: Cloud, { account: { namespace } }: TenantClients): Promise<{ imageId: string; snapshotId: string }> {
  const apiVersion = 'kube-ec2.io/v1alpha1';
  const spec = { name: 'imported', source: { http: { url: 'http://images.simulated.test/disk.qcow2' } }, guestAgent: true, rootVolumeSize: 2 };
  await applier.apply([{ apiVersion, kind: 'Ami', metadata: { name: 'imported', namespace }, spec }]);
  return eventually('the image is available', IMAGE_SECONDS, async () => {
    const { status } = await client.get<Ami>(`/apis/${apiVersion}/namespaces/${namespace}/amis/imported`);
    const snapshotId = status?.blockDeviceMappings?.[0]?.ebs?.snapshotId;
    return status?.state === 'available' && status.imageId !== undefined && snapshotId !== undefined ? { imageId: status.imageId, snapshotId } : undefined;
  });
}

/** Snapshots are of one namespace: a second pair of objects stands for the image's snapshot where the direct rounds are. */
async function bindForDirect({ controlPlane: { applier, client } }: Cloud, namespace: string, name: string): Promise<void> {
  const original = await client.get<CsiSnapshot>(`${SNAPSHOTS}/namespaces/${namespace}/volumesnapshots/${name}`);
  const content = await client.get<Content>(`${SNAPSHOTS}/volumesnapshotcontents/${original.status?.boundVolumeSnapshotContentName ?? ''}`);
  const apiVersion = 'snapshot.storage.k8s.io/v1';
  const contentName = `${DIRECT_NAMESPACE}-${name}`;
  const { driver, sourceVolumeMode } = content.spec;
  await applier.apply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: DIRECT_NAMESPACE } },
    {
      apiVersion,
      kind: 'VolumeSnapshotContent',
      metadata: { name: contentName },
      spec: {
        driver,
        ...(sourceVolumeMode === undefined ? {} : { sourceVolumeMode }),
        deletionPolicy: 'Retain',
        source: { snapshotHandle: content.status?.snapshotHandle },
        volumeSnapshotRef: { apiVersion, kind: 'VolumeSnapshot', name, namespace: DIRECT_NAMESPACE },
      },
    },
    { apiVersion, kind: 'VolumeSnapshot', metadata: { name, namespace: DIRECT_NAMESPACE }, spec: { source: { volumeSnapshotContentName: contentName } } },
  ]);
  await eventually('the snapshot can be used directly', IMAGE_SECONDS, async () => (await client.get<CsiSnapshot>(`${SNAPSHOTS}/namespaces/${DIRECT_NAMESPACE}/volumesnapshots/${name}`)).status?.readyToUse === true);
}
