import type {
  DescribeInstanceCreditSpecificationsRequest,
  DescribeInstanceCreditSpecificationsResult,
  InstanceCreditSpecification,
} from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { Instance } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { creditsOf } from './credit-specification.ts';
import { requireInstances } from './find-instances.ts';

const creditFilters: FilterTable<InstanceCreditSpecification> = { 'instance-id': ({ InstanceId }) => [InstanceId] };

/**
 * Tells the credit options of burstable instances: of those that are named, or of all that are `unlimited`.
 * @throws AwsError InvalidInstanceID.*, UnsupportedOperation (a named instance is not burstable), InvalidParameterValue, InvalidParameterCombination,
 *   InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceCreditSpecifications.html
 */
export async function describeInstanceCreditSpecifications(
  input: DescribeInstanceCreditSpecificationsRequest,
  context: ReadOnlyContext,
): Promise<DescribeInstanceCreditSpecificationsResult> {
  forbidPagesWithIds('instancesSet', input.InstanceIds, input);
  const matches = predicateFrom(input.Filters, creditFilters);
  const isNamed = (input.InstanceIds ?? []).length > 0;
  const specifications = isNamed ? requireInstances(input.InstanceIds, context).map((instance) => namedFrom(instance, context)) : unlimitedIn(context);
  const scope = pageScopeOf('DescribeInstanceCreditSpecifications', context);
  const page = pageOf(specifications.filter(matches), input, { minimum: 5, maximum: 1000 }, scope, ({ InstanceId = '' }) => InstanceId);
  return { InstanceCreditSpecifications: page.items, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

function namedFrom(instance: Instance, { read }: ReadOnlyContext): InstanceCreditSpecification {
  const InstanceId = ec2IdOf('i', instance);
  const CpuCredits = creditsOf(instance, read);
  if (CpuCredits === undefined) {
    throw new AwsError('UnsupportedOperation', `The instance '${InstanceId}' is not a burstable performance instance.`);
  }
  return { InstanceId, CpuCredits };
}

function unlimitedIn({ read, caller }: ReadOnlyContext): InstanceCreditSpecification[] {
  return read
    .list(Instance, caller.namespace)
    .filter((instance) => creditsOf(instance, read) === 'unlimited')
    .map((instance) => ({ InstanceId: ec2IdOf('i', instance), CpuCredits: 'unlimited' }));
}
