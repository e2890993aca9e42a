import type { DisassociateAddressRequest } from '@aws-sdk/client-ec2';
import { associationIdOf } from '../../../api/network/elastic-ip.ts';
import { ElasticIp } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { associationsIn } from './associations.ts';
import { changeAssociation, inTurnOfAddresses } from './change-association.ts';
import { ofNatGateway, requirePublicIp } from './find-address.ts';

/**
 * Takes an address away from what has it; it stays allocated.
 * @throws AwsError MissingParameter, InvalidParameterCombination, InvalidAssociationID.NotFound, InvalidAddress.*, AuthFailure
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateAddress.html
 */
export async function disassociateAddress(input: DisassociateAddressRequest, context: OperationContext): Promise<void> {
  await inTurnOfAddresses(context, async () => {
    const elasticIp = addressFrom(input, context);
    const associationId = associationIdOf(elasticIp);
    if (associationId === undefined) return;
    if (associationsIn(elasticIp.metadata.namespace, context.read).of(elasticIp)?.natGatewayId !== undefined) throw ofNatGateway();
    await changeAssociation(elasticIp, null, (current) => {
      const id = associationIdOf(current);
      // Somebody was faster, and gave it to another.
      if (id !== undefined && id !== associationId) throw new AwsError(IdKinds.elasticIpAssociation.notFoundCode, IdKinds.elasticIpAssociation.notFound([associationId]));
    }, context);
  });
}

function addressFrom({ AssociationId, PublicIp }: DisassociateAddressRequest, context: OperationContext): ElasticIp {
  if (AssociationId && PublicIp) throw new AwsError('InvalidParameterCombination', 'You may specify public IP or association id, but not both in the same call');
  if (AssociationId) {
    const elasticIps = context.read.list(ElasticIp, context.caller.namespace);
    return requireOne(IdKinds.elasticIpAssociation, AssociationId, (id) => elasticIps.find((elasticIp) => associationIdOf(elasticIp) === id));
  }
  if (PublicIp) return requirePublicIp(PublicIp, context);
  throw new AwsError('MissingParameter', 'Either public IP or association id must be specified');
}
