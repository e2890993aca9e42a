import assert from 'node:assert/strict';
import { configFrom } from '../../../operator/config.ts';
import { AwsError } from '../../../operator/endpoint/errors.ts';
import { throttleBy, type Throttle } from '../../../operator/endpoint/throttle.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const instanceIds = (count: number): string[] => Array.from({ length: count }, (_, index) => `i-${index.toString(16).padStart(17, '0')}`);

describe('throttle', () => {
  let clock: FakeClock;
  let throttle: Throttle;

  beforeEach(() => {
    clock = new FakeClock();
    throttle = throttleBy(clock, 1);
  });

  /** How many of the calls go through, one after another at the same moment. */
  function accepted(calls: number, action: string, input: Record<string, unknown> = {}, accountId = '111111111111', counted = throttle): number {
    let count = 0;
    for (let call = 0; call < calls; call += 1) {
      try {
        counted({ accountId, serviceName: 'ec2', action, input });
        count += 1;
      } catch (error) {
        assert.ok(error instanceof AwsError);
        assert.deepEqual([error.code, error.status], ['RequestLimitExceeded', 503]);
      }
    }
    return count;
  }

  const bursts: Record<string, [action: string, input: Record<string, unknown>, burst: number, perSecond: number]> = {
    'a description without filters has the smaller bucket': ['DescribeInstances', {}, 50, 10],
    'a description with filters has the larger one': ['DescribeInstances', { Filters: [{ Name: 'vpc-id' }] }, 100, 20],
    'a description by pages has the larger one': ['DescribeVolumes', { MaxResults: 5 }, 100, 20],
    'an empty list of ids narrows nothing': ['DescribeInstances', { InstanceIds: [] }, 50, 10],
    'other descriptions have the larger one': ['DescribeKeyPairs', {}, 100, 20],
    'changes have 50 and 5': ['DeleteKeyPair', {}, 50, 5],
    'RunInstances has a bucket of its own': ['RunInstances', { MaxCount: 1 }, 5, 2],
    'CreateTags has a bucket of its own': ['CreateTags', {}, 100, 10],
  };
  for (const [sentence, [action, input, burst, perSecond]] of Object.entries(bursts)) {
    it(sentence, async () => {
      assert.equal(accepted(200, action, input), burst);
      await clock.advance(1000);
      assert.equal(accepted(200, action, input), perSecond);
    });
  }

  it('counts accounts and actions apart', () => {
    accepted(200, 'DeleteKeyPair');
    assert.equal(accepted(1, 'DeleteKeyPair'), 0);
    assert.equal(accepted(1, 'ImportKeyPair'), 1);
    assert.equal(accepted(1, 'DeleteKeyPair', {}, '222222222222'), 1);
  });

  it('counts the instances of a call too: a thousand at once, then two a second', async () => {
    assert.equal(accepted(1, 'RunInstances', { MaxCount: 999 }), 1);
    assert.equal(accepted(1, 'RunInstances', { MaxCount: 2 }), 0);
    assert.equal(accepted(1, 'RunInstances', { MaxCount: 1 }), 1);
    await clock.advance(1000);
    assert.equal(accepted(1, 'RunInstances', { MaxCount: 3 }), 0);
    assert.equal(accepted(1, 'RunInstances', { MaxCount: 2 }), 1);
  });

  it('takes nothing for a refused call', async () => {
    accepted(1, 'TerminateInstances', { InstanceIds: instanceIds(1000) });
    assert.equal(accepted(300, 'TerminateInstances', { InstanceIds: instanceIds(20) }), 0);
    await clock.advance(1000);
    assert.equal(accepted(1, 'TerminateInstances', { InstanceIds: instanceIds(20) }), 1);
  });

  it('lets a call through that needs more than a bucket holds, when the bucket is full', () => {
    assert.equal(accepted(2, 'TerminateInstances', { InstanceIds: instanceIds(1500) }), 1);
  });

  it('multiplies sizes and rates by the factor', async () => {
    const generous = throttleBy(clock, 10);
    assert.equal(accepted(2000, 'DeleteKeyPair', {}, '111111111111', generous), 500);
    await clock.advance(1000);
    assert.equal(accepted(2000, 'DeleteKeyPair', {}, '111111111111', generous), 50);
  });

  it('leaves other services alone', () => {
    for (let call = 0; call < 1000; call += 1) throttle({ accountId: '111111111111', serviceName: 'sts', action: 'GetCallerIdentity', input: {} });
  });

  it('is off unless the environment gives a factor', () => {
    assert.deepEqual(
      [{}, { KUBE_EC2_THROTTLE: 'off' }, { KUBE_EC2_THROTTLE: '1' }, { KUBE_EC2_THROTTLE: '2.5' }].map((environment) => configFrom(environment).throttleFactor),
      [undefined, undefined, 1, 2.5],
    );
    assert.throws(() => configFrom({ KUBE_EC2_THROTTLE: '0' }), /KUBE_EC2_THROTTLE/);
  });
});
