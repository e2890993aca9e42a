import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TargetGroupDefinition, type TargetGroupSpec } from '../../../../operator/api/network/target-group.ts';
import { checkHealth, matches, type CheckResult } from '../../../../operator/controllers/target-group/check-health.ts';
import { targetGroupController } from '../../../../operator/controllers/target-group/controller.ts';
import { EndpointSlice, Service, TargetGroup, type AutoScalingGroup, type Instance } from '../../../../operator/kubernetes/resources.ts';
import { pass, passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { anInstance } from '../../../support/instance-objects.ts';
import { NAMESPACE } from '../../../support/operation-context.ts';
import { aGroup } from '../../../support/scaling-objects.ts';
import { aTargetGroup } from '../../../support/target-group-objects.ts';

const key = { namespace: NAMESPACE, name: 'web' };
const id = (digit: number): string => `i-0000000000000000${String(digit)}`;
const running = (digit: number, more: object = {}): Instance => anInstance(id(digit), { status: { state: 'running', privateIpAddress: `10.0.0.${String(digit)}` }, ...more });

function world(spec: Partial<TargetGroupSpec>, objects: (Instance | AutoScalingGroup)[], answers: Record<string, CheckResult> = {}) {
  const clock = new FakeClock();
  const cluster = new FakeCluster({ clock, objects: [aTargetGroup('web', spec), ...objects] });
  const checks: string[] = [];
  const controller = targetGroupController(async (address, port) => {
    checks.push(`${address}:${String(port)}`);
    return answers[address] ?? 'passed';
  });
  return {
    cluster, clock, checks, answers,
    settle: async () => passUntilQuiet(cluster, controller, key, clock),
    once: async () => pass(cluster, controller, key, clock),
    states: () => cluster.get(TargetGroup, key)?.status?.targets?.map(({ id: target, port, state, reason }) => [target, port, state, ...(reason === undefined ? [] : [reason])]),
    endpoints: () => cluster.list(EndpointSlice).map(({ ports, endpoints }) => [ports?.[0]?.port, (endpoints ?? []).flatMap(({ addresses }) => addresses)]),
  };
}

describe('the target group controller', () => {
  it('leads a Service to the healthy targets, by port, and says what is wrong with the others', async () => {
    const stopped = anInstance(id(4), { status: { state: 'stopped' } });
    const targets = [{ id: id(1) }, { id: id(2), port: 8080 }, { id: id(3) }, { id: id(4) }, { id: id(9) }];
    const { cluster, settle, states, endpoints } = world({ targets }, [running(1), running(2), anInstance(id(3), { status: { state: 'pending' } }), stopped]);
    await settle();
    assert.deepEqual(states(), [
      [id(1), 80, 'healthy'], [id(2), 8080, 'healthy'], [id(3), 80, 'initial', 'Elb.RegistrationInProgress'], [id(4), 80, 'unused', 'Target.InvalidState'], [id(9), 80, 'unused', 'Target.InvalidState'],
    ]);
    assert.deepEqual(endpoints().sort(), [[80, ['10.0.0.1']], [8080, ['10.0.0.2']]]);
    assert.deepEqual(cluster.list(Service).map(({ metadata, spec }) => [metadata?.name, spec?.selector, spec?.ports?.[0]?.port]), [['tg-web', undefined, 80]]);
  });

  it('takes a target out after as many failures as it says, and back after as many successes, and writes nothing in between', async () => {
    const { cluster, clock, answers, settle, once, states, endpoints } = world({ targets: [{ id: id(1) }, { id: id(2) }] }, [running(1), running(2)]);
    const outcome = await settle();
    assert.equal(outcome?.requeueAfterSeconds, 30);
    answers['10.0.0.2'] = 'timeout';
    const history: unknown[] = [];
    for (let round = 0; round < 8; round += 1) {
      if (round === 3) answers['10.0.0.2'] = 'passed';
      await clock.advance(30_000);
      const before = cluster.writes.length;
      await once();
      history.push([states()?.[1]?.[2], cluster.writes.length > before]);
    }
    assert.deepEqual(history, [
      ['healthy', false], ['unhealthy', true], ['unhealthy', false], ['unhealthy', false], ['unhealthy', false], ['unhealthy', false], ['unhealthy', false], ['healthy', true],
    ]);
    assert.deepEqual(endpoints(), [[80, ['10.0.0.1', '10.0.0.2']]]);
  });

  it('puts right what somebody changes of its Service and slices, and leaves a Service of that name alone that is somebody else’s', async () => {
    const { cluster, settle } = world({ targets: [{ id: id(1) }] }, [running(1)]);
    await settle();
    const shape = (): string => JSON.stringify([...cluster.list(Service), ...cluster.list(EndpointSlice)].map(({ metadata, ...rest }) => [rest, metadata?.labels, metadata?.ownerReferences]));
    const want = shape();
    await cluster.patch(Service, { namespace: NAMESPACE, name: 'tg-web' }, { spec: { ports: [{ name: 'traffic', port: 81, targetPort: 81, protocol: 'TCP' }] } });
    await cluster.patch(EndpointSlice, { namespace: NAMESPACE, name: 'tg-web-80' }, { metadata: { labels: { 'kubernetes.io/service-name': 'other' } } });
    const { length } = cluster.writes;
    await settle();
    assert.deepEqual([shape(), cluster.writes.length - length], [want, 2]);

    const theirs = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'tg-web', namespace: NAMESPACE }, spec: { ports: [{ port: 1 }] } };
    const taken = world({}, []);
    taken.cluster.add(theirs);
    await taken.settle();
    assert.deepEqual(taken.cluster.list(Service).map(({ spec, metadata }) => [spec, metadata?.ownerReferences]), [[theirs.spec, undefined]]);
  });

  it('checks only when it is time, however often it is woken', async () => {
    const { checks, clock, once } = world({ targets: [{ id: id(1) }] }, [running(1)]);
    for (let count = 0; count < 5; count += 1) await once();
    assert.equal(checks.length, 1);
    await clock.advance(30_000);
    await once();
    assert.equal(checks.length, 2);
  });

  it('sends traffic to all when none is healthy, as load balancers do, and says so', async () => {
    const { cluster, clock, settle, endpoints } = world({ targets: [{ id: id(1) }] }, [running(1)], { '10.0.0.1': 'refused' });
    await settle();
    await clock.advance(30_000);
    await settle();
    assert.deepEqual(endpoints(), [[80, ['10.0.0.1']]]);
    assert.equal(cluster.get(TargetGroup, key)?.status?.conditions?.[0]?.reason, 'NoHealthyTargets');
  });

  it('registers the instances in service of the groups that name it', async () => {
    const group = aGroup('workers', { targetGroupARNs: ['TargetGroup/web'] });
    const member = running(1, { autoScaling: { groupName: 'workers' } });
    const leaving = running(2, { autoScaling: { groupName: 'workers', leaving: { at: '2026-01-01T00:00:00Z', cause: 'x', reason: 'scale-in' } } });
    const { settle, states } = world({ healthCheck: TargetGroupDefinition.spec.shape.healthCheck.parse({ enabled: false }) }, [group, member, leaving, running(3)]);
    await settle();
    assert.deepEqual(states(), [[id(1), 80, 'healthy']]);
  });
});

describe('addresses that Kubernetes refuses', () => {
  it('are no endpoints, and said so', async () => {
    const { settle, states, endpoints } = world({ targetType: 'ip', targets: [{ id: '127.0.0.1' }, { id: '10.9.9.9' }, { id: 'x' }] }, []);
    await settle();
    assert.deepEqual(states(), [['10.9.9.9', 80, 'healthy'], ['127.0.0.1', 80, 'unused', 'Target.IpUnusable'], ['x', 80, 'unused', 'Target.IpUnusable']]);
    assert.deepEqual(endpoints(), [[80, ['10.9.9.9']]]);
  });
});

describe('a health check', () => {
  it('asks over HTTP and TCP, and tells how it failed', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/slow') return;
      response.writeHead(request.url === '/ok' ? 204 : 500).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const check = TargetGroupDefinition.spec.shape.healthCheck.parse({ matcher: '200-299' });
    const ask = async (more: object, at = port): Promise<CheckResult> => checkHealth('127.0.0.1', at, { ...check, ...more });
    assert.deepEqual(await Promise.all([ask({ path: '/ok' }), ask({ path: '/bad' }), ask({ path: '/slow', timeoutSeconds: 0.1 }), ask({ protocol: 'TCP' }), ask({ protocol: 'TCP' }, 1), ask({}, 1)]), ['passed', 'wrong code', 'timeout', 'passed', 'refused', 'refused']);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('reads codes, lists and ranges', () => assert.deepEqual([matches('200', 200), matches('200,202', 202), matches('200-299', 250), matches('200', 404)], [true, true, true, false]));
});
