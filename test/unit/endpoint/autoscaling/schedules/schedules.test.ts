import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-auto-scaling';
import type { PutScheduledUpdateGroupActionType } from '@aws-sdk/client-auto-scaling';
import { batchDeleteScheduledAction } from '../../../../../operator/endpoint/autoscaling/schedules/BatchDeleteScheduledAction.ts';
import { batchPutScheduledUpdateGroupAction } from '../../../../../operator/endpoint/autoscaling/schedules/BatchPutScheduledUpdateGroupAction.ts';
import { deleteScheduledAction } from '../../../../../operator/endpoint/autoscaling/schedules/DeleteScheduledAction.ts';
import { describeScheduledActions } from '../../../../../operator/endpoint/autoscaling/schedules/DescribeScheduledActions.ts';
import { putScheduledUpdateGroupAction } from '../../../../../operator/endpoint/autoscaling/schedules/PutScheduledUpdateGroupAction.ts';
import type { OperationContext } from '../../../../../operator/endpoint/operation.ts';
import { ScheduledAction } from '../../../../../operator/kubernetes/resources.ts';
import { theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';
import { aGroup, aScheduledAction } from '../../../../support/scaling-objects.ts';

const checker = new ResponseChecker('@aws-sdk/client-auto-scaling', sdk);
const input: PutScheduledUpdateGroupActionType = { AutoScalingGroupName: 'web', ScheduledActionName: 'morning', Recurrence: '0 8 * * 1-5', TimeZone: 'Europe/Berlin', DesiredCapacity: 5 };

function cloud(...objects: ScheduledAction[]): { cluster: FakeCluster; context: OperationContext } {
  const cluster = new FakeCluster({ objects: [theAccount(), aGroup('web'), ...objects] });
  return { cluster, context: operationContext(cluster) };
}

async function refusedWith(promise: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(promise, (error: Error & { code?: string }) => (error.code === 'ValidationError' && message.test(error.message)) || assert.fail(`${error.code ?? ''}: ${error.message}`));
}

describe('scheduled actions through the API', () => {
  it('are made, shown, changed and deleted', async () => {
    const { cluster, context } = cloud();
    await putScheduledUpdateGroupAction(input, context);
    await putScheduledUpdateGroupAction({ AutoScalingGroupName: 'web', ScheduledActionName: 'once', StartTime: new Date('2026-03-01T00:00:00Z'), MinSize: 1, MaxSize: 2 }, context);
    const shown = await describeScheduledActions({ AutoScalingGroupName: 'web' }, context);
    assert.deepEqual(checker.violations('DescribeScheduledActions', shown), []);
    assert.deepEqual(
      shown.ScheduledUpdateGroupActions?.map((action) => [action.ScheduledActionName, action.Recurrence, action.TimeZone, action.StartTime?.toISOString(), action.MinSize, action.DesiredCapacity]).sort(),
      [['morning', '0 8 * * 1-5', 'Europe/Berlin', undefined, undefined, 5], ['once', undefined, undefined, '2026-03-01T00:00:00.000Z', 1, undefined]],
    );
    await putScheduledUpdateGroupAction({ ...input, TimeZone: undefined, DesiredCapacity: undefined, MinSize: 2 }, context);
    const [changed] = (await describeScheduledActions({ ScheduledActionNames: ['morning'] }, context)).ScheduledUpdateGroupActions ?? [];
    assert.deepEqual([changed?.MinSize, changed?.DesiredCapacity, changed?.TimeZone], [2, undefined, 'Etc/UTC']);
    assert.deepEqual((await describeScheduledActions({ StartTime: new Date('2026-04-01') }, context)).ScheduledUpdateGroupActions?.map(({ ScheduledActionName }) => ScheduledActionName), ['morning']);
    await deleteScheduledAction({ AutoScalingGroupName: 'web', ScheduledActionName: 'once' }, context);
    await refusedWith(deleteScheduledAction({ AutoScalingGroupName: 'web', ScheduledActionName: 'once' }, context), /not found/);
    assert.equal(cluster.list(ScheduledAction).length, 1);
  });

  it('are forgotten once they have happened', async () => {
    const { context } = cloud(aScheduledAction('done', { startTime: '2025-12-31T12:00:00Z', desiredCapacity: 1 }, { lastTime: '2025-12-31T12:00:00.000Z' }));
    assert.deepEqual((await describeScheduledActions({}, context)).ScheduledUpdateGroupActions, []);
  });

  it('come in batches that tell what cannot be', async () => {
    const { cluster, context } = cloud();
    const { AutoScalingGroupName, ...morning } = input;
    const put = await batchPutScheduledUpdateGroupAction({ AutoScalingGroupName, ScheduledUpdateGroupActions: [morning, { ...morning, ScheduledActionName: 'bad', Recurrence: 'daily' }] }, context);
    assert.deepEqual([checker.violations('BatchPutScheduledUpdateGroupAction', put), put.FailedScheduledUpdateGroupActions?.map(({ ScheduledActionName, ErrorCode }) => [ScheduledActionName, ErrorCode])], [[], [['bad', 'ValidationError']]]);
    const removed = await batchDeleteScheduledAction({ AutoScalingGroupName, ScheduledActionNames: ['morning', 'none'] }, context);
    assert.deepEqual([checker.violations('BatchDeleteScheduledAction', removed), removed.FailedScheduledActions?.map(({ ScheduledActionName }) => ScheduledActionName)], [[], ['none']]);
    assert.deepEqual(cluster.list(ScheduledAction), []);
  });

  const refused: Record<string, { change: Partial<PutScheduledUpdateGroupActionType>; want: RegExp }> = {
    'a group that is not there': { change: { AutoScalingGroupName: 'none' }, want: /not found/ },
    'no time at all': { change: { Recurrence: undefined }, want: /Either StartTime or Recurrence/ },
    'a time that is over': { change: { StartTime: new Date('2025-01-01') }, want: /in the past/ },
    'an end before the start': { change: { StartTime: new Date('2026-03-01'), EndTime: new Date('2026-02-01') }, want: /after start time/ },
    'an end without a recurrence': { change: { Recurrence: undefined, StartTime: new Date('2026-03-01'), EndTime: new Date('2026-04-01') }, want: /Recurrence only/ },
    'a recurrence that cannot be read': { change: { Recurrence: '0 25 * * *' }, want: /recurrence string/ },
    'a recurrence of six fields': { change: { Recurrence: '0 0 8 * * *' }, want: /recurrence string/ },
    'a recurrence that never comes': { change: { Recurrence: '0 0 31 2 *' }, want: /recurrence string/ },
    'a time zone that does not exist': { change: { TimeZone: 'Mars/Base' }, want: /TimeZone/ },
    'no sizes': { change: { DesiredCapacity: undefined }, want: /At least one of/ },
    'sizes that contradict each other': { change: { MinSize: 5, MaxSize: 2, DesiredCapacity: undefined }, want: /Max bound/ },
    'a capacity beyond the sizes': { change: { MaxSize: 2 }, want: /between min size and max size/ },
    'too large a size': { change: { DesiredCapacity: 1e9 }, want: /desiredCapacity/ },
  };
  for (const [name, { change, want }] of Object.entries(refused)) {
    it(`refuse ${name}`, async () => refusedWith(putScheduledUpdateGroupAction({ ...input, ...change }, cloud().context), want));
  }
});
