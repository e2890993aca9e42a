import type { DescribeIamInstanceProfileAssociationsRequest, DescribeIamInstanceProfileAssociationsResult, IamInstanceProfileAssociation } from '@aws-sdk/client-ec2';
import { Instance } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { requireAssociation } from './change-profile.ts';
import { profileOfReference } from './find-profile.ts';
import { sdkAssociationFrom } from './sdk-association.ts';

const filterTable: FilterTable<IamInstanceProfileAssociation> = {
  'instance-id': ({ InstanceId }) => [InstanceId],
  state: ({ State }) => [State],
};

/**
 * Lists which instances have which instance profiles.
 * @throws AwsError InvalidAssociationID.NotFound, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeIamInstanceProfileAssociations.html
 */
export async function describeIamInstanceProfileAssociations(
  input: DescribeIamInstanceProfileAssociationsRequest,
  context: ReadOnlyContext,
): Promise<DescribeIamInstanceProfileAssociationsResult> {
  forbidPagesWithIds('associationIdsSet', input.AssociationIds, input);
  const { read, caller } = context;
  const matches = predicateFrom(input.Filters, filterTable);
  const ids = [...new Set(input.AssociationIds ?? [])];
  const instances = ids.length > 0 ? ids.map((id) => requireAssociation(id, context)) : read.list(Instance, caller.namespace);
  const associations = instances
    .flatMap((instance) => sdkAssociationFrom(instance, profileOfReference(instance.spec.iamInstanceProfile ?? '', caller.namespace, read), caller.accountId) ?? [])
    .filter(matches);
  const scope = pageScopeOf('DescribeIamInstanceProfileAssociations', context);
  const page = pageOf(associations, input, { minimum: 5, maximum: 1000 }, scope, ({ AssociationId }) => AssociationId ?? '');
  return { IamInstanceProfileAssociations: page.items, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}
