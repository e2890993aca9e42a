import type { OperationTable } from '../operation.ts';
import { getCallerIdentity } from './GetCallerIdentity.ts';

/** Every STS action that is implemented. */
export const stsOperations = {
  GetCallerIdentity: { run: getCallerIdentity, access: [] },
} satisfies OperationTable;
