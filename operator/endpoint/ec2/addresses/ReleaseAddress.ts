import type { ReleaseAddressRequest } from '@aws-sdk/client-ec2';
import { isConflict, isNotFound } from '../../../kubernetes/errors.ts';
import { ElasticIp } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { associationsIn } from './associations.ts';
import { inTurnOfAddresses } from './change-association.ts';
import { allocationNotFound, namedAddress, ofNatGateway } from './find-address.ts';

/** The controller writes the status of an address now and then. */
const ATTEMPTS = 20;

/**
 * Gives an address back that nothing has.
 * @throws AwsError MissingParameter, InvalidParameterCombination, InvalidAllocationID.NotFound, InvalidAddress.*, InvalidIPAddress.InUse, AuthFailure
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html
 */
export async function releaseAddress(input: ReleaseAddressRequest, context: OperationContext): Promise<void> {
  const { NetworkBorderGroup } = input;
  if (NetworkBorderGroup && NetworkBorderGroup !== context.region) throw invalidParameterValue('NetworkBorderGroup', NetworkBorderGroup, `It must be ${context.region}.`);
  await inTurnOfAddresses(context, async () => {
    const elasticIp = namedAddress(input, context);
    if (!elasticIp) throw new AwsError('MissingParameter', 'Either public IP or allocation id must be specified');
    await release(elasticIp, context);
  });
}

async function release(elasticIp: ElasticIp, context: OperationContext): Promise<void> {
  const { write, read } = context;
  const { namespace, name, uid = '' } = elasticIp.metadata;
  const key = { namespace, name };
  if (associationsIn(namespace, read).of(elasticIp)?.natGatewayId !== undefined) throw ofNatGateway();
  let current = elasticIp;
  for (let attempt = 1; ; attempt += 1) {
    if (current.spec.association && (current !== elasticIp || associationsIn(namespace, read).of(elasticIp))) {
      throw new AwsError('InvalidIPAddress.InUse', `Address ${current.status?.publicIp ?? ''} is in use.`);
    }
    try {
      // Of this very version: an association that comes in between is not to be cut.
      await write.remove(ElasticIp, key, { uid, resourceVersion: current.metadata.resourceVersion ?? '' });
      return;
    } catch (error) {
      if (isNotFound(error)) throw allocationNotFound(elasticIp, error);
      if (!isConflict(error) || attempt >= ATTEMPTS) throw error;
    }
    current = await write.patch(ElasticIp, key, {}).catch((error: unknown) => {
      throw isNotFound(error) ? allocationNotFound(elasticIp, error) : error;
    });
  }
}
