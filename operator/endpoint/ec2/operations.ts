import type { OperationTable } from '../operation.ts';

/** Every EC2 action that is implemented: wire name -> function and what the caller must be allowed to do. Sorted by name. */
export const ec2Operations = {} satisfies OperationTable;
