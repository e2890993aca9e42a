import type { GetInstanceTypesFromInstanceRequirementsRequest, GetInstanceTypesFromInstanceRequirementsResult } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { missingParameter } from '../../errors.ts';
import { pageOf, pageScopeOf } from '../pages.ts';
import { instanceTypesOf } from '../../../kubernetes/instance-type-facts.ts';
import { requirementsMatcher } from './requirements.ts';

/**
 * Lists the instance types that have certain attributes.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetInstanceTypesFromInstanceRequirements.html
 */
export async function getInstanceTypesFromInstanceRequirements(input: GetInstanceTypesFromInstanceRequirementsRequest, context: ReadOnlyContext): Promise<GetInstanceTypesFromInstanceRequirementsResult> {
  const { ArchitectureTypes = [], VirtualizationTypes = [], InstanceRequirements } = input;
  if (!InstanceRequirements) throw missingParameter('InstanceRequirements');
  const matches = requirementsMatcher(InstanceRequirements);
  const isHvm = VirtualizationTypes.length === 0 || VirtualizationTypes.includes('hvm');
  const types = instanceTypesOf(context.read).filter((type) => isHvm && (ArchitectureTypes.length === 0 || ArchitectureTypes.includes(type.architecture)) && matches(type));
  const bounds = { minimum: 1, maximum: 1000, fallback: 1000 };
  const page = pageOf(types, input, bounds, pageScopeOf('GetInstanceTypesFromInstanceRequirements', context), ({ name }) => name);
  return { InstanceTypes: page.items.map(({ name }) => ({ InstanceType: name })), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}
