import assert from 'node:assert/strict';
import { describeInstanceCreditSpecifications } from '../../../../../operator/endpoint/ec2/instances/DescribeInstanceCreditSpecifications.ts';
import { modifyInstanceCreditSpecification } from '../../../../../operator/endpoint/ec2/instances/ModifyInstanceCreditSpecification.ts';
import { modifyInstanceMetadataOptions } from '../../../../../operator/endpoint/ec2/instances/ModifyInstanceMetadataOptions.ts';
import { monitorInstances } from '../../../../../operator/endpoint/ec2/instances/MonitorInstances.ts';
import { unmonitorInstances } from '../../../../../operator/endpoint/ec2/instances/UnmonitorInstances.ts';
import { Instance } from '../../../../../operator/kubernetes/resources.ts';
import { anInstanceType, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance } from '../../../../support/instance-objects.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';

const T2 = 'i-00000000000000001';
const T3 = 'i-00000000000000002';
const M5 = 'i-00000000000000003';
const CHOSEN = 'i-00000000000000004';
const GONE = 'i-00000000000000005';
const burstable = { annotations: { 'kube-ec2.io/burstable': 'true' } };

function clusterOf(): FakeCluster {
  return new FakeCluster({
    objects: [
      theAccount(),
      anInstanceType('t2.micro', burstable),
      anInstanceType('t3.micro', burstable),
      anInstanceType('m5.large'),
      anInstance(T2, { instanceType: 't2.micro' }),
      anInstance(T3),
      anInstance(M5, { instanceType: 'm5.large' }),
      anInstance(CHOSEN, { creditSpecification: 'standard' }),
      anInstance(GONE, { powerState: 'terminated', status: { state: 'terminated' } }),
    ],
  });
}

const specIn = (cluster: FakeCluster, name: string): Instance['spec'] => cluster.get(Instance, { namespace: NAMESPACE, name })?.spec ?? assert.fail();

describe('DescribeInstanceCreditSpecifications', () => {
  const shown = async (InstanceIds?: string[]): Promise<string[]> => {
    const result = await describeInstanceCreditSpecifications(InstanceIds ? { InstanceIds } : {}, operationContext(clusterOf()));
    return (result.InstanceCreditSpecifications ?? []).map(({ InstanceId, CpuCredits }) => `${InstanceId} ${CpuCredits}`);
  };
  it('tells EC2\'s defaults and the choice that was made', async () =>
    assert.deepEqual(await shown([T2, T3, CHOSEN]), [`${T2} standard`, `${T3} unlimited`, `${CHOSEN} standard`]));
  it('tells those that are unlimited if none is named', async () => assert.deepEqual(await shown(), [`${T3} unlimited`, `${GONE} unlimited`]));
  it('refuses an instance of another kind of type', () => assert.rejects(shown([M5]), { code: 'UnsupportedOperation', message: /burstable/ }));
  it('refuses an unknown instance', () => assert.rejects(shown(['i-0000000000000000e']), { code: 'InvalidInstanceID.NotFound' }));
  it('refuses pages of named instances', () =>
    assert.rejects(describeInstanceCreditSpecifications({ InstanceIds: [T3], MaxResults: 5 }, operationContext(clusterOf())), { code: 'InvalidParameterCombination' }));
});

describe('ModifyInstanceCreditSpecification', () => {
  it('changes what it can and tells what it cannot', async () => {
    const cluster = clusterOf();
    const wishes = [T2, M5, GONE, 'i-0000000000000000e', 'x'].map((InstanceId) => ({ InstanceId, CpuCredits: 'unlimited' }));
    const result = await modifyInstanceCreditSpecification({ InstanceCreditSpecifications: wishes }, operationContext(cluster));
    assert.deepEqual(result.SuccessfulInstanceCreditSpecifications, [{ InstanceId: T2 }]);
    assert.deepEqual(
      result.UnsuccessfulInstanceCreditSpecifications?.map(({ InstanceId, Error: error }) => [InstanceId, error?.Code]),
      [
        [M5, 'InstanceCreditSpecification.NotSupported'],
        [GONE, 'IncorrectInstanceState'],
        ['i-0000000000000000e', 'InvalidInstanceID.NotFound'],
        ['x', 'InvalidInstanceID.Malformed'],
      ],
    );
    assert.equal(specIn(cluster, T2).creditSpecification, 'unlimited');
    assert.equal(cluster.writes.length, 1);
  });
  it('refuses an option that does not exist', () =>
    assert.rejects(modifyInstanceCreditSpecification({ InstanceCreditSpecifications: [{ InstanceId: T2, CpuCredits: 'endless' }] }, operationContext(clusterOf())), {
      code: 'InvalidParameterValue',
    }));
});

describe('ModifyInstanceMetadataOptions', () => {
  it('changes what is named and keeps the rest', async () => {
    const cluster = clusterOf();
    const result = await modifyInstanceMetadataOptions({ InstanceId: T3, HttpTokens: 'optional', HttpPutResponseHopLimit: 5 }, operationContext(cluster));
    const want = { httpTokens: 'optional', httpPutResponseHopLimit: 5, httpEndpoint: 'enabled', httpProtocolIpv6: 'disabled', instanceMetadataTags: 'disabled' };
    assert.deepEqual(specIn(cluster, T3).metadataOptions, want);
    assert.deepEqual(result, {
      InstanceId: T3,
      InstanceMetadataOptions: { State: 'applied', HttpTokens: 'optional', HttpPutResponseHopLimit: 5, HttpEndpoint: 'enabled', HttpProtocolIpv6: 'disabled', InstanceMetadataTags: 'disabled' },
    });
  });
  const refusals: Record<string, { input: object; code: string }> = {
    'no options': { input: { InstanceId: T3 }, code: 'InvalidParameterCombination' },
    'a value that does not exist': { input: { InstanceId: T3, HttpTokens: 'never' }, code: 'InvalidParameterValue' },
    'a hop limit out of bounds': { input: { InstanceId: T3, HttpPutResponseHopLimit: 0 }, code: 'InvalidParameterValue' },
    'a terminated instance': { input: { InstanceId: GONE, HttpTokens: 'optional' }, code: 'IncorrectInstanceState' },
    'an unknown instance': { input: { InstanceId: 'i-0000000000000000e', HttpTokens: 'optional' }, code: 'InvalidInstanceID.NotFound' },
  };
  for (const [name, { input, code }] of Object.entries(refusals)) {
    it(`refuses ${name}`, () => assert.rejects(modifyInstanceMetadataOptions(input as never, operationContext(clusterOf())), { name: 'AwsError', code }));
  }
});

describe('MonitorInstances and UnmonitorInstances', () => {
  it('turn monitoring on and off, and repeat without a write', async () => {
    const cluster = clusterOf();
    const context = operationContext(cluster);
    const on = { InstanceMonitorings: [{ InstanceId: T3, Monitoring: { State: 'enabled' } }] };
    assert.deepEqual(await monitorInstances({ InstanceIds: [T3] }, context), on);
    assert.equal(specIn(cluster, T3).monitoring, true);
    assert.deepEqual(await monitorInstances({ InstanceIds: [T3] }, context), on);
    assert.equal(cluster.writes.length, 1);
    assert.deepEqual(await unmonitorInstances({ InstanceIds: [T3] }, context), { InstanceMonitorings: [{ InstanceId: T3, Monitoring: { State: 'disabled' } }] });
    assert.equal(specIn(cluster, T3).monitoring, false);
  });
  it('refuse an unknown instance', () =>
    assert.rejects(monitorInstances({ InstanceIds: ['i-0000000000000000e'] }, operationContext(clusterOf())), { code: 'InvalidInstanceID.NotFound' }));
});
