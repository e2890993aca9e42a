import type { ModifySubnetAttributeRequest } from '@aws-sdk/client-ec2';
import { AwsError, invalidParameterValue, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { refuseUnsupported } from '../network-blocks.ts';
import { changeNetworkObject } from '../network-object.ts';
import { requireSubnet } from './find-subnet.ts';
import { subnetKind } from './subnet-kind.ts';

/**
 * Changes one attribute of a subnet; they are recorded. What would promise an address or a name that nothing gives is refused, switching it off is not.
 * @throws AwsError MissingParameter, InvalidParameterCombination, InvalidParameterValue, UnsupportedOperation, InvalidSubnetID.*
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html
 */
export async function modifySubnetAttribute(input: ModifySubnetAttributeRequest, context: OperationContext): Promise<void> {
  const { SubnetId, ...attributes } = input;
  if (!SubnetId) throw missingParameter('SubnetId');
  const subnet = requireSubnet(SubnetId, context);
  const asked = Object.entries(attributes).filter(([, value]) => value !== undefined);
  if (asked.length === 0) throw new AwsError('MissingParameter', 'The request must contain one attribute to modify');
  if (asked.length > 1) throw new AwsError('InvalidParameterCombination', 'Only one attribute can be modified at a time');
  refuseUnsupported({
    'IPv6 addresses are': input.AssignIpv6AddressOnCreation?.Value ?? input.EnableDns64?.Value ?? input.EnableResourceNameDnsAAAARecordOnLaunch?.Value,
    'Customer-owned addresses are': input.MapCustomerOwnedIpOnLaunch?.Value ?? input.CustomerOwnedIpv4Pool,
    'Local network interfaces are': input.EnableLniAtDeviceIndex ?? input.DisableLniAtDeviceIndex?.Value,
  });
  const changes = {
    mapPublicIpOnLaunch: input.MapPublicIpOnLaunch?.Value,
    enableResourceNameDnsARecordOnLaunch: input.EnableResourceNameDnsARecordOnLaunch?.Value,
    privateDnsHostnameTypeOnLaunch: hostnameTypeFrom(input.PrivateDnsHostnameTypeOnLaunch),
  };
  await changeNetworkObject(subnetKind, subnet, () => changes, context.write);
}

function hostnameTypeFrom(type: string | undefined): string | undefined {
  if (type === undefined || type === 'ip-name' || type === 'resource-name') return type;
  throw invalidParameterValue('privateDnsHostnameTypeOnLaunch', type, 'It must be ip-name or resource-name.');
}
