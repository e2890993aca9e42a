import type { OperationTable } from '../operation.ts';

/** Every Auto Scaling action that is implemented: none yet. With the table the service is routed, so that each action is answered InvalidAction in its dialect. */
export const autoScalingOperations = {} satisfies OperationTable;
