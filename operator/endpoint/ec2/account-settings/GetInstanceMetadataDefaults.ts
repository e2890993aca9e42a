import type { GetInstanceMetadataDefaultsRequest, GetInstanceMetadataDefaultsResult } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { metadataDefaultsOf } from './find-settings.ts';

/**
 * Tells what the account has decided about metadata options; what it has no preference for is left out.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetInstanceMetadataDefaults.html
 */
export async function getInstanceMetadataDefaults(_input: GetInstanceMetadataDefaultsRequest, context: ReadOnlyContext): Promise<GetInstanceMetadataDefaultsResult> {
  const { httpTokens, httpPutResponseHopLimit, httpEndpoint, instanceMetadataTags, httpTokensEnforced } = metadataDefaultsOf(context) ?? {};
  return {
    AccountLevel: {
      ...(httpTokens !== undefined && { HttpTokens: httpTokens }),
      ...(httpPutResponseHopLimit !== undefined && { HttpPutResponseHopLimit: httpPutResponseHopLimit }),
      ...(httpEndpoint !== undefined && { HttpEndpoint: httpEndpoint }),
      ...(instanceMetadataTags !== undefined && { InstanceMetadataTags: instanceMetadataTags }),
      ...(httpTokensEnforced !== undefined && { HttpTokensEnforced: httpTokensEnforced }),
      ManagedBy: 'account',
    },
  };
}
