import { createHash } from 'node:crypto';
import type { CreatePlacementGroupRequest, CreatePlacementGroupResult } from '@aws-sdk/client-ec2';
import { PARTITIONS_LIMIT, PlacementGroupDefinition, type PlacementGroupSpec } from '../../../api/compute/placement-group.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { PlacementGroup } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { placementGroupOfName } from './find-placement-group.ts';
import { sdkPlacementGroupFrom } from './sdk-placement-group.ts';

const NAME_LIMIT = 255;
/** EC2's own. */
const GROUPS_LIMIT = 500;

/**
 * Makes a placement group.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidParameterCombination, InvalidPlacementGroup.Duplicate, PlacementGroupLimitExceeded,
 *   UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreatePlacementGroup.html
 */
export async function createPlacementGroup(input: CreatePlacementGroupRequest, context: OperationContext): Promise<CreatePlacementGroupResult> {
  const groupName = requireName(input.GroupName);
  const strategy = strategyFrom(input);
  const partitionCount = partitionCountFrom(input);
  const tags = tagsFromSpecifications(input.TagSpecifications, 'placement-group');
  const { caller, read, write } = context;
  if (placementGroupOfName(groupName, context)) throw duplicate(groupName);
  if (read.list(PlacementGroup, caller.namespace).length >= GROUPS_LIMIT) {
    throw new AwsError('PlacementGroupLimitExceeded', `You have reached the limit of ${GROUPS_LIMIT} placement groups.`);
  }
  const group: PlacementGroup = {
    apiVersion: PlacementGroupDefinition.apiVersion,
    kind: PlacementGroupDefinition.kind,
    metadata: { name: placementGroupObjectName(groupName), namespace: caller.namespace },
    spec: { groupName, strategy, ...(partitionCount !== undefined && { partitionCount }), ...(tags.length > 0 && { tags }) },
  };
  const created = await write.create(PlacementGroup, group).catch((error: unknown) => {
    if (isAlreadyExists(error)) throw duplicate(groupName);
    throw error;
  });
  return { PlacementGroup: sdkPlacementGroupFrom(created, context) };
}

/** Name of the object for a group's name, which may hold characters that names of objects may not: of two calls at the same time one loses. */
export function placementGroupObjectName(groupName: string): string {
  return `placementgroup-${createHash('sha256').update(groupName).digest('hex').slice(0, 40)}`;
}

function requireName(name: string | undefined): string {
  if (!name) throw missingParameter('GroupName');
  if (name.length > NAME_LIMIT) throw invalidParameterValue('groupName', name.slice(0, 32), `Length exceeds maximum of ${NAME_LIMIT}.`);
  if (!/^[\x20-\x7e]+$/.test(name)) throw invalidParameterValue('groupName', name, 'Only ASCII characters are allowed.');
  return name;
}

function strategyFrom({ Strategy = 'cluster', SpreadLevel, LinkedGroupId, ParentGroupId, Operator }: CreatePlacementGroupRequest): PlacementGroupSpec['strategy'] {
  if (Strategy !== 'cluster' && Strategy !== 'spread' && Strategy !== 'partition') {
    if (Strategy === 'precision-time') throw new AwsError('UnsupportedOperation', `The strategy '${Strategy}' is not supported.`);
    throw invalidParameterValue('strategy', String(Strategy), 'It must be cluster, spread or partition.');
  }
  if (LinkedGroupId || ParentGroupId || Operator) throw new AwsError('UnsupportedOperation', 'Linked, nested and managed placement groups are not supported.');
  if (!SpreadLevel) return Strategy;
  if (Strategy !== 'spread') throw new AwsError('InvalidParameterCombination', 'The parameter SpreadLevel can be used only with the strategy spread.');
  if (SpreadLevel === 'host') throw new AwsError('UnsupportedOperation', "The spread level 'host' is for Outposts only.");
  if (SpreadLevel !== 'rack') throw invalidParameterValue('spreadLevel', String(SpreadLevel), 'It must be rack.');
  return Strategy;
}

function partitionCountFrom({ Strategy, PartitionCount }: CreatePlacementGroupRequest): number | undefined {
  if (PartitionCount === undefined) return undefined;
  if (Strategy !== 'partition') throw new AwsError('InvalidParameterCombination', 'The parameter PartitionCount can be used only with the strategy partition.');
  if (Number.isInteger(PartitionCount) && PartitionCount >= 1 && PartitionCount <= PARTITIONS_LIMIT) return PartitionCount;
  throw invalidParameterValue('partitionCount', String(PartitionCount), `It must be between 1 and ${PARTITIONS_LIMIT}.`);
}

function duplicate(groupName: string): AwsError {
  return new AwsError('InvalidPlacementGroup.Duplicate', `The Placement Group '${groupName}' already exists.`);
}
