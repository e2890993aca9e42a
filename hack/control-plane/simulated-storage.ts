import type { AnyObject } from './kubernetes-client.ts';

/** Provisioner of the simulated disks; the node agent makes a volume for every claim that names its class. */
export const STORAGE_PROVISIONER = 'simulator.kube-ec2.io';

/**
 * The default StorageClass: disks that every node reaches, that can grow, and that go with their claims. The CSIDriver says that nothing has to
 * be attached, so the controller manager does not wait for an attacher.
 */
export function simulatedStorage(): AnyObject[] {
  return [
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: { name: STORAGE_PROVISIONER },
      spec: { attachRequired: false, podInfoOnMount: false, storageCapacity: false, fsGroupPolicy: 'None' },
    },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'simulated', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: STORAGE_PROVISIONER,
      volumeBindingMode: 'Immediate',
      reclaimPolicy: 'Delete',
      allowVolumeExpansion: true,
    },
  ];
}
