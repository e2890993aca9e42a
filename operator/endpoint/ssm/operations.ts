import type { OperationTable } from '../operation.ts';

/** Every Systems Manager action that is implemented. Sorted by name. */
export const ssmOperations = {} satisfies OperationTable;
