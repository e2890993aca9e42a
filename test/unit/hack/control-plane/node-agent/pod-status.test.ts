import assert from 'node:assert/strict';
import { pullFailure, type Pod } from '../../../../../hack/control-plane/node-agent/pod.ts';
import { finishedStatus, pullFailureStatus, readyCondition, runningStatus } from '../../../../../hack/control-plane/node-agent/pod-status.ts';

const NOW = '2026-11-24T10:00:00Z';
const GATE = 'kubevirt.io/virtual-machine-unpaused';

function aPod(spec: Partial<Pod['spec']> = {}, conditions: { type: string; status: string }[] = []): Pod {
  return { metadata: { name: 'p', namespace: 'n' }, spec: { containers: [{ name: 'compute', image: 'launcher:1' }], ...spec }, status: { conditions } };
}

describe('images of the simulated registry', () => {
  const cases: Record<string, { image: string; want: RegExp | undefined }> = {
    'has every image': { image: 'registry.example/linux:12', want: undefined },
    'has images without a registry': { image: 'linux', want: undefined },
    'cannot be reached at unreachable.invalid': { image: 'unreachable.invalid/linux:12', want: /lookup unreachable\.invalid: no such host/ },
    'lacks the tag missing': { image: 'registry.example:5000/linux:missing', want: /linux:missing: not found/ },
    'has images that are only named missing': { image: 'registry.example/missing:1', want: undefined },
  };
  for (const [name, { image, want }] of Object.entries(cases)) {
    it(name, () => (want ? assert.match(pullFailure(image) ?? '', want) : assert.equal(pullFailure(image), undefined)));
  }
});

describe('status of a simulated pod', () => {
  const gated = { readinessGates: [{ conditionType: GATE }] };
  const readiness: Record<string, { pod: Pod; want: string }> = {
    'is ready without gates': { pod: aPod(), want: 'True' },
    'is not ready while a gate has no condition': { pod: aPod(gated), want: 'False' },
    'is not ready while a gate is closed': { pod: aPod(gated, [{ type: GATE, status: 'False' }]), want: 'False' },
    'is ready once its gates are open': { pod: aPod(gated, [{ type: GATE, status: 'True' }]), want: 'True' },
  };
  for (const [name, { pod, want }] of Object.entries(readiness)) {
    it(name, () => assert.equal(readyCondition(pod, NOW).status, want));
  }

  it('runs side-cars and containers, and has ended the other init containers', () => {
    const pod = aPod({ initContainers: [{ name: 'console', image: 'x', restartPolicy: 'Always' }, { name: 'prepare', image: 'x' }] });
    const status = runningStatus(pod, { podAddress: '10.244.0.1', hostAddress: '10.0.0.1' }, NOW);
    assert.ok(status.initContainerStatuses[0]?.state.running);
    assert.equal(status.initContainerStatuses[1]?.state.terminated?.exitCode, 0);
    assert.ok(status.containerStatuses[0]?.state.running);
  });

  it('waits at the first init container whose image is missing', () => {
    const pod = aPod({ initContainers: [{ name: 'one', image: 'x' }, { name: 'two', image: 'x:missing' }, { name: 'three', image: 'x:missing' }] });
    const status = pullFailureStatus(pod, '10.0.0.1', 'ErrImagePull', NOW);
    const waiting = [...status.initContainerStatuses, ...status.containerStatuses].map((each) => each.state.waiting?.reason);
    assert.deepEqual(waiting, [undefined, 'ErrImagePull', 'PodInitializing', 'PodInitializing']);
  });

  it('runs the containers beside the one whose image is missing', () => {
    const pod = aPod({ containers: [{ name: 'compute', image: 'x' }, { name: 'disk', image: 'x:missing' }] });
    const status = pullFailureStatus(pod, '10.0.0.1', 'ImagePullBackOff', NOW);
    assert.ok(status.containerStatuses[0]?.state.running);
    assert.match(status.containerStatuses[1]?.state.waiting?.message ?? '', /^Back-off pulling image "x:missing"/);
  });

  it('ends in the phase of its exit code', () => {
    assert.deepEqual([finishedStatus(aPod(), 0, NOW).phase, finishedStatus(aPod(), 1, NOW).phase], ['Succeeded', 'Failed']);
  });
});
