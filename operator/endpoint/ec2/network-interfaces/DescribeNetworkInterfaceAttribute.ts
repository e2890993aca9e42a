import type { DescribeNetworkInterfaceAttributeRequest, DescribeNetworkInterfaceAttributeResult, NetworkInterface as SdkNetworkInterface } from '@aws-sdk/client-ec2';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireInterface, type FoundInterface } from './find-interface.ts';
import { interfaceViewer } from './sdk-network-interface.ts';

const attributes: Readonly<Record<string, (sdk: SdkNetworkInterface, found: FoundInterface) => DescribeNetworkInterfaceAttributeResult>> = {
  associatePublicIpAddress: (_sdk, { instance }) => ({ AssociatePublicIpAddress: instance?.spec.networkInterface?.associatePublicIpAddress ?? false }),
  attachment: ({ Attachment }) => (Attachment ? { Attachment } : {}),
  description: ({ Description }) => ({ Description: { Value: Description } }),
  groupSet: ({ Groups }) => ({ Groups }),
  sourceDestCheck: ({ SourceDestCheck }) => ({ SourceDestCheck: { Value: SourceDestCheck } }),
};

/**
 * Shows one attribute.
 * @throws AwsError InvalidNetworkInterfaceId.Malformed, InvalidNetworkInterfaceID.NotFound, InvalidParameterCombination, InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaceAttribute.html
 */
export async function describeNetworkInterfaceAttribute(input: DescribeNetworkInterfaceAttributeRequest, context: ReadOnlyContext): Promise<DescribeNetworkInterfaceAttributeResult> {
  const { Attribute: name, NetworkInterfaceId = '' } = input;
  if (!name) throw new AwsError('InvalidParameterCombination', 'No attributes specified.');
  const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (!attribute) throw invalidParameterValue('attribute', name, `It must be one of ${Object.keys(attributes).join(', ')}.`);
  const { sdk, found } = interfaceViewer(context)(requireInterface(NetworkInterfaceId, context));
  return { NetworkInterfaceId: sdk.NetworkInterfaceId, ...attribute(sdk, found) };
}
