import type { InstanceRequirementsRequest } from '@aws-sdk/client-ec2';
import { AwsError, missingParameter } from '../../errors.ts';
import { wildcardMatcher } from '../wildcard.ts';
import type { InstanceTypeFacts } from '../../../kubernetes/instance-type-facts.ts';

interface Range {
  Min?: number | undefined;
  Max?: number | undefined;
}

/**
 * Whether an instance type has the attributes that are asked for. What nobody here knows of a type (the maker of its CPU, its bandwidth) it does not have;
 * none has accelerators.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidParameterCombination
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceRequirements.html
 */
export function requirementsMatcher(requirements: InstanceRequirementsRequest): (type: InstanceTypeFacts) => boolean {
  const { VCpuCount, MemoryMiB, AllowedInstanceTypes = [], ExcludedInstanceTypes = [] } = requirements;
  if (VCpuCount?.Min === undefined) throw missingParameter('InstanceRequirements.VCpuCount.Min');
  if (MemoryMiB?.Min === undefined) throw missingParameter('InstanceRequirements.MemoryMiB.Min');
  if (AllowedInstanceTypes.length > 0 && ExcludedInstanceTypes.length > 0) {
    throw new AwsError('InvalidParameterCombination', 'AllowedInstanceTypes and ExcludedInstanceTypes cannot be specified together.');
  }
  for (const [name, range] of Object.entries({ VCpuCount, MemoryMiB, MemoryGiBPerVCpu: requirements.MemoryGiBPerVCpu })) requireOrder(name, range);
  const allowed = AllowedInstanceTypes.map(wildcardMatcher);
  const excluded = ExcludedInstanceTypes.map(wildcardMatcher);
  const generations = requirements.InstanceGenerations ?? [];
  if (asksForTheUnknown(requirements)) return () => false;
  return (type) =>
    isWithin(type.vcpus, VCpuCount) &&
    isWithin(type.memoryMiB, MemoryMiB) &&
    isWithin(type.memoryMiB / 1024 / type.vcpus, requirements.MemoryGiBPerVCpu) &&
    hasStorage(type, requirements) &&
    isFlag(type.isBurstable, requirements.BurstablePerformance ?? 'excluded') &&
    (generations.length === 0 || generations.includes(type.isCurrentGeneration ? 'current' : 'previous')) &&
    (allowed.length === 0 || allowed.some((matches) => matches(type.name))) &&
    !excluded.some((matches) => matches(type.name));
}

/** Attributes that no type here has, or that nobody knows of any. */
function asksForTheUnknown(requirements: InstanceRequirementsRequest): boolean {
  const { BareMetal, RequireHibernateSupport, CpuManufacturers = [], NetworkInterfaceCount } = requirements;
  const atLeastSome = [requirements.AcceleratorCount, requirements.AcceleratorTotalMemoryMiB, requirements.NetworkBandwidthGbps, requirements.BaselineEbsBandwidthMbps];
  return (
    BareMetal === 'required' ||
    RequireHibernateSupport === true ||
    CpuManufacturers.length > 0 ||
    (requirements.AcceleratorTypes ?? []).length > 0 ||
    (requirements.AcceleratorNames ?? []).length > 0 ||
    (requirements.AcceleratorManufacturers ?? []).length > 0 ||
    (NetworkInterfaceCount?.Min ?? 0) > 1 ||
    atLeastSome.some((range) => (range?.Min ?? 0) > 0)
  );
}

/** Disks of its own: nobody knows of what kind they are, so that whoever asks for one kind only gets none. */
function hasStorage({ storage }: InstanceTypeFacts, { LocalStorage = 'included', LocalStorageTypes = [], TotalLocalStorageGB }: InstanceRequirementsRequest): boolean {
  if (!isFlag(storage !== undefined, LocalStorage)) return false;
  if (TotalLocalStorageGB && !isWithin(storage === undefined ? 0 : storage.count * storage.sizeGB, TotalLocalStorageGB)) return false;
  return storage === undefined || LocalStorageTypes.length === 0 || ['hdd', 'ssd'].every((kind) => LocalStorageTypes.some((asked) => asked === kind));
}

function isFlag(isSo: boolean, wish: string): boolean {
  return wish === 'included' || (wish === 'required') === isSo;
}

function isWithin(value: number, range: Range | undefined): boolean {
  return value >= (range?.Min ?? -Infinity) && value <= (range?.Max ?? Infinity);
}

function requireOrder(name: string, range: Range | undefined): void {
  if ((range?.Min ?? 0) <= (range?.Max ?? Infinity) && (range?.Min ?? 0) >= 0) return;
  throw new AwsError('InvalidParameterValue', `The minimum of InstanceRequirements.${name} must not be greater than its maximum, nor negative.`);
}
