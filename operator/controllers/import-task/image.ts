import { AmiDefinition } from '../../api/compute/ami.ts';
import { ec2IdFrom } from '../../api/ec2-id.ts';
import { importTaskIdOf } from '../../api/compute/import-task.ts';
import type { Ami, ImportTask } from '../../kubernetes/resources.ts';

/** The image that a task was asked for, made of its snapshot. Named by the task, so that there is one. Pure. */
export function imageFor(task: ImportTask, snapshotId: string): Ami {
  const { image, volumeSize } = task.spec;
  const taskId = importTaskIdOf(task);
  const { namespace } = task.metadata;
  return {
    apiVersion: AmiDefinition.apiVersion,
    kind: AmiDefinition.kind,
    metadata: { name: ec2IdFrom('ami', `import/${task.metadata.uid ?? ''}`), ...(namespace === undefined ? {} : { namespace }) },
    spec: AmiDefinition.spec.parse({
      ...image,
      name: image?.name ?? taskId,
      rootDeviceName: '/dev/sda1',
      rootVolumeSize: volumeSize,
      source: { snapshot: { snapshotId } },
    }),
  };
}
