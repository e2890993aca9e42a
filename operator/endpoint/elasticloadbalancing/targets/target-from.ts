import { isIPv4 } from 'node:net';
import type { TargetDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { isServableAddress, type Target, type TargetGroup } from '../../../api/network/target-group.ts';
import { instancesById, withinNamespace } from '../../ec2/indexes.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { validationError, wholeWithin } from '../../model-constraints.ts';

/** Targets of a request as they are kept. @throws AwsError ValidationError, InvalidTarget - what does not exist, or is no IPv4 address */
export function targetsFrom(descriptions: readonly TargetDescription[] | undefined, { spec }: TargetGroup, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): Target[] {
  if (!descriptions || descriptions.length === 0) throw validationError('At least one target must be specified');
  return descriptions.map(({ Id: id = '', Port }) => {
    const port = Port === undefined ? {} : { port: wholeWithin(Port, 'Port', 1, 65_535) };
    if (spec.targetType === 'ip') {
      if (isIPv4(id) && isServableAddress(id)) return { id, ...port };
      throw new AwsError('InvalidTarget', `The IP address '${id.slice(0, 64)}' is not an IPv4 address that traffic can be sent to`);
    }
    const [instance] = read.byIndex(instancesById, withinNamespace(caller.namespace, id));
    if (!instance) throw new AwsError('InvalidTarget', `The following targets are not in a running state and cannot be registered: '${id.slice(0, 64)}'`);
    return { id, ...port };
  });
}

/** Whether two say the same target, the group's port standing for none. */
export function isSameTarget(one: Target, other: Target, groupPort: number): boolean {
  return one.id === other.id && (one.port ?? groupPort) === (other.port ?? groupPort);
}
