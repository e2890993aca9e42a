import { AutoScalingGroup, Instance, LaunchConfiguration, ScalingPolicy, ScheduledAction } from '../../kubernetes/resources.ts';
import type { Access, OperationTable } from '../operation.ts';
import { describeScalingActivities } from './activities/DescribeScalingActivities.ts';
import { createAutoScalingGroup } from './groups/CreateAutoScalingGroup.ts';
import { deleteAutoScalingGroup } from './groups/DeleteAutoScalingGroup.ts';
import { describeAutoScalingGroups } from './groups/DescribeAutoScalingGroups.ts';
import { setDesiredCapacity } from './groups/SetDesiredCapacity.ts';
import { updateAutoScalingGroup } from './groups/UpdateAutoScalingGroup.ts';
import { cancelInstanceRefresh } from './instance-refreshes/CancelInstanceRefresh.ts';
import { describeInstanceRefreshes } from './instance-refreshes/DescribeInstanceRefreshes.ts';
import { rollbackInstanceRefresh } from './instance-refreshes/RollbackInstanceRefresh.ts';
import { startInstanceRefresh } from './instance-refreshes/StartInstanceRefresh.ts';
import { attachInstances } from './instances/AttachInstances.ts';
import { describeAutoScalingInstances } from './instances/DescribeAutoScalingInstances.ts';
import { detachInstances } from './instances/DetachInstances.ts';
import { enterStandby } from './instances/EnterStandby.ts';
import { exitStandby } from './instances/ExitStandby.ts';
import { setInstanceHealth } from './instances/SetInstanceHealth.ts';
import { setInstanceProtection } from './instances/SetInstanceProtection.ts';
import { terminateInstanceInAutoScalingGroup } from './instances/TerminateInstanceInAutoScalingGroup.ts';
import { createLaunchConfiguration } from './launch-configurations/CreateLaunchConfiguration.ts';
import { deleteLaunchConfiguration } from './launch-configurations/DeleteLaunchConfiguration.ts';
import { describeLaunchConfigurations } from './launch-configurations/DescribeLaunchConfigurations.ts';
import { completeLifecycleAction } from './lifecycle-hooks/CompleteLifecycleAction.ts';
import { deleteLifecycleHook } from './lifecycle-hooks/DeleteLifecycleHook.ts';
import { describeLifecycleHookTypes } from './lifecycle-hooks/DescribeLifecycleHookTypes.ts';
import { describeLifecycleHooks } from './lifecycle-hooks/DescribeLifecycleHooks.ts';
import { putLifecycleHook } from './lifecycle-hooks/PutLifecycleHook.ts';
import { recordLifecycleActionHeartbeat } from './lifecycle-hooks/RecordLifecycleActionHeartbeat.ts';
import { describeAccountLimits } from './limits/DescribeAccountLimits.ts';
import { describeAdjustmentTypes } from './limits/DescribeAdjustmentTypes.ts';
import { describeTerminationPolicyTypes } from './limits/DescribeTerminationPolicyTypes.ts';
import { attachLoadBalancerTargetGroups } from './load-balancers/AttachLoadBalancerTargetGroups.ts';
import { attachLoadBalancers } from './load-balancers/AttachLoadBalancers.ts';
import { attachTrafficSources } from './load-balancers/AttachTrafficSources.ts';
import { describeLoadBalancerTargetGroups } from './load-balancers/DescribeLoadBalancerTargetGroups.ts';
import { describeLoadBalancers } from './load-balancers/DescribeLoadBalancers.ts';
import { describeTrafficSources } from './load-balancers/DescribeTrafficSources.ts';
import { detachLoadBalancerTargetGroups } from './load-balancers/DetachLoadBalancerTargetGroups.ts';
import { detachLoadBalancers } from './load-balancers/DetachLoadBalancers.ts';
import { detachTrafficSources } from './load-balancers/DetachTrafficSources.ts';
import { describeMetricCollectionTypes } from './metrics/DescribeMetricCollectionTypes.ts';
import { disableMetricsCollection } from './metrics/DisableMetricsCollection.ts';
import { enableMetricsCollection } from './metrics/EnableMetricsCollection.ts';
import { deleteNotificationConfiguration } from './notifications/DeleteNotificationConfiguration.ts';
import { describeAutoScalingNotificationTypes } from './notifications/DescribeAutoScalingNotificationTypes.ts';
import { describeNotificationConfigurations } from './notifications/DescribeNotificationConfigurations.ts';
import { putNotificationConfiguration } from './notifications/PutNotificationConfiguration.ts';
import { deletePolicy } from './policies/DeletePolicy.ts';
import { describePolicies } from './policies/DescribePolicies.ts';
import { executePolicy } from './policies/ExecutePolicy.ts';
import { putScalingPolicy } from './policies/PutScalingPolicy.ts';
import { describeScalingProcessTypes } from './processes/DescribeScalingProcessTypes.ts';
import { resumeProcesses } from './processes/ResumeProcesses.ts';
import { suspendProcesses } from './processes/SuspendProcesses.ts';
import { batchDeleteScheduledAction } from './schedules/BatchDeleteScheduledAction.ts';
import { batchPutScheduledUpdateGroupAction } from './schedules/BatchPutScheduledUpdateGroupAction.ts';
import { deleteScheduledAction } from './schedules/DeleteScheduledAction.ts';
import { describeScheduledActions } from './schedules/DescribeScheduledActions.ts';
import { putScheduledUpdateGroupAction } from './schedules/PutScheduledUpdateGroupAction.ts';
import { createOrUpdateTags } from './tags/CreateOrUpdateTags.ts';
import { deleteTags } from './tags/DeleteTags.ts';
import { describeTags } from './tags/DescribeTags.ts';
import { deleteWarmPool } from './warm-pools/DeleteWarmPool.ts';
import { describeWarmPool } from './warm-pools/DescribeWarmPool.ts';
import { putWarmPool } from './warm-pools/PutWarmPool.ts';

const group = (verb: Access['verb']): Access => ({ verb, resource: AutoScalingGroup });
const policy = (verb: Access['verb']): Access => ({ verb, resource: ScalingPolicy });
const scheduled = (verb: Access['verb']): Access => ({ verb, resource: ScheduledAction });

/**
 * Every Auto Scaling action that is implemented: wire name -> function and what the caller must be allowed to do. Sorted by name. Who makes a group makes
 * instances; what is asked of single instances changes them.
 */
export const autoScalingOperations = {
  AttachInstances: { run: attachInstances, access: [{ verb: 'patch', resource: AutoScalingGroup }, { verb: 'patch', resource: Instance }] },
  AttachLoadBalancerTargetGroups: { run: attachLoadBalancerTargetGroups, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  AttachLoadBalancers: { run: attachLoadBalancers, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  AttachTrafficSources: { run: attachTrafficSources, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  BatchDeleteScheduledAction: { run: batchDeleteScheduledAction, access: [group('get'), scheduled('delete')] },
  BatchPutScheduledUpdateGroupAction: { run: batchPutScheduledUpdateGroupAction, access: [group('get'), scheduled('get'), scheduled('create'), scheduled('patch')] },
  CancelInstanceRefresh: { run: cancelInstanceRefresh, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  CompleteLifecycleAction: { run: completeLifecycleAction, access: [{ verb: 'patch', resource: Instance }] },
  CreateAutoScalingGroup: { run: createAutoScalingGroup, access: [{ verb: 'create', resource: AutoScalingGroup }, { verb: 'create', resource: Instance }] },
  CreateLaunchConfiguration: { run: createLaunchConfiguration, access: [{ verb: 'create', resource: LaunchConfiguration }] },
  CreateOrUpdateTags: { run: createOrUpdateTags, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  DeleteAutoScalingGroup: { run: deleteAutoScalingGroup, access: [{ verb: 'delete', resource: AutoScalingGroup }] },
  DeleteLaunchConfiguration: { run: deleteLaunchConfiguration, access: [{ verb: 'delete', resource: LaunchConfiguration }] },
  DeleteLifecycleHook: { run: deleteLifecycleHook, access: [{ verb: 'patch', resource: AutoScalingGroup }, { verb: 'patch', resource: Instance }] },
  DeleteNotificationConfiguration: { run: deleteNotificationConfiguration, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  DeletePolicy: { run: deletePolicy, access: [group('get'), policy('delete')] },
  DeleteScheduledAction: { run: deleteScheduledAction, access: [group('get'), scheduled('delete')] },
  DeleteTags: { run: deleteTags, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  DeleteWarmPool: { run: deleteWarmPool, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  DescribeAccountLimits: { run: describeAccountLimits, access: [{ verb: 'list', resource: AutoScalingGroup }, { verb: 'list', resource: LaunchConfiguration }] },
  DescribeAdjustmentTypes: { run: describeAdjustmentTypes, access: [] },
  DescribeAutoScalingGroups: { run: describeAutoScalingGroups, access: [{ verb: 'list', resource: AutoScalingGroup }, { verb: 'list', resource: Instance }] },
  DescribeAutoScalingInstances: { run: describeAutoScalingInstances, access: [{ verb: 'list', resource: AutoScalingGroup }, { verb: 'list', resource: Instance }] },
  DescribeAutoScalingNotificationTypes: { run: describeAutoScalingNotificationTypes, access: [] },
  DescribeInstanceRefreshes: { run: describeInstanceRefreshes, access: [{ verb: 'list', resource: AutoScalingGroup }] },
  DescribeLaunchConfigurations: { run: describeLaunchConfigurations, access: [{ verb: 'list', resource: LaunchConfiguration }] },
  DescribeLifecycleHookTypes: { run: describeLifecycleHookTypes, access: [] },
  DescribeLifecycleHooks: { run: describeLifecycleHooks, access: [{ verb: 'list', resource: AutoScalingGroup }] },
  DescribeLoadBalancerTargetGroups: { run: describeLoadBalancerTargetGroups, access: [{ verb: 'list', resource: AutoScalingGroup }, { verb: 'list', resource: Instance }] },
  DescribeLoadBalancers: { run: describeLoadBalancers, access: [{ verb: 'list', resource: AutoScalingGroup }] },
  DescribeMetricCollectionTypes: { run: describeMetricCollectionTypes, access: [] },
  DescribeNotificationConfigurations: { run: describeNotificationConfigurations, access: [{ verb: 'list', resource: AutoScalingGroup }] },
  DescribePolicies: { run: describePolicies, access: [group('get'), policy('list')] },
  DescribeScalingActivities: { run: describeScalingActivities, access: [{ verb: 'list', resource: AutoScalingGroup }, { verb: 'list', resource: Instance }] },
  DescribeScalingProcessTypes: { run: describeScalingProcessTypes, access: [] },
  DescribeScheduledActions: { run: describeScheduledActions, access: [group('get'), scheduled('list')] },
  DescribeTags: { run: describeTags, access: [{ verb: 'list', resource: AutoScalingGroup }] },
  DescribeTerminationPolicyTypes: { run: describeTerminationPolicyTypes, access: [] },
  DescribeTrafficSources: { run: describeTrafficSources, access: [{ verb: 'list', resource: AutoScalingGroup }, { verb: 'list', resource: Instance }] },
  DescribeWarmPool: { run: describeWarmPool, access: [{ verb: 'list', resource: AutoScalingGroup }, { verb: 'list', resource: Instance }] },
  DetachInstances: { run: detachInstances, access: [{ verb: 'patch', resource: AutoScalingGroup }, { verb: 'patch', resource: Instance }] },
  DetachLoadBalancerTargetGroups: { run: detachLoadBalancerTargetGroups, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  DetachLoadBalancers: { run: detachLoadBalancers, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  DetachTrafficSources: { run: detachTrafficSources, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  DisableMetricsCollection: { run: disableMetricsCollection, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  EnableMetricsCollection: { run: enableMetricsCollection, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  EnterStandby: { run: enterStandby, access: [{ verb: 'patch', resource: AutoScalingGroup }, { verb: 'patch', resource: Instance }] },
  ExecutePolicy: { run: executePolicy, access: [group('get'), policy('get'), policy('patch')] },
  ExitStandby: { run: exitStandby, access: [{ verb: 'patch', resource: AutoScalingGroup }, { verb: 'patch', resource: Instance }] },
  PutLifecycleHook: { run: putLifecycleHook, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  PutNotificationConfiguration: { run: putNotificationConfiguration, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  PutScalingPolicy: { run: putScalingPolicy, access: [group('get'), policy('get'), policy('create'), policy('patch')] },
  PutScheduledUpdateGroupAction: { run: putScheduledUpdateGroupAction, access: [group('get'), scheduled('get'), scheduled('create'), scheduled('patch')] },
  PutWarmPool: { run: putWarmPool, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  RecordLifecycleActionHeartbeat: { run: recordLifecycleActionHeartbeat, access: [{ verb: 'patch', resource: Instance }] },
  ResumeProcesses: { run: resumeProcesses, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  RollbackInstanceRefresh: { run: rollbackInstanceRefresh, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  SetDesiredCapacity: { run: setDesiredCapacity, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  SetInstanceHealth: { run: setInstanceHealth, access: [{ verb: 'patch', resource: Instance }] },
  SetInstanceProtection: { run: setInstanceProtection, access: [{ verb: 'patch', resource: Instance }] },
  StartInstanceRefresh: { run: startInstanceRefresh, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  SuspendProcesses: { run: suspendProcesses, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
  TerminateInstanceInAutoScalingGroup: { run: terminateInstanceInAutoScalingGroup, access: [{ verb: 'patch', resource: AutoScalingGroup }, { verb: 'patch', resource: Instance }] },
  UpdateAutoScalingGroup: { run: updateAutoScalingGroup, access: [{ verb: 'patch', resource: AutoScalingGroup }] },
} satisfies OperationTable;
