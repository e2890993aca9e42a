import type { DescribeCapacityReservationsRequest, DescribeCapacityReservationsResult } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireNothing, type AbsentKind } from '../nothing-of-a-kind.ts';

const reservations: AbsentKind = {
  operation: 'DescribeCapacityReservations',
  bounds: { minimum: 1, maximum: 1000 },
  ids: {
    prefix: 'cr-',
    malformedCode: 'InvalidCapacityReservationId.Malformed',
    notFoundCode: 'InvalidCapacityReservationId.NotFound',
    what: 'capacity reservation',
  },
  filterNames: [
    'availability-zone',
    'end-date',
    'end-date-type',
    'instance-match-criteria',
    'instance-platform',
    'instance-type',
    'outpost-arn',
    'owner-id',
    'placement-group-arn',
    'start-date',
    'state',
    'tenancy',
  ],
};

/**
 * Lists Capacity Reservations: none, as nobody can make one.
 * @throws AwsError InvalidCapacityReservationId.*, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeCapacityReservations.html
 */
export async function describeCapacityReservations(
  { CapacityReservationIds, ...input }: DescribeCapacityReservationsRequest,
  context: ReadOnlyContext,
): Promise<DescribeCapacityReservationsResult> {
  requireNothing(reservations, { ...input, ids: CapacityReservationIds }, context);
  return { CapacityReservations: [] };
}
