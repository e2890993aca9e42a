import type { ImportImageTask, ImportSnapshotTask, SnapshotDetail, SnapshotTaskDetail } from '@aws-sdk/client-ec2';
import type { ImportSource } from '../../../api/compute/import-source.ts';
import { importTaskIdOf } from '../../../api/compute/import-task.ts';
import type { ImportTask } from '../../../kubernetes/resources.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';

/** The API's word for how far a task is. What failed or was cancelled is `deleted` there, with the reason in the message. */
export function sdkTaskStateOf({ spec, status }: ImportTask): 'active' | 'completed' | 'deleting' | 'deleted' {
  switch (status?.state) {
    case undefined:
    case 'active':
      return spec.cancelled ? 'deleting' : 'active';
    case 'completed':
      return 'completed';
    default:
      return 'deleted';
  }
}

/** A task that makes an image, in the API's shape. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportImageTask.html */
export function sdkImportImageTaskFrom(task: ImportTask): ImportImageTask {
  const { spec, status } = task;
  const { image } = spec;
  return {
    ImportTaskId: importTaskIdOf(task),
    ...(image && { Architecture: image.architecture, Platform: image.platform === 'windows' ? 'Windows' : 'Linux', BootMode: image.bootMode }),
    ...((image?.description ?? spec.description) !== undefined && { Description: image?.description ?? spec.description }),
    ...(status?.imageId !== undefined && { ImageId: status.imageId }),
    ...progressOf(task),
    SnapshotDetails: [snapshotDetailOf(task)],
    Tags: sdkTagsFrom(spec.tags),
  };
}

/** A task that makes a snapshot. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportSnapshotTask.html */
export function sdkImportSnapshotTaskFrom(task: ImportTask): ImportSnapshotTask {
  const { spec } = task;
  return {
    ImportTaskId: importTaskIdOf(task),
    ...(spec.description !== undefined && { Description: spec.description }),
    SnapshotTaskDetail: { ...(spec.description !== undefined && { Description: spec.description }), ...progressOf(task), ...snapshotDetailOf(task) },
    Tags: sdkTagsFrom(spec.tags),
  };
}

function progressOf(task: ImportTask): Pick<SnapshotTaskDetail, 'Status' | 'StatusMessage' | 'Progress'> {
  const { status } = task;
  const state = sdkTaskStateOf(task);
  return {
    Status: state,
    ...(status?.statusMessage !== undefined && { StatusMessage: status.statusMessage }),
    ...(state === 'active' && { Progress: String(status?.progress ?? 0) }),
  };
}

function snapshotDetailOf({ spec, status }: ImportTask): Pick<SnapshotDetail, 'DiskImageSize' | 'Url' | 'UserBucket' | 'SnapshotId'> {
  return { ...locationOf(spec.source), DiskImageSize: spec.volumeSize * 2 ** 30, ...(status?.snapshotId !== undefined && { SnapshotId: status.snapshotId }) };
}

function locationOf({ http, s3, registry }: ImportSource): Pick<SnapshotDetail, 'Url' | 'UserBucket'> {
  const bucket = /^s3:\/\/([^/]+)\/(.+)$/.exec(s3?.url ?? '');
  if (bucket) return { UserBucket: { S3Bucket: bucket[1] ?? '', S3Key: bucket[2] ?? '' } };
  const url = http?.url ?? s3?.url ?? registry?.url;
  return url === undefined ? {} : { Url: url };
}
