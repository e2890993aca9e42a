import assert from 'node:assert/strict';
import { getConsoleOutput } from '../../../../../operator/endpoint/ec2/instances/GetConsoleOutput.ts';
import { Instance, Pod } from '../../../../../operator/kubernetes/resources.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance } from '../../../../support/instance-objects.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';

const RUNNING = 'i-00000000000000001';
const FOREIGN = 'i-00000000000000004';

function clusterWith(log?: string): FakeCluster {
  const cluster = new FakeCluster({ objects: [anInstance(RUNNING), anInstance(FOREIGN, { namespace: 'other' })] });
  if (log !== undefined) cluster.podLogs.set(`${NAMESPACE}/kube-ec2.io/instance-id=${RUNNING}/guest-console-log`, log);
  return cluster;
}

async function outputOf(log?: string): Promise<string> {
  const { InstanceId, Output = '' } = await getConsoleOutput({ InstanceId: RUNNING }, operationContext(clusterWith(log)));
  assert.equal(InstanceId, RUNNING);
  return Buffer.from(Output, 'base64').toString();
}

describe('GetConsoleOutput', () => {
  it('gives what the guest wrote', async () => assert.equal(await outputOf('[0.0] Linux é\r\n'), '[0.0] Linux é\r\n'));
  it('gives nothing while there is no machine', async () => assert.equal(await outputOf(), ''));
  it('gives the last 64 KB', async () => {
    const output = await outputOf(`first${'x'.repeat(65536)}last`);
    assert.deepEqual([output.length, output.startsWith('x'), output.endsWith('last')], [65536, true, true]);
  });
  it("is about the caller's own instances", async () => {
    await assert.rejects(getConsoleOutput({ InstanceId: FOREIGN }, operationContext(clusterWith())), { code: 'InvalidInstanceID.NotFound' });
    await assert.rejects(getConsoleOutput({ InstanceId: 'web' }, operationContext(clusterWith())), { code: 'InvalidInstanceID.Malformed' });
  });
  it('is read as the caller, who may not be allowed to', async () => {
    const cluster = clusterWith('secret');
    const reads = [Instance, Pod].map((type) => ({ group: type === Pod ? '' : 'kube-ec2.io', resource: type.plural, verbs: ['list', 'watch'] as const, reason: 'test' }));
    const context = operationContext(cluster, { live: cluster.as(reads) });
    await assert.rejects(getConsoleOutput({ InstanceId: RUNNING }, context), { reason: 'Forbidden', message: /pods\/log/ });
  });
});
