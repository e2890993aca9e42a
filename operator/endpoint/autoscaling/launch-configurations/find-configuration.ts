import { createHash } from 'node:crypto';
import { launchConfigurationNameOf } from '../../../api/auto-scaling/launch-configuration.ts';
import { defineIndex } from '../../../kubernetes/read.ts';
import { LaunchConfiguration } from '../../../kubernetes/resources.ts';
import { withinNamespace } from '../../ec2/indexes.ts';
import type { ReadOnlyContext } from '../../operation.ts';

const configurationsByName = defineIndex(LaunchConfiguration, 'autoscaling.name', (configuration) => [withinNamespace(configuration.metadata.namespace, launchConfigurationNameOf(configuration))]);

/** Name of the resource of a launch configuration that the API makes. */
export function configurationResourceNameFor(name: string): string {
  if (name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) return name;
  return `lc-${createHash('sha256').update(name).digest('hex').slice(0, 17)}`;
}

/** The launch configuration of a name: of several the oldest. */
export function findConfiguration(name: string, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): LaunchConfiguration | undefined {
  const ageOf = ({ metadata }: LaunchConfiguration): string => `${metadata.creationTimestamp ?? ''}/${metadata.name}`;
  return read.byIndex(configurationsByName, withinNamespace(caller.namespace, name)).toSorted((left, right) => (ageOf(left) < ageOf(right) ? -1 : 1))[0];
}
