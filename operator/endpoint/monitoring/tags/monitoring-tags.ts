import type { Tag as SdkTag } from '@aws-sdk/client-cloudwatch';
import type { Tag } from '../../../api/shared.ts';
import type { MetricAlarm } from '../../../kubernetes/resources.ts';
import { requireFewTags, tagsFrom } from '../../ec2/tag-rules.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireAlarm } from '../alarms/find-alarms.ts';
import { invalidParameter } from '../errors.ts';

/** Tags of a request, checked. @throws AwsError InvalidParameterValue */
export function monitoringTagsFrom(tags: readonly SdkTag[] | undefined): Tag[] {
  try {
    const list = tagsFrom(tags ?? [], 'Tags.member');
    requireFewTags(list);
    return list;
  } catch (error) {
    if (error instanceof AwsError) throw invalidParameter(error.message);
    throw error;
  }
}

/** The alarm of an ARN: of all that CloudWatch tags there are only alarms here. @throws AwsError ResourceNotFoundException, InvalidParameterValue */
export function alarmOfArn(arn: string | undefined, { region, ...context }: Pick<ReadOnlyContext, 'read' | 'caller' | 'region'>): { name: string; alarm: MetricAlarm } {
  const prefix = `arn:aws:cloudwatch:${region}:${context.caller.accountId}:alarm:`;
  if (arn?.startsWith('arn:aws:cloudwatch:') !== true) throw invalidParameter(`The value ${arn ?? ''} for parameter ResourceARN is invalid.`);
  const name = arn.startsWith(prefix) ? arn.slice(prefix.length) : '';
  try {
    return { name, alarm: requireAlarm(name, context) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError('ResourceNotFoundException', `Unknown resource ${arn}`, { status: 404, cause: error });
  }
}
