import type { Disk, Volume } from '../../kubernetes/kubevirt/core.ts';
import type { Ami } from '../../kubernetes/resources.ts';

/** What user data is given to. */
export type UserDataFormat = Ami['spec']['userDataFormat'];

/** A Secret with user data, and the digest of what was put there. */
export interface UserDataSource {
  secretName: string;
  digest: string;
}

/** Name of the volume with user data within the machine. */
export const USER_DATA_VOLUME = 'cidata';
/** What the no-cloud volume holds without user data; with nothing at all KubeVirt cannot start the guest. */
const EMPTY_USER_DATA = '#cloud-config\n';

/** The volumes that bring user data to the guest: none for Windows Setup without an answer file. Pure. */
export function userDataVolumesFor(userData: UserDataSource | undefined, format: UserDataFormat): Volume[] {
  if (format === 'sysprep') return userData === undefined ? [] : [{ name: USER_DATA_VOLUME, sysprep: { secret: { name: userData.secretName } } }];
  const content = userData === undefined ? { userData: EMPTY_USER_DATA } : { secretRef: { name: userData.secretName } };
  return [{ name: USER_DATA_VOLUME, cloudInitNoCloud: content }];
}

/** The disks of those volumes: Windows Setup looks for its answer file on a drive that it can read without a driver. Pure. */
export function userDataDisksFor(userData: UserDataSource | undefined, format: UserDataFormat): Disk[] {
  if (format === 'cloud-init') return [{ name: USER_DATA_VOLUME, disk: { bus: 'virtio' } }];
  return userData === undefined ? [] : [{ name: USER_DATA_VOLUME, cdrom: { bus: 'sata' } }];
}

/** What a machine that exists gives its user data to. Pure. */
export function formatOf(volumes: readonly Volume[] | undefined): UserDataFormat {
  const volume = (volumes ?? []).find(({ name }) => name === USER_DATA_VOLUME);
  return volume?.cloudInitNoCloud === undefined ? 'sysprep' : 'cloud-init';
}
