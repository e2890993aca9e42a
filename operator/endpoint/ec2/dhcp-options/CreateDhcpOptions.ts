import { isIP, isIPv4 } from 'node:net';
import type { CreateDhcpOptionsRequest, CreateDhcpOptionsResult, NewDhcpConfiguration } from '@aws-sdk/client-ec2';
import { DhcpOptionsDefinition, NAME_SERVERS_LIMIT, PROVIDED_DNS, TIME_SERVERS_LIMIT, type DhcpOptionsSpec } from '../../../api/network/dhcp-options.ts';
import { DhcpOptions } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { IdKinds } from '../ids.ts';
import { newIdOf } from '../network-object.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { sdkDhcpOptionsFrom } from './sdk-dhcp-options.ts';

/** EC2's quota at its highest. */
const SETS_LIMIT = 1000;

/**
 * Makes a set of DHCP options; VPCs have to be associated with it.
 * @throws AwsError MissingParameter, InvalidParameterValue, UnsupportedOperation - NetBIOS and IPv6, which guests are not told, DhcpOptionsLimitExceeded
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateDhcpOptions.html
 */
export async function createDhcpOptions(input: CreateDhcpOptionsRequest, context: OperationContext): Promise<CreateDhcpOptionsResult> {
  const configurations = input.DhcpConfigurations ?? [];
  if (configurations.length === 0) throw missingParameter('dhcpConfiguration');
  const configured = Object.assign({}, ...configurations.map(configurationFrom)) as Partial<DhcpOptionsSpec>;
  const tags = tagsFromSpecifications(input.TagSpecifications, 'dhcp-options');
  const { caller, read, write } = context;
  if (read.list(DhcpOptions, caller.namespace).length >= SETS_LIMIT) {
    throw new AwsError('DhcpOptionsLimitExceeded', 'The maximum number of DHCP options sets has been reached.');
  }
  const { apiVersion, kind } = DhcpOptionsDefinition;
  const spec = DhcpOptionsDefinition.spec.parse({ ...configured, ...(tags.length > 0 && { tags }) });
  const created = await write.create(DhcpOptions, { apiVersion, kind, metadata: { name: newIdOf(IdKinds.dhcpOptions), namespace: caller.namespace }, spec });
  return { DhcpOptions: sdkDhcpOptionsFrom(created, context) };
}

function configurationFrom({ Key, Values = [] }: NewDhcpConfiguration, position: number): Partial<DhcpOptionsSpec> {
  if (!Key) throw missingParameter(`DhcpConfiguration.${position + 1}.Key`);
  // One value may hold several, separated by commas, as the CLI's short form sends them.
  const values = Values.flatMap((value) => value.split(',')).map((value) => value.trim()).filter(Boolean);
  if (values.length === 0) throw missingParameter(`DhcpConfiguration.${position + 1}.Value`);
  switch (Key) {
    case 'domain-name':
      return { domainName: domainNameFrom(values) };
    case 'domain-name-servers':
      return { domainNameServers: serversFrom(Key, values, NAME_SERVERS_LIMIT, (value) => isIP(value) !== 0 || value === PROVIDED_DNS, `an IP address, or ${PROVIDED_DNS}`) };
    case 'ntp-servers':
      return { ntpServers: serversFrom(Key, values, TIME_SERVERS_LIMIT, isIPv4, 'an IPv4 address') };
    case 'netbios-name-servers':
    case 'netbios-node-type':
    case 'ipv6-address-preferred-lease-time':
      throw new AwsError('UnsupportedOperation', `The DHCP option '${Key}' is not supported: guests are not told of it.`);
    default:
      throw invalidParameterValue('DhcpConfiguration', Key, 'It must be domain-name, domain-name-servers or ntp-servers.');
  }
}

function domainNameFrom([name = '', ...others]: readonly string[]): string {
  if (others.length === 0 && name.length <= 253 && /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name)) return name;
  throw invalidParameterValue('domain-name', [name, ...others].join(',').slice(0, 64), 'It must be one domain name.');
}

function serversFrom(key: string, values: readonly string[], limit: number, isServer: (value: string) => boolean, what: string): string[] {
  if (values.length > limit) throw invalidParameterValue(key, values.join(',').slice(0, 64), `There can be at most ${limit}.`);
  const wrong = values.find((value) => !isServer(value));
  if (wrong !== undefined) throw invalidParameterValue(key, wrong.slice(0, 64), `It must be ${what}.`);
  return [...values];
}
