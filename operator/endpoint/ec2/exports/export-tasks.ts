import type { AbsentKind } from '../nothing-of-a-kind.ts';

const codes = { malformedCode: 'InvalidExportTaskID.Malformed', notFoundCode: 'InvalidExportTaskID.NotFound', what: 'export task' };

/** Exports of images to S3: ExportImage does not exist here. */
export const imageExports: AbsentKind = {
  operation: 'DescribeExportImageTasks',
  filterNames: ['task-state'],
  bounds: { minimum: 1, maximum: 500 },
  ids: { prefix: 'export-ami-', ...codes },
};

/** Exports of instances to S3: CreateInstanceExportTask does not exist here. Their list has no pages. */
export const instanceExports: AbsentKind = {
  operation: 'DescribeExportTasks',
  filterNames: ['task-state'],
  bounds: { minimum: 1, maximum: 500 },
  ids: { prefix: 'export-i-', ...codes },
};

/** Images stored as objects: CreateStoreImageTask does not exist here. */
export const imageStores: AbsentKind = {
  operation: 'DescribeStoreImageTasks',
  filterNames: ['task-state', 'bucket', 'image-id'],
  bounds: { minimum: 1, maximum: 200 },
};
