import type { LaunchFacts } from '../../operator/api/compute/launch-draft.ts';
import { anAmi } from './cluster-objects.ts';

/** What a launch of a usual image on a usual type is judged by. */
export function launchFacts(more: Partial<LaunchFacts> = {}): LaunchFacts {
  return {
    ami: anAmi('ami-00000000000000001'),
    type: { name: 't3.micro', architecture: 'x86_64', vcpus: 2, threadsPerCore: 1, isBurstable: true },
    metadataDefaults: undefined,
    snapshotSizeOf: () => undefined,
    requireClassFor: () => undefined,
    ...more,
  };
}
