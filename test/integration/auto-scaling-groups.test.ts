import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import type { AutoScalingGroup } from '../../operator/api/auto-scaling/auto-scaling-group.ts';
import { REGION, sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { crashOperator } from '../support/operator-crash.ts';
import { ResponseChecker } from '../support/response-violations.ts';
import { openForEachTry } from '../support/tries.ts';

const GROUPS = '/apis/kube-ec2.io/v1alpha1';
const checker = new ResponseChecker('@aws-sdk/client-auto-scaling', sdk);

describe('Auto Scaling groups on the real control plane', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let namespace: string;
  let client: sdk.AutoScalingClient;

  /** Calls through the SDK and checks the answer against the model. */
  const call = async <Output extends object>(command: { constructor: { name: string } }): Promise<Output> => {
    const answer = await client.send(command as never);
    assert.deepEqual(checker.violations(command.constructor.name.replace(/Command$/, ''), answer as object), []);
    return answer as Output;
  };
  const path = (plural: string, name = ''): string => `${GROUPS}/namespaces/${namespace}/${plural}${name === '' ? '' : `/${name}`}`;
  const group = async (name: string): Promise<AutoScalingGroup> => cloud.controlPlane.client.get<AnyObject & AutoScalingGroup>(path('autoscalinggroups', name));
  const inService = async (name: string, count: number, seconds = 120): Promise<void> => {
    await eventually(`${name} has ${String(count)} in service`, seconds, async () => {
      const { status } = await group(name);
      if (status?.inService === count && status.pending === 0 && status.terminating === 0) return true;
      throw new Error(JSON.stringify(status));
    });
  };
  const instancesOf = async (name: string): Promise<sdk.Instance[]> =>
    (await call<sdk.DescribeAutoScalingGroupsCommandOutput>(new sdk.DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }))).AutoScalingGroups?.[0]?.Instances ?? [];

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('scaling');
    ({ namespace } = tenant.account);
    const { accessKeyId, secretAccessKey } = tenant.account;
    client = new sdk.AutoScalingClient({ endpoint: cloud.operator.endpointUrl, region: REGION, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 });
    const data = { imageId: 'instance-store', instanceType: 't3.nano' };
    await cloud.controlPlane.applier.apply([
      {
        apiVersion: 'kube-ec2.io/v1alpha1',
        kind: 'LaunchTemplate',
        metadata: { name: 'web', namespace },
        spec: { versions: [{ versionNumber: 1, launchTemplateData: data }, { versionNumber: 2, launchTemplateData: { ...data, instanceType: 't3.micro' } }] },
      },
      { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'AutoScalingGroup', metadata: { name: 'scaled', namespace }, spec: { launchTemplate: { launchTemplate: 'web' }, minSize: 0, maxSize: 5, desiredCapacity: 1 } },
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'scaled', namespace },
        spec: { scaleTargetRef: { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'AutoScalingGroup', name: 'scaled' }, minReplicas: 1, maxReplicas: 5, metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }] },
      },
    ]);
    await cloud.operator.hasSeen(await cloud.controlPlane.client.get(path('launchtemplates', 'web')));
  });
  after(() => client.destroy());

  it('come from a manifest, and are scaled with kubectl scale', async () => {
    const spec = { launchTemplate: { launchTemplate: 'web' }, minSize: 0, maxSize: 5, desiredCapacity: 3 };
    await cloud.controlPlane.applier.apply([
      { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'AutoScalingGroup', metadata: { name: 'web', namespace }, spec },
    ]);
    await inService('web', 3);
    await eventually('the endpoint shows them in three zones', 60, async () => {
      const zones = (await instancesOf('web')).map(({ AvailabilityZone }) => AvailabilityZone);
      assert.equal(new Set(zones).size, 3, zones.join());
      return true;
    });
    const scale = await cloud.controlPlane.client.patch(`${path('autoscalinggroups', 'web')}/scale`, 'merge', { spec: { replicas: 2 } });
    assert.deepEqual((scale['status'] as { selector: string }).selector, 'kube-ec2.io/auto-scaling-group=web');
    const { items } = await cloud.controlPlane.client.get<{ items: AnyObject[] }>(`/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent('kube-ec2.io/auto-scaling-group=web')}`);
    assert.ok(items.length >= 2, 'no pod of the group has its label');
    await inService('web', 2);
    // Nobody manages what ends: it is written with less.
    const members = await cloud.controlPlane.client.get<{ items: AnyObject[] }>(`${path('instances')}?labelSelector=${encodeURIComponent('kube-ec2.io/auto-scaling-group=web')}`);
    const managed = members.items.map(({ metadata, spec }) => [(spec as { powerState: string }).powerState, metadata['managedFields'] !== undefined]);
    assert.deepEqual(managed.sort(), [['running', true], ['running', true], ['terminated', false]]);
  });

  it('launch what a parameter stands for that their template names', async () => {
    const AutoScalingGroupName = `latest-${Date.now()}`;
    const parameter = '/images/of/this/test';
    await cloud.operator.hasSeen(await cloud.controlPlane.client.patch(path('amis', 'instance-store'), 'merge', { spec: { parameterPaths: [parameter] } }));
    const LaunchTemplateData = { ImageId: `resolve:ssm:${parameter}`, InstanceType: 't3.nano' as const };
    await tenant.ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: AutoScalingGroupName, LaunchTemplateData }));
    const LaunchTemplate = { LaunchTemplateName: AutoScalingGroupName, Version: '1' };
    await call(new sdk.CreateAutoScalingGroupCommand({ AutoScalingGroupName, MinSize: 1, MaxSize: 1, LaunchTemplate, AvailabilityZones: ['us-east-1a'] }));
    const [instance] = await eventually('its instance is in service', 90, async () => {
      const instances = await instancesOf(AutoScalingGroupName);
      return instances[0]?.LifecycleState === 'InService' ? instances : undefined;
    });
    const { Reservations } = await tenant.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instance?.InstanceId ?? ''] }));
    assert.equal(Reservations?.[0]?.Instances?.[0]?.ImageId, tenant.account.instanceStoreImageId);
    await call(new sdk.DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }));
  });

  it('run hooks, standby, protection and termination through the SDK, each answer as the model has it', async () => {
    const AutoScalingGroupName = 'Blue Servers';
    await call(
      new sdk.CreateAutoScalingGroupCommand({
        AutoScalingGroupName,
        MinSize: 0,
        MaxSize: 4,
        DesiredCapacity: 1,
        LaunchTemplate: { LaunchTemplateName: 'web', Version: '1' },
        AvailabilityZones: ['us-east-1a', 'us-east-1b'],
        Tags: [{ Key: 'team', Value: 'blue', PropagateAtLaunch: true }],
        LifecycleHookSpecificationList: [{ LifecycleHookName: 'boot', LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING', HeartbeatTimeout: 300 }],
      }),
    );
    const TopicARN = `arn:aws:sns:${REGION}:${tenant.account.accountId}:told`;
    await call(new sdk.PutNotificationConfigurationCommand({ AutoScalingGroupName, TopicARN, NotificationTypes: ['autoscaling:EC2_INSTANCE_LAUNCH', 'autoscaling:EC2_INSTANCE_TERMINATE'] }));
    const [waiting] = await eventually('the instance waits for the hook', 60, async () => {
      const instances = await instancesOf(AutoScalingGroupName);
      return instances[0]?.LifecycleState === 'Pending:Wait' ? instances : undefined;
    });
    const InstanceId = waiting?.InstanceId ?? '';
    await call(new sdk.RecordLifecycleActionHeartbeatCommand({ AutoScalingGroupName, LifecycleHookName: 'boot', InstanceId }));
    await call(new sdk.CompleteLifecycleActionCommand({ AutoScalingGroupName, LifecycleHookName: 'boot', InstanceId, LifecycleActionResult: 'CONTINUE' }));
    await eventually('it is in service', 60, async () => (await instancesOf(AutoScalingGroupName))[0]?.LifecycleState === 'InService');
    await call(new sdk.DeleteLifecycleHookCommand({ AutoScalingGroupName, LifecycleHookName: 'boot' }));

    const { Reservations } = await tenant.ec2.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }));
    const tags = Reservations?.[0]?.Instances?.[0]?.Tags?.map(({ Key, Value }) => `${Key ?? ''}=${Value ?? ''}`) ?? [];
    assert.ok(tags.includes('team=blue') && tags.includes(`aws:autoscaling:groupName=${AutoScalingGroupName}`) && tags.includes('aws:ec2launchtemplate:version=1'), tags.join());

    const standby = await call<sdk.EnterStandbyCommandOutput>(new sdk.EnterStandbyCommand({ AutoScalingGroupName, InstanceIds: [InstanceId], ShouldDecrementDesiredCapacity: true }));
    assert.equal(standby.Activities?.[0]?.StatusCode, 'InProgress');
    await eventually('it is on standby', 60, async () => (await instancesOf(AutoScalingGroupName))[0]?.LifecycleState === 'Standby');
    await call(new sdk.ExitStandbyCommand({ AutoScalingGroupName, InstanceIds: [InstanceId] }));
    await eventually('it is back', 60, async () => (await instancesOf(AutoScalingGroupName))[0]?.LifecycleState === 'InService');
    await call(new sdk.SetInstanceProtectionCommand({ AutoScalingGroupName, InstanceIds: [InstanceId], ProtectedFromScaleIn: true }));
    const { AutoScalingInstances } = await call<sdk.DescribeAutoScalingInstancesCommandOutput>(new sdk.DescribeAutoScalingInstancesCommand({ InstanceIds: [InstanceId] }));
    assert.deepEqual([AutoScalingInstances?.[0]?.ProtectedFromScaleIn, AutoScalingInstances?.[0]?.HealthStatus], [true, 'HEALTHY']);
    const { Activity } = await call<sdk.TerminateInstanceInAutoScalingGroupCommandOutput>(new sdk.TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: true }));
    assert.match(Activity?.Description ?? '', /^Terminating EC2 instance: i-/);
    await eventually('it has ended', 60, async () => (await instancesOf(AutoScalingGroupName)).length === 0);
    const { Activities } = await call<sdk.DescribeScalingActivitiesCommandOutput>(new sdk.DescribeScalingActivitiesCommand({ AutoScalingGroupName }));
    assert.deepEqual(
      Activities?.map(({ StatusCode, Description }) => `${StatusCode ?? ''} ${Description?.split(':')[0] ?? ''}`).sort(),
      ['Successful Launching a new EC2 instance', 'Successful Moving EC2 instance out of Standby', 'Successful Moving EC2 instance to Standby', 'Successful Terminating EC2 instance'],
    );
    assert.equal(Activities?.find(({ ActivityId }) => ActivityId === Activity?.ActivityId)?.StatusCode, 'Successful');
    await eventually('launch and end are told by events of the group, once each', 60, async () => {
      const { items } = await cloud.controlPlane.client.get<{ items: { reason: string; message: string; involvedObject: { kind: string } }[] }>(`/api/v1/namespaces/${namespace}/events`);
      const told = items.filter(({ reason, message }) => reason.startsWith('Ec2Instance') && message.includes(InstanceId));
      assert.deepEqual(told.map(({ reason, involvedObject }) => `${involvedObject.kind} ${reason}`).sort(), ['AutoScalingGroup Ec2InstanceLaunch', 'AutoScalingGroup Ec2InstanceTerminate']);
      return true;
    });
    await call(new sdk.DeleteAutoScalingGroupCommand({ AutoScalingGroupName }));
  });

  it('go through what Terraform does: create at 0, hook, update, wait, read, down to 0, delete until it is gone', async () => {
    const result = (await tenant.python(`
import json, time, boto3
client, ec2 = boto3.client('autoscaling'), boto3.client('ec2')
title = 'terraform-%d' % time.time()
name = {'AutoScalingGroupName': title}
def group():
    found = client.describe_auto_scaling_groups(AutoScalingGroupNames=[title])['AutoScalingGroups']
    return found[0] if found else None
def until(what, act, seconds=40):
    end = time.time() + seconds
    while time.time() < end:
        value = act()
        if value: return value
        time.sleep(0.3)
    raise Exception(what + ': ' + json.dumps(group(), default=str))
template = ec2.create_launch_template(LaunchTemplateName=title, LaunchTemplateData={'ImageId': '${tenant.account.instanceStoreImageId}', 'InstanceType': 't3.nano', 'UserData': 'I2Nsb3VkLWNvbmZpZwo='})['LaunchTemplate']['LaunchTemplateId']
client.create_auto_scaling_group(**name, MinSize=0, MaxSize=0, DesiredCapacity=0, HealthCheckGracePeriod=300, AvailabilityZones=['us-east-1a', 'us-east-1b', 'us-east-1c'],
    LaunchTemplate={'LaunchTemplateId': template, 'Version': '$Latest'}, Tags=[{'Key': 'Name', 'Value': 'tf', 'PropagateAtLaunch': True, 'ResourceId': title, 'ResourceType': 'auto-scaling-group'}])
client.put_lifecycle_hook(**name, LifecycleHookName='drain', LifecycleTransition='autoscaling:EC2_INSTANCE_TERMINATING', HeartbeatTimeout=30, DefaultResult='CONTINUE')
hook = client.describe_lifecycle_hooks(**name, LifecycleHookNames=['drain'])['LifecycleHooks'][0]
client.delete_lifecycle_hook(**name, LifecycleHookName='drain')
started = time.time()
client.update_auto_scaling_group(**name, MinSize=1, MaxSize=3, DesiredCapacity=2)
until('capacity', lambda: len([i for i in group()['Instances'] if i['LifecycleState'] == 'InService' and i['HealthStatus'] == 'Healthy']) == 2)
failed = [a for a in client.describe_scaling_activities(**name)['Activities'] if a['StatusCode'] == 'Failed']
client.suspend_processes(**name, ScalingProcesses=['AZRebalance'])
client.enable_metrics_collection(**name, Granularity='1Minute', Metrics=['GroupDesiredCapacity'])
client.put_warm_pool(**name, MinSize=0, MaxGroupPreparedCapacity=2, PoolState='Running')
pool = client.describe_warm_pool(**name)['WarmPoolConfiguration']['PoolState']
client.delete_warm_pool(**name)
read = group()
busy = 'no error'
try: client.delete_auto_scaling_group(**name)
except client.exceptions.ResourceInUseFault: busy = 'ResourceInUse'
refresh = client.start_instance_refresh(**name, Preferences={'SkipMatching': True})['InstanceRefreshId']
until('refresh', lambda: client.describe_instance_refreshes(**name, InstanceRefreshIds=[refresh])['InstanceRefreshes'][0]['Status'] == 'Successful')
none = 'no error'
try: client.cancel_instance_refresh(**name)
except client.exceptions.ActiveInstanceRefreshNotFoundFault: none = 'ActiveInstanceRefreshNotFound'
client.update_auto_scaling_group(**name, MinSize=0, MaxSize=0, DesiredCapacity=0)
until('drained', lambda: not group()['Instances'])
def removed():
    try: client.delete_auto_scaling_group(**name)
    except (client.exceptions.ResourceInUseFault, client.exceptions.ScalingActivityInProgressFault): return False
    return True
until('removed', removed)
until('gone', lambda: group() is None)
print(json.dumps([hook['GlobalTimeout'], len(failed), [p['ProcessName'] for p in read['SuspendedProcesses']], [m['Metric'] for m in read['EnabledMetrics']], read['LaunchTemplate']['Version'], read['LaunchTemplate']['LaunchTemplateName'] == title,
    read['LoadBalancerNames'], read['TargetGroupARNs'], pool, busy, none, 'Status' in read]))`)) as unknown[];
    assert.deepEqual(result, [3000, 0, ['AZRebalance'], ['GroupDesiredCapacity'], '$Latest', true, [], [], 'Running', 'ResourceInUse', 'ActiveInstanceRefreshNotFound', false]);
  });

  it('say what is missing and launch nothing until it is there', async () => {
    await cloud.controlPlane.applier.apply([
      { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'AutoScalingGroup', metadata: { name: 'early', namespace }, spec: { launchTemplate: { launchTemplate: 'late' }, minSize: 1, maxSize: 1 } },
    ]);
    await eventually('the group says so', 60, async () => (await group('early')).status?.conditions?.some(({ type, reason }) => type === 'Launchable' && reason === 'LaunchTemplateNotFound'));
    await cloud.controlPlane.applier.apply([
      { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'LaunchTemplate', metadata: { name: 'late', namespace }, spec: { versions: [{ versionNumber: 1, launchTemplateData: { imageId: 'instance-store', instanceType: 't3.nano' } }] } },
    ]);
    await inService('early', 1);
    await cloud.controlPlane.client.remove(path('autoscalinggroups', 'early'));
    await eventually('the group is gone', 60, async () => group('early').then(() => false, () => true));
  });

  it('make exactly as many instances as are desired when the operator is killed in the middle', async () => {
    const spec = { launchTemplate: { launchTemplate: 'web' }, minSize: 0, maxSize: 12, desiredCapacity: 12 };
    await cloud.controlPlane.applier.apply([{ apiVersion: 'kube-ec2.io/v1alpha1', kind: 'AutoScalingGroup', metadata: { name: 'crash', namespace }, spec }]);
    const made = async (): Promise<AnyObject[]> =>
      (await cloud.controlPlane.client.get<{ items: AnyObject[] }>(`${path('instances')}?labelSelector=${encodeURIComponent('kube-ec2.io/auto-scaling-group=crash')}`)).items;
    await eventually('some are made', 60, async () => (await made()).length > 0);
    await crashOperator(cloud);
    await inService('crash', 12, 180);
    assert.equal((await made()).length, 12);
    await cloud.controlPlane.client.remove(path('autoscalinggroups', 'crash'));
    await eventually('the group is gone', 90, async () => group('crash').then(() => false, () => true));
  });

  it('let a HorizontalPodAutoscaler read their scale', async () => {
    await eventually('the autoscaler gets the scale', 60, async () => {
      const { status } = await cloud.controlPlane.client.get<AnyObject & { status?: { conditions?: { type: string; status: string }[] } }>(`/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/scaled`);
      if (status?.conditions?.some(({ type, status: verdict }) => type === 'AbleToScale' && verdict === 'True')) return true;
      throw new Error(JSON.stringify(status));
    });
  });
});
