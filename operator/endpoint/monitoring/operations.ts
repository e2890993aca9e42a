import type { OperationTable } from '../operation.ts';

/** Every CloudWatch action that is implemented. Sorted by name. */
export const monitoringOperations = {} satisfies OperationTable;
