import type { ActivitiesType, DescribeScalingActivitiesType, Filter } from '@aws-sdk/client-auto-scaling';
import { activitiesOf } from '../../../api/auto-scaling/auto-scaling-activities.ts';
import type { Activity } from '../../../api/auto-scaling/auto-scaling-activity.ts';
import type { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { groupsOf, membersOf, requireGroup } from '../groups/find-group.ts';
import { matcherFrom } from '../filters.ts';
import { recordsPage } from '../record-pages.ts';
import { validationError } from '../../model-constraints.ts';
import { sdkActivityFrom } from './sdk-activity.ts';

interface Told {
  group: AutoScalingGroup;
  activity: Activity;
}

const LOWER = 'StartTimeLowerBound';
const UPPER = 'StartTimeUpperBound';
/** Beyond any time, so that the difference sorts the newest first. */
const LATEST = 9e15;

/**
 * Lists what groups do and did, newest first. Activities of an instance show as long as its resource is there: an hour after its end.
 * @throws AwsError ValidationError, InvalidNextToken
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html
 */
export async function describeScalingActivities(input: DescribeScalingActivitiesType, context: ReadOnlyContext): Promise<ActivitiesType> {
  const groups = input.AutoScalingGroupName ? [requireGroup(input.AutoScalingGroupName, context)] : groupsOf(context);
  const ids = new Set(input.ActivityIds);
  const matches = matcherFrom<Told>(
    (input.Filters ?? []).filter(({ Name }) => Name !== LOWER && Name !== UPPER),
    { Status: ({ activity }) => [activity.statusCode] },
  );
  const from = boundOf(input.Filters, LOWER) ?? 0;
  const until = boundOf(input.Filters, UPPER) ?? LATEST;
  const isWithin = ({ activity }: Told): boolean => Date.parse(activity.startTime) >= from && Date.parse(activity.startTime) <= until;
  const told = groups.flatMap((group): Told[] => activitiesOf(group, membersOf(group, context)).map((activity) => ({ group, activity })));
  const wanted = told.filter((item) => (ids.size === 0 || ids.has(item.activity.activityId)) && matches(item) && isWithin(item));
  const keyOf = ({ activity }: Told): string => `${LATEST - Date.parse(activity.startTime)}/${activity.activityId}`;
  const page = recordsPage(wanted, input, 'DescribeScalingActivities', context, keyOf, { maximum: 100, fallback: 100 });
  return { Activities: page.items.map(({ group, activity }) => sdkActivityFrom(activity, group, context)), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

/** The time that a filter names, milliseconds since the epoch. @throws AwsError ValidationError */
function boundOf(filters: readonly Filter[] | undefined, name: string): number | undefined {
  const text = filters?.find(({ Name }) => Name === name)?.Values?.[0];
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw validationError(`Invalid value '${text}' for the filter ${name}.`);
  return time;
}
