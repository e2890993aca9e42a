import type { Read } from '../../../kubernetes/read.ts';
import type { Instance } from '../../../kubernetes/resources.ts';
import { findInstanceType } from '../../../kubernetes/instance-type-facts.ts';

/**
 * The credit option of an instance of a burstable type; undefined for any other. Without a choice it is what EC2 takes: standard for T2, unlimited
 * for what came after. No credits are taken here.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode-concepts.html
 */
export function creditsOf({ spec, status }: Instance, read: Read): 'standard' | 'unlimited' | undefined {
  const type = findInstanceType(read, status?.instanceType ?? spec.instanceType);
  if (!type?.isBurstable) return undefined;
  return spec.creditSpecification ?? (type.name.startsWith('t2.') ? 'standard' : 'unlimited');
}
