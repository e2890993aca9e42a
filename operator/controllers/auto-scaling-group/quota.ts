import { isEnding } from '../../api/auto-scaling/auto-scaling-member.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Account, Instance, VirtualMachineClusterInstancetype } from '../../kubernetes/resources.ts';

/** How many more instances of a type the account's quotas allow, and EC2's words for why there are no more. */
export interface Room {
  instances: number;
  message: string;
}

/** Room for instances of a type in the quotas of the account whose namespace this is. */
export function roomFor(instanceType: string, namespace: string | undefined, read: Read): Room {
  const quotas = read.list(Account).find(({ metadata, spec }) => (spec.namespace ?? metadata.name) === namespace)?.spec.quotas ?? {};
  if (quotas.instances === undefined && quotas.vcpus === undefined) return { instances: Number.POSITIVE_INFINITY, message: '' };
  const vcpusOf = (type: string): number => read.get(VirtualMachineClusterInstancetype, { name: type })?.spec.cpu.guest ?? 0;
  const living = read.list(Instance, namespace).filter((instance) => !isEnding(instance));
  const usedVcpus = living.filter(({ status }) => status?.state === undefined || ['pending', 'running'].includes(status.state)).reduce((sum, { spec }) => sum + vcpusOf(spec.instanceType), 0);
  const byInstances = Math.max(0, (quotas.instances ?? Number.POSITIVE_INFINITY) - living.length);
  const byVcpus = Math.max(0, Math.floor(((quotas.vcpus ?? Number.POSITIVE_INFINITY) - usedVcpus) / Math.max(1, vcpusOf(instanceType))));
  if (byInstances <= byVcpus) {
    return { instances: byInstances, message: `You have requested more instances (${String(living.length + byInstances + 1)}) than your current instance limit of ${String(quotas.instances)} allows for the specified instance type.` };
  }
  return {
    instances: byVcpus,
    message: `You have requested more vCPU capacity than your current vCPU limit of ${String(quotas.vcpus)} allows for the instance bucket that the specified instance type belongs to.`,
  };
}
