import type { Ami } from './ami.ts';

/**
 * Whether the owner of an image lets an account launch it. That suffices for all that the launch needs: the snapshots behind the image need not be shared.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html
 */
export function isSharedWith({ spec }: Pick<Ami, 'spec'>, accountId: string | undefined): boolean {
  return spec.public || (accountId !== undefined && (spec.launchPermissionAccountIds ?? []).includes(accountId));
}

/** Whether other accounts can launch the image at all: disks are made across namespaces of Snapshots, not of claims or VolumeSnapshots of Kubernetes. */
export function canBeLaunchedByOthers({ spec }: Pick<Ami, 'spec'>): boolean {
  return spec.source.persistentVolumeClaim === undefined && spec.source.volumeSnapshot === undefined;
}
