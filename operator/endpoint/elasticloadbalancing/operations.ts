import type { OperationTable } from '../operation.ts';

/** Every Elastic Load Balancing (version 2) action that is implemented. Sorted by name. */
export const elasticLoadBalancingOperations = {} satisfies OperationTable;
