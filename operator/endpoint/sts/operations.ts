import type { OperationTable } from '../operation.ts';
import { assumeRole } from './AssumeRole.ts';
import { getCallerIdentity } from './GetCallerIdentity.ts';
import { getSessionToken } from './GetSessionToken.ts';

/** Every STS action that is implemented. Whom a role lets in, AssumeRole judges itself. */
export const stsOperations = {
  AssumeRole: { run: assumeRole, access: [] },
  GetCallerIdentity: { run: getCallerIdentity, access: [] },
  GetSessionToken: { run: getSessionToken, access: [] },
} satisfies OperationTable;
