import type { AccountAttribute, DescribeAccountAttributesRequest, DescribeAccountAttributesResult } from '@aws-sdk/client-ec2';
import { ELASTIC_IP_QUOTA } from '../../../api/network/elastic-ip.ts';
import type { Account } from '../../../kubernetes/resources.ts';
import { invalidParameterValue } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { accountOf } from '../indexes.ts';
import { defaultVpcIdOf } from '../vpcs/find-vpc.ts';

/** Attribute -> its value for the account; undefined where the account has none. */
const valueByAttribute: Readonly<Record<string, (account: Account | undefined, context: ReadOnlyContext) => string | undefined>> = {
  // EC2's word for an account without a default one.
  'default-vpc': (_account, { read, caller }) => defaultVpcIdOf(read, caller.namespace) ?? 'none',
  'max-elastic-ips': elasticIpQuotaOf,
  // Without a quota there is no limit, so nothing to say.
  'max-instances': (account) => account?.spec.quotas.instances?.toString(),
  'supported-platforms': () => 'VPC',
  'vpc-max-elastic-ips': elasticIpQuotaOf,
  // The limit of spec.securityGroupIds of an Instance.
  'vpc-max-security-groups-per-interface': () => '16',
};

/**
 * Tells the limits of the caller's account.
 * @throws AwsError InvalidParameterValue - for an attribute that EC2 does not have
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAccountAttributes.html
 */
export async function describeAccountAttributes(
  { AttributeNames }: DescribeAccountAttributesRequest,
  context: ReadOnlyContext,
): Promise<DescribeAccountAttributesResult> {
  const account = accountOf(context.read, context.caller.accountId);
  const names: readonly string[] = AttributeNames?.length ? [...new Set(AttributeNames)] : Object.keys(valueByAttribute);
  return { AccountAttributes: names.flatMap((name) => attributeFrom(name, account, context) ?? []) };
}

function elasticIpQuotaOf(account: Account | undefined): string {
  return String(account?.spec.quotas.elasticIps ?? ELASTIC_IP_QUOTA);
}

function attributeFrom(name: string, account: Account | undefined, context: ReadOnlyContext): AccountAttribute | undefined {
  const valueOf = Object.hasOwn(valueByAttribute, name) ? valueByAttribute[name] : undefined;
  if (!valueOf) throw invalidParameterValue('AttributeName', name, `Valid values are: ${Object.keys(valueByAttribute).join(', ')}.`);
  const value = valueOf(account, context);
  return value === undefined ? undefined : { AttributeName: name, AttributeValues: [{ AttributeValue: value }] };
}
