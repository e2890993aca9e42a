import type { UntagResourceInput, UntagResourceOutput } from '@aws-sdk/client-cloudwatch';
import type { OperationContext } from '../../operation.ts';
import { changeAlarm } from '../alarms/find-alarms.ts';
import { alarmOfArn } from './monitoring-tags.ts';

/**
 * Takes tags from an alarm; keys that it does not have are passed over.
 * @throws AwsError ResourceNotFoundException, InvalidParameterValue
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_UntagResource.html
 */
export async function untagResource({ ResourceARN, TagKeys = [] }: UntagResourceInput, context: OperationContext): Promise<UntagResourceOutput> {
  const { name } = alarmOfArn(ResourceARN, context);
  await changeAlarm(name, ({ tags = [] }) => ({ tags: tags.filter(({ key }) => !TagKeys.includes(key)) }), context);
  return {};
}
