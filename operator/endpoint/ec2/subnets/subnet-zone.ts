import type { Subnet } from '../../../kubernetes/resources.ts';
import { invalidParameterValue } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { zonesFrom } from '../zones/zones.ts';

/**
 * The zone of a new subnet: the one that is named, else that in which the VPC has the fewest, by name among equals.
 * @throws AwsError InvalidParameterValue - for a zone that no node has, or none at all
 */
export function zoneForSubnet(
  { AvailabilityZone, AvailabilityZoneId }: { AvailabilityZone?: string | undefined; AvailabilityZoneId?: string | undefined },
  siblings: readonly Subnet[],
  { read, region }: Pick<ReadOnlyContext, 'read' | 'region'>,
): string {
  const zones = zonesFrom(read, region);
  const fitting = zones.filter(({ name, id }) => (!AvailabilityZone || name === AvailabilityZone) && (!AvailabilityZoneId || id === AvailabilityZoneId));
  const countIn = (zone: string): number => siblings.filter(({ spec }) => spec.availabilityZone === zone).length;
  const [chosen] = fitting.map(({ name }) => name).sort((left, right) => countIn(left) - countIn(right) || (left < right ? -1 : 1));
  if (chosen !== undefined) return chosen;
  const names = zones.map(({ name }) => name).join(', ');
  throw invalidParameterValue('availabilityZone', [AvailabilityZone, AvailabilityZoneId].filter(Boolean).join(', '), `Subnets can currently only be created in the following availability zones: ${names}.`);
}
