import type { DhcpConfiguration, DhcpOptions as SdkDhcpOptions } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { DhcpOptions } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';

/** A set in the API's shape. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DhcpOptions.html */
export function sdkDhcpOptionsFrom(options: DhcpOptions, { caller }: Pick<ReadOnlyContext, 'caller'>): SdkDhcpOptions {
  const { domainName, domainNameServers, ntpServers, tags } = options.spec;
  const configuration = (Key: string, values: readonly string[] | undefined): DhcpConfiguration[] =>
    values === undefined ? [] : [{ Key, Values: values.map((Value) => ({ Value })) }];
  return {
    DhcpOptionsId: ec2IdOf('dopt', options),
    OwnerId: caller.accountId,
    DhcpConfigurations: [
      ...configuration('domain-name', domainName === undefined ? undefined : [domainName]),
      ...configuration('domain-name-servers', domainNameServers),
      ...configuration('ntp-servers', ntpServers),
    ],
    Tags: sdkTagsFrom(tags),
  };
}
