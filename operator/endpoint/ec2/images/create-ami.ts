import type { z } from 'zod';
import { AmiDefinition } from '../../../api/compute/ami.ts';
import { Ami } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';

/**
 * Creates an image of the caller's, checked by the schema that the API server checks by.
 * @throws AwsError InvalidParameterValue
 * @throws ApiError - AlreadyExists and whatever else the API server says
 */
export async function createAmi(imageId: string, spec: z.input<typeof AmiDefinition.spec>, { caller, write }: OperationContext): Promise<Ami> {
  const parsed = AmiDefinition.spec.safeParse(spec);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AwsError('InvalidParameterValue', `Invalid value for ${issue?.path.join('.') ?? 'the image'}: ${issue?.message ?? 'not valid'}`);
  }
  const { apiVersion, kind } = AmiDefinition;
  return write.create(Ami, { apiVersion, kind, metadata: { name: imageId, namespace: caller.namespace }, spec: parsed.data });
}
