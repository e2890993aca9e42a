import assert from 'node:assert/strict';
import { register } from 'prom-client';
import { forgetStaleness, observeStaleness, type StalenessSource } from '../../../operator/kubernetes/informer-metrics.ts';

const source = (apiVersion: string, kind: string, position: number | undefined): StalenessSource => ({ type: { apiVersion, kind }, position, stalenessSeconds: 1, store: { size: position ?? 0 } });

describe('metrics of caches', () => {
  it('tell kinds of one name apart by the group of the other, and nothing of a cache that is not filled', async () => {
    const sources = [source('kube-ec2.io/v1alpha1', 'TestVpc', 7), source('kubeovn.io/v1', 'TestVpc', 9), source('v1', 'TestPod', undefined)];
    const shown = async (): Promise<string[]> => (await register.getSingleMetricAsString('kube_ec2_cache_resource_version')).split('\n').filter((line) => line.includes('"Test'));
    for (const each of sources) observeStaleness(each);
    assert.deepEqual(await shown(), ['kube_ec2_cache_resource_version{kind="TestVpc"} 7', 'kube_ec2_cache_resource_version{kind="TestVpc.kubeovn.io"} 9']);
    for (const each of sources) forgetStaleness(each);
    assert.deepEqual(await shown(), []);
  });
});
