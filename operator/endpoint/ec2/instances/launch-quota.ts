import { Instance } from '../../../kubernetes/resources.ts';
import type { Read } from '../../../kubernetes/read.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { accountOf } from '../indexes.ts';
import { findInstanceType } from '../../../kubernetes/instance-type-facts.ts';
import { plannedNotYetCached } from './launches-in-flight.ts';
import { shownStateOf } from './shown-state.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** What a launch asks for: between `minimum` and `maximum` instances of `vcpus` each. */
export interface LaunchCount {
  minimum: number;
  maximum: number;
  vcpus: number;
}

interface Usage {
  instances: number;
  vcpus: number;
}

/**
 * How many instances of a launch the account's quotas allow, at most `maximum`. Another call with the same client token, under way at the same time,
 * is the same launch and takes nothing away.
 * @throws AwsError InstanceLimitExceeded, VcpuLimitExceeded - if that is fewer than `minimum`
 */
export function allowedCount({ minimum, maximum, vcpus }: LaunchCount, reservationId: string, { read, caller }: Lookup): number {
  const quotas = accountOf(read, caller.accountId)?.spec.quotas ?? {};
  if (quotas.instances === undefined && quotas.vcpus === undefined) return maximum;
  const usage = usageOf(caller.namespace, read, reservationId);
  const byInstances = (quotas.instances ?? Number.POSITIVE_INFINITY) - usage.instances;
  const byVcpus = Math.floor(((quotas.vcpus ?? Number.POSITIVE_INFINITY) - usage.vcpus) / vcpus);
  if (byInstances < minimum) throw instanceLimitExceeded(usage.instances + minimum, quotas.instances);
  if (byVcpus < minimum) throw vcpuLimitExceeded(quotas.vcpus);
  return Math.min(maximum, byInstances, byVcpus);
}

/** Stopped instances do not count against the vCPU quota: to start them needs room. @throws AwsError VcpuLimitExceeded */
export function requireVcpus(starting: readonly Instance[], { read, caller }: Lookup): void {
  const limit = accountOf(read, caller.accountId)?.spec.quotas.vcpus;
  if (limit === undefined || starting.length === 0) return;
  const needed = starting.reduce((sum, { spec }) => sum + vcpusOf(spec.instanceType, read), 0);
  if (usageOf(caller.namespace, read).vcpus + needed > limit) throw vcpuLimitExceeded(limit);
}

/** EC2's refusal when an account has as many instances as it may have. */
export function instanceLimitExceeded(requested: number | undefined, limit: number | undefined): AwsError {
  const numbers = requested === undefined || limit === undefined ? ['', ''] : [` (${requested})`, ` of ${limit}`];
  return new AwsError(
    'InstanceLimitExceeded',
    `You have requested more instances${numbers[0]} than your current instance limit${numbers[1]} allows for the specified instance type.`,
  );
}

function vcpuLimitExceeded(limit: number | undefined): AwsError {
  return new AwsError(
    'VcpuLimitExceeded',
    `You have requested more vCPU capacity than your current vCPU limit of ${limit ?? 0} allows for the instance bucket that the specified instance type belongs to.`,
  );
}

function usageOf(namespace: string, read: Read, ownReservationId?: string): Usage {
  const usage: Usage = { instances: 0, vcpus: 0 };
  for (const instance of read.list(Instance, namespace)) {
    const state = shownStateOf(instance);
    if (state === 'terminated' || state === 'shutting-down') continue;
    usage.instances += 1;
    if (state === 'pending' || state === 'running') usage.vcpus += vcpusOf(instance.spec.instanceType, read);
  }
  for (const planned of plannedNotYetCached(read)) {
    if (planned.namespace !== namespace || planned.reservationId === ownReservationId) continue;
    usage.instances += 1;
    usage.vcpus += planned.vcpus;
  }
  return usage;
}

function vcpusOf(instanceType: string, read: Read): number {
  return findInstanceType(read, instanceType)?.vcpus ?? 0;
}
