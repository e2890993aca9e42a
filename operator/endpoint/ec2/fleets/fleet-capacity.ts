import type { CreateFleetRequest } from '@aws-sdk/client-ec2';
import { AwsError, invalidParameterValue } from '../../errors.ts';

const CAPACITY_LIMIT = 1000;
const unsupported = (what: string): AwsError => new AwsError('UnsupportedOperation', `${what} not supported.`);

/**
 * Capacity units that a fleet of type instant is to launch, all of them On-Demand. What cannot be honoured is refused.
 * @throws AwsError UnsupportedOperation, InvalidParameterValue, InvalidParameterCombination
 */
export function fleetCapacityFrom(input: CreateFleetRequest): number {
  requireHonourable(input);
  const { TotalTargetCapacity = 0, OnDemandTargetCapacity, SpotTargetCapacity, DefaultTargetCapacityType } = input.TargetCapacitySpecification ?? {};
  if (!Number.isInteger(TotalTargetCapacity) || TotalTargetCapacity < 1 || TotalTargetCapacity > CAPACITY_LIMIT) {
    throw invalidParameterValue('TotalTargetCapacity', String(TotalTargetCapacity), `It must be between 1 and ${CAPACITY_LIMIT}.`);
  }
  if ((OnDemandTargetCapacity ?? 0) + (SpotTargetCapacity ?? 0) > TotalTargetCapacity) {
    throw new AwsError('InvalidParameterCombination', 'OnDemandTargetCapacity and SpotTargetCapacity must not exceed TotalTargetCapacity.');
  }
  if ((SpotTargetCapacity ?? 0) > 0) throw unsupported('Spot Instances are');
  const isAllOnDemand = DefaultTargetCapacityType === 'on-demand' || OnDemandTargetCapacity === TotalTargetCapacity;
  if (!isAllOnDemand) throw unsupported(`The target capacity type '${DefaultTargetCapacityType ?? 'spot'}' is`);
  return TotalTargetCapacity;
}

function requireHonourable({ Type = 'maintain', TargetCapacitySpecification: target, OnDemandOptions: options, ReservedCapacityOptions, ValidFrom, ValidUntil }: CreateFleetRequest): void {
  if (!['instant', 'maintain', 'request'].includes(Type)) throw invalidParameterValue('Type', Type, 'It must be instant, maintain or request.');
  if (Type !== 'instant') throw unsupported(`Fleets of type '${Type}' are`);
  if (target?.TargetCapacityUnitType && target.TargetCapacityUnitType !== 'units') throw unsupported(`The target capacity unit type '${target.TargetCapacityUnitType}' is`);
  if (options?.MinTargetCapacity !== undefined) throw unsupported('A minimum target capacity is');
  if (options?.SingleInstanceType || options?.SingleAvailabilityZone) throw unsupported('Limiting a fleet to a single instance type or Availability Zone is');
  if (options?.MaxTotalPrice) throw unsupported('A maximum total price is');
  if (options?.CapacityReservationOptions?.UsageStrategy || ReservedCapacityOptions?.ReservationTypes?.length) throw unsupported('Capacity Reservations are');
  if (ValidFrom || ValidUntil) throw new AwsError('InvalidParameterCombination', 'ValidFrom and ValidUntil are not valid for fleets of type instant.');
}
