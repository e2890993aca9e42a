import type { DescribeInstanceStatusRequest, DescribeInstanceStatusResult, InstanceStatus, InstanceStatusSummary } from '@aws-sdk/client-ec2';
import { InstanceConditions } from '../../../api/compute/instance.ts';
import { Instance } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { requireInstances } from './find-instances.ts';
import { instanceViewer, sortKeyOf, type InstanceView } from './instance-view.ts';

interface StatusView {
  status: InstanceStatus;
  sortKey: string;
}

const none = (): readonly string[] => [];
const reachability = (summary: InstanceStatusSummary | undefined): (string | undefined)[] => (summary?.Details ?? []).map(({ Status }) => Status);

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html */
const statusFilters: FilterTable<StatusView> = {
  'application-status.status': none,
  'attached-ebs-status.status': none,
  'availability-zone': ({ status }) => [status.AvailabilityZone],
  'availability-zone-id': ({ status }) => [status.AvailabilityZoneId],
  'event.code': none,
  'event.description': none,
  'event.instance-event-id': none,
  'event.not-after': none,
  'event.not-before': none,
  'event.not-before-deadline': none,
  'instance-state-code': ({ status }) => [String(status.InstanceState?.Code)],
  'instance-state-name': ({ status }) => [status.InstanceState?.Name],
  'instance-status.reachability': ({ status }) => reachability(status.InstanceStatus),
  'instance-status.status': ({ status }) => [status.InstanceStatus?.Status],
  'operator.managed': () => ['false'],
  'operator.principal': none,
  'system-status.reachability': ({ status }) => reachability(status.SystemStatus),
  'system-status.status': ({ status }) => [status.SystemStatus?.Status],
};

/**
 * Tells the status checks of running instances, or of all with IncludeAllInstances. The controllers make the checks and write conditions.
 * @throws AwsError InvalidInstanceID.*, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html
 */
export async function describeInstanceStatus(input: DescribeInstanceStatusRequest, context: ReadOnlyContext): Promise<DescribeInstanceStatusResult> {
  forbidPagesWithIds('instancesSet', input.InstanceIds, input);
  const matches = predicateFrom(input.Filters, statusFilters);
  const instances = input.InstanceIds?.length ? requireInstances(input.InstanceIds, context) : context.read.list(Instance, context.caller.namespace);
  const statuses = instances
    .map(instanceViewer(context))
    .filter(({ sdk }) => input.IncludeAllInstances === true || sdk.State?.Name === 'running')
    .map((view): StatusView => ({ status: statusFrom(view), sortKey: sortKeyOf(view.instance) }))
    .filter(matches);
  const scope = pageScopeOf('DescribeInstanceStatus', context);
  const page = pageOf(statuses, input, { minimum: 5, maximum: 1000 }, scope, ({ sortKey }) => sortKey);
  return { InstanceStatuses: page.items.map(({ status }) => status), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

function statusFrom({ instance, sdk }: InstanceView): InstanceStatus {
  const { AvailabilityZone, AvailabilityZoneId } = sdk.Placement ?? {};
  return {
    InstanceId: sdk.InstanceId,
    InstanceState: sdk.State,
    AvailabilityZone,
    ...(AvailabilityZoneId !== undefined && { AvailabilityZoneId }),
    SystemStatus: summaryFrom(instance, InstanceConditions.systemStatusOk, sdk.State?.Name === 'running'),
    InstanceStatus: summaryFrom(instance, InstanceConditions.instanceStatusOk, sdk.State?.Name === 'running'),
    Events: [],
  };
}

function summaryFrom({ status }: Instance, type: string, isRunning: boolean): InstanceStatusSummary {
  if (!isRunning) return { Status: 'not-applicable' };
  const condition = status?.conditions?.find((candidate) => candidate.type === type);
  if (condition?.status === 'True') return { Status: 'ok', Details: [{ Name: 'reachability', Status: 'passed' }] };
  if (condition?.status === 'False') {
    const ImpairedSince = new Date(condition.lastTransitionTime);
    return { Status: 'impaired', Details: [{ Name: 'reachability', Status: 'failed', ImpairedSince }] };
  }
  const isStarting = condition === undefined || condition.reason === 'Initializing';
  const unknown = isStarting ? 'initializing' : 'insufficient-data';
  return { Status: unknown, Details: [{ Name: 'reachability', Status: unknown }] };
}
