import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { ec2IdFrom } from '../../../api/ec2-id.ts';
import { ImportTaskDefinition } from '../../../api/compute/import-task.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { ImportTask } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requestRecordFrom, requireSameParameters } from '../client-token.ts';

type Spec = z.input<typeof ImportTaskDefinition.spec>;

/**
 * Makes an import task, or finds the one that an earlier call with the same token made.
 * @throws AwsError IdempotentParameterMismatch, InvalidParameterValue
 */
export async function createTask(prefix: 'import-ami' | 'import-snap', spec: Spec, input: { ClientToken?: string | undefined }, context: OperationContext): Promise<ImportTask> {
  const { caller, write } = context;
  const request = requestRecordFrom(input);
  const parsed = ImportTaskDefinition.spec.safeParse({ ...spec, ...(request && { request }) });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AwsError('InvalidParameterValue', `Invalid value for ${issue?.path.join('.') ?? 'the import'}: ${issue?.message ?? 'not valid'}`);
  }
  const { apiVersion, kind } = ImportTaskDefinition;
  const name = ec2IdFrom(prefix, request ? `${caller.namespace}/${request.clientToken}` : randomUUID());
  return write.create(ImportTask, { apiVersion, kind, metadata: { name, namespace: caller.namespace }, spec: parsed.data }).catch(async (error: unknown) => {
    if (!request || !isAlreadyExists(error)) throw error;
    // An empty patch changes nothing and answers with what the earlier call made.
    const existing = await write.patch(ImportTask, { namespace: caller.namespace, name }, {});
    requireSameParameters(existing.spec.request, request);
    return existing;
  });
}
