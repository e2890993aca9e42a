import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-elastic-load-balancing-v2';
import type { CreateTargetGroupInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { elasticLoadBalancingOperations as operations } from '../../../../operator/endpoint/elasticloadbalancing/operations.ts';
import type { OperationContext } from '../../../../operator/endpoint/operation.ts';
import { TargetGroup } from '../../../../operator/kubernetes/resources.ts';
import { theAccount } from '../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { anInstance } from '../../../support/instance-objects.ts';
import { operationContext } from '../../../support/operation-context.ts';
import { ResponseChecker } from '../../../support/response-violations.ts';
import { aTargetGroup } from '../../../support/target-group-objects.ts';

const checker = new ResponseChecker('@aws-sdk/client-elastic-load-balancing-v2', sdk);
const one = 'i-00000000000000001';
const two = 'i-00000000000000002';
const input: CreateTargetGroupInput = { Name: 'web', Protocol: 'HTTP', Port: 80 };

function cloud(...objects: TargetGroup[]): { cluster: FakeCluster; context: OperationContext } {
  const cluster = new FakeCluster({ objects: [theAccount(), anInstance(one), anInstance(two), ...objects] });
  return { cluster, context: operationContext(cluster) };
}

async function refusedWith(promise: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(promise, (error: Error & { code?: string }) => error.code === code || assert.fail(`${error.code ?? ''}: ${error.message}`));
}

async function made(context: OperationContext, more: Partial<CreateTargetGroupInput> = {}): Promise<string> {
  return (await operations.CreateTargetGroup.run({ ...input, ...more }, context)).TargetGroups?.[0]?.TargetGroupArn ?? '';
}

describe('target groups through the API', () => {
  it('are made, shown, changed and deleted', async () => {
    const { cluster, context } = cloud();
    const created = await operations.CreateTargetGroup.run({ ...input, HealthCheckPath: '/health', Matcher: { HttpCode: '200-299' }, Tags: [{ Key: 'team', Value: 'a' }] }, context);
    assert.deepEqual(checker.violations('CreateTargetGroup', created), []);
    const TargetGroupArn = created.TargetGroups?.[0]?.TargetGroupArn ?? '';
    assert.match(TargetGroupArn, /^arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup\/web\/[0-9a-f]{16}$/);
    assert.deepEqual(cluster.list(TargetGroup).map(({ metadata }) => metadata.name), ['web']);
    await operations.ModifyTargetGroup.run({ TargetGroupArn, HealthCheckIntervalSeconds: 10, HealthyThresholdCount: 2 }, context);
    const shown = await operations.DescribeTargetGroups.run({ Names: ['web'] }, context);
    assert.deepEqual(checker.violations('DescribeTargetGroups', shown), []);
    const [group] = shown.TargetGroups ?? [];
    assert.deepEqual([group?.HealthCheckPath, group?.HealthCheckIntervalSeconds, group?.HealthyThresholdCount, group?.Matcher?.HttpCode, group?.TargetType], ['/health', 10, 2, '200-299', 'instance']);
    await operations.ModifyTargetGroupAttributes.run({ TargetGroupArn, Attributes: [{ Key: 'stickiness.enabled', Value: 'true' }] }, context);
    const { Attributes = [] } = await operations.DescribeTargetGroupAttributes.run({ TargetGroupArn }, context);
    assert.deepEqual([Attributes.find(({ Key }) => Key === 'stickiness.enabled')?.Value, Attributes.find(({ Key }) => Key === 'slow_start.duration_seconds')?.Value], ['true', '0']);
    await operations.AddTags.run({ ResourceArns: [TargetGroupArn], Tags: [{ Key: 'b', Value: '2' }] }, context);
    await operations.RemoveTags.run({ ResourceArns: [TargetGroupArn], TagKeys: ['team'] }, context);
    assert.deepEqual((await operations.DescribeTags.run({ ResourceArns: [TargetGroupArn] }, context)).TagDescriptions, [{ ResourceArn: TargetGroupArn, Tags: [{ Key: 'b', Value: '2' }] }]);
    await operations.DeleteTargetGroup.run({ TargetGroupArn }, context);
    await refusedWith(operations.DescribeTargetGroups.run({ TargetGroupArns: [TargetGroupArn] }, context), 'TargetGroupNotFound');
    assert.deepEqual((await operations.DescribeTargetGroups.run({}, context)).TargetGroups, []);
  });

  it('are the same for the same settings, and refused for others', async () => {
    const { cluster, context } = cloud();
    assert.equal(await made(context), await made(context));
    await refusedWith(made(context, { Port: 81 }), 'DuplicateTargetGroupName');
    assert.equal(cluster.list(TargetGroup).length, 1);
  });

  it('take targets and give them back, and lose none of calls at the same time', async () => {
    const { cluster, context } = cloud();
    const TargetGroupArn = await made(context);
    await Promise.all([one, two].map(async (Id) => operations.RegisterTargets.run({ TargetGroupArn, Targets: [{ Id }, { Id, Port: 8080 }, { Id, Port: 80 }] }, context)));
    assert.equal(cluster.list(TargetGroup)[0]?.spec.targets?.length, 4);
    const health = await operations.DescribeTargetHealth.run({ TargetGroupArn, Targets: [{ Id: one }, { Id: 'i-00000000000000009' }] }, context);
    assert.deepEqual(checker.violations('DescribeTargetHealth', health), []);
    assert.deepEqual(health.TargetHealthDescriptions?.map(({ TargetHealth }) => [TargetHealth?.State, TargetHealth?.Reason]), [['initial', 'Elb.RegistrationInProgress'], ['unused', 'Target.NotRegistered']]);
    await operations.DeregisterTargets.run({ TargetGroupArn, Targets: [{ Id: one }, { Id: two, Port: 80 }] }, context);
    assert.deepEqual(cluster.list(TargetGroup)[0]?.spec.targets, [{ id: two, port: 8080 }]);
    await refusedWith(operations.RegisterTargets.run({ TargetGroupArn, Targets: [{ Id: 'i-00000000000000009' }] }, context), 'InvalidTarget');
    await refusedWith(operations.RegisterTargets.run({ TargetGroupArn, Targets: [] }, context), 'ValidationError');
    await refusedWith(operations.RegisterTargets.run({ TargetGroupArn: `${TargetGroupArn}0`, Targets: [{ Id: one }] }, context), 'TargetGroupNotFound');
    await refusedWith(operations.RegisterTargets.run({ TargetGroupArn: 'web', Targets: [{ Id: one }] }, context), 'ValidationError');
  });

  it('take addresses', async () => {
    const { context } = cloud();
    const TargetGroupArn = await made(context, { TargetType: 'ip' });
    await operations.RegisterTargets.run({ TargetGroupArn, Targets: [{ Id: '10.0.0.1' }] }, context);
    for (const Id of [one, '127.0.0.1', '169.254.169.254', '224.0.0.1', '::1']) await refusedWith(operations.RegisterTargets.run({ TargetGroupArn, Targets: [{ Id }] }, context), 'InvalidTarget');
  });

  it('come in pages, and load balancers not at all', async () => {
    const { context } = cloud(aTargetGroup('a'), aTargetGroup('b'), aTargetGroup('c'));
    const first = await operations.DescribeTargetGroups.run({ PageSize: 2 }, context);
    const second = await operations.DescribeTargetGroups.run({ PageSize: 2, Marker: first.NextMarker }, context);
    assert.deepEqual([first.TargetGroups?.length, second.TargetGroups?.map(({ TargetGroupName }) => TargetGroupName), second.NextMarker], [2, ['c'], undefined]);
    await refusedWith(operations.DescribeTargetGroups.run({ Marker: 'x' }, context), 'ValidationError');
    assert.deepEqual(await operations.DescribeLoadBalancers.run({}, context), { LoadBalancers: [] });
    await refusedWith(operations.DescribeLoadBalancers.run({ Names: ['x'] }, context), 'LoadBalancerNotFound');
  });

  const refused: Record<string, { change: Partial<CreateTargetGroupInput>; want: string }> = {
    'no name': { change: { Name: '' }, want: 'ValidationError' },
    'a name of 33 characters': { change: { Name: 'a'.repeat(33) }, want: 'ValidationError' },
    'no protocol': { change: { Protocol: undefined }, want: 'ValidationError' },
    'no port': { change: { Port: undefined }, want: 'ValidationError' },
    'port 0': { change: { Port: 0 }, want: 'ValidationError' },
    functions: { change: { TargetType: 'lambda' }, want: 'InvalidConfigurationRequest' },
    'IPv6': { change: { IpAddressType: 'ipv6' }, want: 'InvalidConfigurationRequest' },
    'appliances': { change: { Protocol: 'GENEVE' }, want: 'InvalidConfigurationRequest' },
    'a VPC that is not there': { change: { VpcId: 'vpc-00000000000000009' }, want: 'ValidationError' },
    'a timeout longer than the interval': { change: { HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 5 }, want: 'ValidationError' },
    'an interval of a second': { change: { HealthCheckIntervalSeconds: 1 }, want: 'ValidationError' },
    'a path without a slash': { change: { HealthCheckPath: 'health' }, want: 'ValidationError' },
    'codes that are none': { change: { Matcher: { HttpCode: 'ok' } }, want: 'ValidationError' },
    'a tag twice': { change: { Tags: [{ Key: 'a', Value: '1' }, { Key: 'a', Value: '2' }] }, want: 'DuplicateTagKeys' },
  };
  for (const [name, { change, want }] of Object.entries(refused)) {
    it(`refuse ${name}`, async () => refusedWith(made(cloud().context, change), want));
  }
});
