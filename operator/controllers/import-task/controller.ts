import { ImportTask, Snapshot } from '../../kubernetes/resources.ts';
import { defineController, ifServed, watching, watchingOwned, type AnyController } from '../../runtime/reconcile.ts';
import { DataVolume, dataVolumeNameOf } from './data-volume.ts';
import { reconcile } from './reconcile.ts';
import type { ImportSettings } from './settings.ts';

/** Carries imports out. */
export function importTaskController(settings: ImportSettings): AnyController {
  return defineController({
    name: 'import-task',
    type: ImportTask,
    watches: [
      ifServed(watchingOwned(DataVolume, ImportTask)),
      watching(Snapshot, ({ metadata, spec }, read) => {
        const claimName = spec.source?.persistentVolumeClaim?.claimName;
        if (claimName === undefined) return [];
        return read
          .list(ImportTask, metadata.namespace)
          .filter((task) => dataVolumeNameOf(task) === claimName)
          .map((task) => ({ namespace: task.metadata.namespace, name: task.metadata.name }));
      }),
    ],
    permissions: [
      { group: 'cdi.kubevirt.io', resource: 'datavolumes', verbs: ['create', 'delete'], reason: 'imports of disk images' },
      { group: 'kube-ec2.io', resource: 'importtasks/finalizers', verbs: ['update'], reason: 'owner reference of the DataVolume' },
      { group: 'kube-ec2.io', resource: 'snapshots', verbs: ['create'], reason: 'snapshot of an imported disk' },
      { group: 'kube-ec2.io', resource: 'amis', verbs: ['create'], reason: 'image of an imported disk' },
    ],
    concurrency: 4,
    reconcile: (task, context) => reconcile(task, context, settings),
  });
}
