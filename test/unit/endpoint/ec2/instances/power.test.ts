import assert from 'node:assert/strict';
import type { InstanceStateChange } from '@aws-sdk/client-ec2';
import { rebootInstances } from '../../../../../operator/endpoint/ec2/instances/RebootInstances.ts';
import { startInstances } from '../../../../../operator/endpoint/ec2/instances/StartInstances.ts';
import { stopInstances } from '../../../../../operator/endpoint/ec2/instances/StopInstances.ts';
import { terminateInstances } from '../../../../../operator/endpoint/ec2/instances/TerminateInstances.ts';
import { ec2IdFrom } from '../../../../../operator/api/ec2-id.ts';
import type { InstanceSpec, InstanceStateName } from '../../../../../operator/api/compute/instance.ts';
import { ApiError } from '../../../../../operator/kubernetes/errors.ts';
import { Instance } from '../../../../../operator/kubernetes/resources.ts';
import { anAmi, anInstanceType, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance, type InstanceOptions } from '../../../../support/instance-objects.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';

const A = 'i-00000000000000001';
const B = 'i-00000000000000002';
const NOW = '2026-03-01T00:00:00.000Z';

const specOf: Record<InstanceStateName, Partial<InstanceSpec>> = {
  pending: {},
  running: {},
  stopping: { powerState: 'stopped' },
  stopped: { powerState: 'stopped' },
  'shutting-down': { powerState: 'terminated' },
  terminated: { powerState: 'terminated' },
};

function inState(name: string, state: InstanceStateName, { status, ...options }: InstanceOptions = {}): Instance {
  return anInstance(name, { ...specOf[state], ...options, status: { state, ...status } });
}

function clusterOf(...instances: Instance[]): FakeCluster {
  return new FakeCluster({ objects: [theAccount(), anInstanceType('t3.micro', { cpu: 2 }), ...instances] });
}

const operations = { start: startInstances, stop: stopInstances, terminate: terminateInstances };

async function changesOf(operation: keyof typeof operations, input: object, cluster: FakeCluster): Promise<string[]> {
  const context = operationContext(cluster, { clock: new FakeClock(NOW) });
  const result = await operations[operation](input as never, context);
  const [changes = []] = Object.values(result) as InstanceStateChange[][];
  return changes.map(({ InstanceId, PreviousState, CurrentState }) => `${InstanceId} ${PreviousState?.Name}>${CurrentState?.Name}`);
}

const powerOf = (cluster: FakeCluster, name = A): string | undefined => cluster.get(Instance, { namespace: NAMESPACE, name })?.spec.powerState;

describe('StartInstances, StopInstances, TerminateInstances', () => {
  const cases: Record<string, { operation: keyof typeof operations; state: InstanceStateName; want: string; wish: string; writes: number }> = {
    'start a stopped instance': { operation: 'start', state: 'stopped', want: 'stopped>pending', wish: 'running', writes: 1 },
    'leave a running instance alone when started': { operation: 'start', state: 'running', want: 'running>running', wish: 'running', writes: 0 },
    'leave a pending instance alone when started': { operation: 'start', state: 'pending', want: 'pending>pending', wish: 'running', writes: 0 },
    'stop a running instance': { operation: 'stop', state: 'running', want: 'running>stopping', wish: 'stopped', writes: 1 },
    'leave a stopped instance alone when stopped': { operation: 'stop', state: 'stopped', want: 'stopped>stopped', wish: 'stopped', writes: 0 },
    'leave a stopping instance alone when stopped': { operation: 'stop', state: 'stopping', want: 'stopping>stopping', wish: 'stopped', writes: 0 },
    'terminate a running instance': { operation: 'terminate', state: 'running', want: 'running>shutting-down', wish: 'terminated', writes: 1 },
    'terminate a pending instance': { operation: 'terminate', state: 'pending', want: 'pending>shutting-down', wish: 'terminated', writes: 1 },
    'terminate a stopped instance': { operation: 'terminate', state: 'stopped', want: 'stopped>shutting-down', wish: 'terminated', writes: 1 },
    'leave an instance alone that is shutting down': { operation: 'terminate', state: 'shutting-down', want: 'shutting-down>shutting-down', wish: 'terminated', writes: 0 },
    'leave a terminated instance alone': { operation: 'terminate', state: 'terminated', want: 'terminated>terminated', wish: 'terminated', writes: 0 },
  };
  for (const [name, { operation, state, want, wish, writes }] of Object.entries(cases)) {
    it(name, async () => {
      const cluster = clusterOf(inState(A, state));
      assert.deepEqual(await changesOf(operation, { InstanceIds: [A] }, cluster), [`${A} ${want}`]);
      assert.equal(powerOf(cluster), wish);
      assert.equal(cluster.writes.length, writes);
    });
  }

  it('answer in the order of the request, each instance once', async () => {
    const cluster = clusterOf(inState(A, 'running'), inState(B, 'stopped'));
    assert.deepEqual(await changesOf('stop', { InstanceIds: [B, A, B] }, cluster), [`${B} stopped>stopped`, `${A} running>stopping`]);
  });

  it('find an instance that kubectl made by its id', async () => {
    const cluster = clusterOf(inState('web', 'running'));
    const [change = ''] = await changesOf('stop', { InstanceIds: [ec2IdFrom('i', 'uid-web')] }, cluster);
    assert.match(change, /^i-[0-9a-f]{17} running>stopping$/);
    assert.equal(powerOf(cluster, 'web'), 'stopped');
  });

  it('stop by force at once, also what is stopping already', async () => {
    const cluster = clusterOf(inState(A, 'running'), inState(B, 'stopping'));
    assert.deepEqual(await changesOf('stop', { InstanceIds: [A, B], Force: true }, cluster), [`${A} running>stopping`, `${B} stopping>stopping`]);
    for (const name of [A, B]) assert.equal(cluster.get(Instance, { namespace: NAMESPACE, name })?.spec.forceStopRequestedAt, NOW);
  });

  it('let termination pass stop protection, and a stop pass termination protection', async () => {
    const cluster = clusterOf(inState(A, 'running', { disableApiStop: true }), inState(B, 'running', { disableApiTermination: true }));
    await changesOf('terminate', { InstanceIds: [A] }, cluster);
    await changesOf('stop', { InstanceIds: [B] }, cluster);
    assert.deepEqual([powerOf(cluster, A), powerOf(cluster, B)], ['terminated', 'stopped']);
  });

  const refusals: Record<string, { operation: keyof typeof operations; instances: Instance[]; input?: object; code: string; message: string }> = {
    'start one that stops': {
      operation: 'start',
      instances: [inState(A, 'stopping')],
      code: 'IncorrectInstanceState',
      message: `This instance '${A}' is not in a state from which it can be started.`,
    },
    'start one that is terminated': {
      operation: 'start',
      instances: [inState(A, 'terminated')],
      code: 'IncorrectInstanceState',
      message: `This instance '${A}' is not in a state from which it can be started.`,
    },
    'stop one that is pending': {
      operation: 'stop',
      instances: [inState(A, 'pending')],
      code: 'IncorrectInstanceState',
      message: `This instance '${A}' is not in a state from which it can be stopped.`,
    },
    'stop one that is shutting down': {
      operation: 'stop',
      instances: [inState(A, 'shutting-down')],
      code: 'IncorrectInstanceState',
      message: `This instance '${A}' is not in a state from which it can be stopped.`,
    },
    'stop one with an instance-store root': {
      operation: 'stop',
      instances: [inState(A, 'running', { status: { rootDeviceType: 'instance-store' } })],
      code: 'UnsupportedOperation',
      message: `The instance '${A}' does not have an 'ebs' root device type and cannot be stopped.`,
    },
    'stop one that is protected': {
      operation: 'stop',
      instances: [inState(A, 'running', { disableApiStop: true })],
      code: 'OperationNotPermitted',
      message: `The instance '${A}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
    },
    hibernate: {
      operation: 'stop',
      instances: [inState(A, 'running')],
      input: { InstanceIds: [A], Hibernate: true },
      code: 'UnsupportedHibernationConfiguration',
      message: `The instance '${A}' is not configured for hibernation.`,
    },
    'terminate one that is protected': {
      operation: 'terminate',
      instances: [inState(A, 'running', { disableApiTermination: true })],
      code: 'OperationNotPermitted',
      message: `The instance '${A}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
    },
    'terminate one that does not exist': {
      operation: 'terminate',
      instances: [],
      code: 'InvalidInstanceID.NotFound',
      message: `The instance ID '${A}' does not exist`,
    },
    'start one of another account': {
      operation: 'start',
      instances: [inState(A, 'stopped', { namespace: 'stranger' })],
      code: 'InvalidInstanceID.NotFound',
      message: `The instance ID '${A}' does not exist`,
    },
  };
  for (const [name, { operation, instances, input, code, message }] of Object.entries(refusals)) {
    it(`refuse to ${name}, and touch no other of the request`, async () => {
      const other = operation === 'start' ? inState(B, 'stopped') : inState(B, 'running');
      const cluster = clusterOf(...instances, other);
      await assert.rejects(changesOf(operation, { InstanceIds: [B, A], ...input }, cluster), { name: 'AwsError', code, message });
      assert.deepEqual(cluster.writes, []);
    });
  }

  it('refuse a start that the vCPU quota has no room for', async () => {
    const objects = [theAccount({ quotas: { vcpus: 5 } }), anInstanceType('t3.micro', { cpu: 2 }), inState(A, 'stopped'), inState(B, 'stopped'), inState('i-00000000000000003', 'running')];
    const cluster = new FakeCluster({ objects });
    await assert.rejects(changesOf('start', { InstanceIds: [A, B] }, cluster), { code: 'VcpuLimitExceeded', message: /limit of 5/ });
    assert.deepEqual(cluster.writes, []);
    assert.deepEqual(await changesOf('start', { InstanceIds: [A] }, cluster), [`${A} stopped>pending`]);
  });

  it('tell of a protection that was set after the cache was looked at', async () => {
    const cluster = clusterOf(inState(A, 'running'));
    const invalid = new ApiError({ code: 422, reason: 'Invalid', message: 'protected' });
    const refusing = new Proxy(cluster, {
      get: (target, property) => {
        if (property !== 'patch') return Reflect.get(target, property, target) as unknown;
        return async (type: typeof Instance, key: { name: string }, patch: { spec: object }) => {
          if (!('powerState' in patch.spec)) return target.patch(type, key, patch as never);
          await target.patch(type, key, { spec: { disableApiTermination: true } });
          throw invalid;
        };
      },
    });
    const context = operationContext(cluster, { write: refusing });
    await assert.rejects(terminateInstances({ InstanceIds: [A] }, context), { code: 'OperationNotPermitted' });
    assert.equal(powerOf(cluster), 'running');
  });

  it('tell of an instance that went away after the cache was looked at', async () => {
    const cluster = clusterOf(inState(A, 'running'));
    cluster.failNext('patch', 'Instance', new ApiError({ code: 404, reason: 'NotFound', message: 'gone' }));
    await assert.rejects(changesOf('terminate', { InstanceIds: [A] }, cluster), { code: 'InvalidInstanceID.NotFound' });
  });

  it('look at the image where the controllers have not said yet what root an instance has', async () => {
    const unseen = inState(A, 'running');
    delete unseen.status?.rootDeviceType;
    const cluster = clusterOf(unseen);
    cluster.add(anAmi('ami-00000000000000001'));
    await assert.rejects(changesOf('stop', { InstanceIds: [A] }, cluster), { code: 'UnsupportedOperation' });
  });
});

describe('RebootInstances', () => {
  it('asks for a reboot of all, and says nothing', async () => {
    const cluster = clusterOf(inState(A, 'running'), inState(B, 'running'));
    const context = operationContext(cluster, { clock: new FakeClock(NOW) });
    assert.equal(await rebootInstances({ InstanceIds: [A, B, A] }, context), undefined);
    for (const name of [A, B]) assert.equal(cluster.get(Instance, { namespace: NAMESPACE, name })?.spec.rebootRequestedAt, NOW);
    assert.equal(cluster.writes.length, 2);
  });

  for (const state of ['pending', 'stopping', 'stopped', 'shutting-down', 'terminated'] as const) {
    it(`refuses one that is ${state}, and touches no other`, async () => {
      const cluster = clusterOf(inState(A, state), inState(B, 'running'));
      const message = `This instance '${A}' is not in a state from which it can be rebooted.`;
      await assert.rejects(rebootInstances({ InstanceIds: [B, A] }, operationContext(cluster)), { code: 'IncorrectInstanceState', message });
      assert.deepEqual(cluster.writes, []);
    });
  }
});
