import type { InternetGateway as SdkInternetGateway } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { InternetGateway } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { gatewayOfVpc, vpcOfGateway } from './find-gateway.ts';

/** A gateway in the API's shape. Of an attachment EC2 says `available`, not `attached`. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGateway.html */
export function sdkGatewayFrom(gateway: InternetGateway, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): SdkInternetGateway {
  const vpc = vpcOfGateway(gateway, read);
  const isAttached = vpc !== undefined && ec2IdOf('igw', gatewayOfVpc(vpc, read) ?? gateway) === ec2IdOf('igw', gateway);
  return {
    InternetGatewayId: ec2IdOf('igw', gateway),
    OwnerId: caller.accountId,
    // The SDK's enumeration has the four states of other attachments only.
    Attachments: isAttached ? [{ VpcId: ec2IdOf('vpc', vpc), State: 'available' as 'attached' }] : [],
    Tags: sdkTagsFrom(gateway.spec.tags),
  };
}
