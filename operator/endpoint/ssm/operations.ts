import { Ami } from '../../kubernetes/resources.ts';
import type { Access, OperationTable } from '../operation.ts';
import { getParameter } from './GetParameter.ts';
import { getParameters } from './GetParameters.ts';
import { getParametersByPath } from './GetParametersByPath.ts';

const access: Access[] = [{ verb: 'list', resource: Ami }];

/** Every Systems Manager action that is implemented: parameters that name images. */
export const ssmOperations = {
  GetParameter: { run: getParameter, access },
  GetParameters: { run: getParameters, access },
  GetParametersByPath: { run: getParametersByPath, access },
} satisfies OperationTable;
