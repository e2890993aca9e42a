import type { DeleteNetworkInterfaceRequest } from '@aws-sdk/client-ec2';
import { isNotFound } from '../../../kubernetes/errors.ts';
import { NetworkInterface } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { IdKinds } from '../ids.ts';
import { requireInterface } from './find-interface.ts';

/**
 * Removes an interface that no instance has.
 * @throws AwsError InvalidNetworkInterfaceId.Malformed, InvalidNetworkInterfaceID.NotFound, InvalidParameterValue - it is in use
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkInterface.html
 */
export async function deleteNetworkInterface({ NetworkInterfaceId = '' }: DeleteNetworkInterfaceRequest, context: OperationContext): Promise<void> {
  const { id, networkInterface, instance } = requireInterface(NetworkInterfaceId, context);
  if (!networkInterface || instance) throw new AwsError('InvalidParameterValue', `Network interface '${id}' is currently in use.`);
  const { namespace, name, uid } = networkInterface.metadata;
  await context.write.remove(NetworkInterface, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
    throw new AwsError(IdKinds.networkInterface.notFoundCode, IdKinds.networkInterface.notFound([id]), { cause: error });
  });
}
