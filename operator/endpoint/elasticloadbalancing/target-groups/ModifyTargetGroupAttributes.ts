import type { ModifyTargetGroupAttributesInput, ModifyTargetGroupAttributesOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { OperationContext } from '../../operation.ts';
import { validationError } from '../../model-constraints.ts';
import { attributesOf, knownAttributes } from './attributes.ts';
import { changeTargetGroup, requireTargetGroup } from './find-target-groups.ts';

/**
 * Records attributes of a target group.
 * @throws AwsError TargetGroupNotFound, ValidationError - an attribute that the group's protocol does not have
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroupAttributes.html
 */
export async function modifyTargetGroupAttributes({ TargetGroupArn, Attributes = [] }: ModifyTargetGroupAttributesInput, context: OperationContext): Promise<ModifyTargetGroupAttributesOutput> {
  const group = requireTargetGroup(TargetGroupArn, context);
  const known = knownAttributes(group.spec.protocol);
  const wanted = Attributes.map(({ Key: key = '', Value: value = '' }) => {
    if (!Object.hasOwn(known, key)) throw validationError(`Target group attribute key '${key.slice(0, 100)}' is not recognized`);
    if (value.length > 1024) throw validationError(`The value of '${key}' is too long`);
    return { key, value };
  });
  const keys = new Set(wanted.map(({ key }) => key));
  const changed = await changeTargetGroup(group, ({ attributes = [] }) => ({ attributes: [...attributes.filter(({ key }) => !keys.has(key)), ...wanted] }), context);
  return { Attributes: attributesOf(changed.spec) };
}
