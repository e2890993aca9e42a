import { isArnOf, targetGroupNameOf } from '../../../api/network/target-group.ts';
import { TargetGroup } from '../../../kubernetes/resources.ts';
import type { Json } from '../../../kubernetes/write.ts';
import { isConflict, isNotFound } from '../../../kubernetes/errors.ts';
import { inTurn } from '../../ec2/in-turn.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext, ReadOnlyContext } from '../../operation.ts';
import { validationError } from '../../model-constraints.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller' | 'region'>;
const TRIES = 8;

/** Elastic Load Balancing's answer for what does not exist. */
export function targetGroupNotFound(): AwsError {
  return new AwsError('TargetGroupNotFound', 'One or more target groups not found');
}

/** The target group of a name. */
export function targetGroupOfName(name: string, { read, caller }: Lookup): TargetGroup | undefined {
  return read.list(TargetGroup, caller.namespace).find((group) => targetGroupNameOf(group) === name);
}

/** @throws AwsError ValidationError - no ARN of a target group; TargetGroupNotFound */
export function requireTargetGroup(arn: string | undefined, { read, caller, region }: Lookup): TargetGroup {
  const text = arn ?? '';
  if (!/^arn:aws:elasticloadbalancing:[^:]*:[0-9]*:targetgroup\/[^/]+\/[^/]+$/.test(text)) throw validationError(`'${text.slice(0, 200)}' is not a valid target group ARN`);
  const isOurs = text.startsWith(`arn:aws:elasticloadbalancing:${region}:${caller.accountId}:`);
  const group = isOurs ? read.list(TargetGroup, caller.namespace).find((candidate) => isArnOf(candidate, text)) : undefined;
  if (group) return group;
  throw targetGroupNotFound();
}

/** Changes the spec of a target group as `change` says of the newest one there is; others' changes in between are not lost. @throws AwsError TargetGroupNotFound */
export async function changeTargetGroup(group: TargetGroup, change: (spec: TargetGroup['spec']) => Json | undefined, { write, live }: OperationContext): Promise<TargetGroup> {
  const { namespace, name, uid } = group.metadata;
  return inTurn(`${namespace ?? ''}/TargetGroup/${name}`, async () => {
    let current: TargetGroup | undefined = await live.fetch(TargetGroup, { namespace, name });
    for (let tried = 1; ; tried += 1) {
      if (!current || current.metadata.uid !== uid) throw targetGroupNotFound();
      const spec = change(current.spec);
      if (spec === undefined) return current;
      try {
        return await write.patch(TargetGroup, { namespace, name }, { metadata: { resourceVersion: current.metadata.resourceVersion }, spec });
      } catch (error) {
        if ((!isConflict(error) && !isNotFound(error)) || tried === TRIES) throw error;
        current = await live.fetch(TargetGroup, { namespace, name });
      }
    }
  });
}
