import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import type { ModifyInstanceMetadataDefaultsRequest, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { launchDraftFrom } from '../../../../../operator/api/compute/launch-draft.ts';
import { getInstanceMetadataDefaults } from '../../../../../operator/endpoint/ec2/account-settings/GetInstanceMetadataDefaults.ts';
import { modifyInstanceMetadataDefaults } from '../../../../../operator/endpoint/ec2/account-settings/ModifyInstanceMetadataDefaults.ts';
import { modifyInstanceMetadataOptions } from '../../../../../operator/endpoint/ec2/instances/ModifyInstanceMetadataOptions.ts';
import { runInstances } from '../../../../../operator/endpoint/ec2/instances/RunInstances.ts';
import { ApiError } from '../../../../../operator/kubernetes/errors.ts';
import { AccountSettings, Instance } from '../../../../../operator/kubernetes/resources.ts';
import { aNode, anAmi, anInstanceType, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { aSecurityGroup } from '../../../../support/instance-objects.ts';
import { launchFacts } from '../../../../support/launch-facts.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const IMAGE = 'ami-00000000000000001';
const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);
const world = (): FakeCluster =>
  new FakeCluster({ objects: [theAccount(), anAmi(IMAGE, { imdsSupport: 'v2.0' }), anInstanceType('t3.micro'), aNode('node-a', { zone: 'us-east-1a' }), aSecurityGroup('default-group', { groupName: 'default' })] });
const modify = async (cluster: FakeCluster, input: ModifyInstanceMetadataDefaultsRequest): Promise<void> => {
  const answer = await modifyInstanceMetadataDefaults(input, operationContext(cluster));
  assert.deepEqual([answer, checker.violations('ModifyInstanceMetadataDefaults', answer)], [{ Return: true }, []]);
};
const defaultsOf = async (cluster: FakeCluster): Promise<unknown> => {
  const answer = await getInstanceMetadataDefaults({}, operationContext(cluster));
  assert.deepEqual(checker.violations('GetInstanceMetadataDefaults', answer), []);
  return answer.AccountLevel;
};
const launch = async (cluster: FakeCluster, MetadataOptions?: RunInstancesRequest['MetadataOptions']): Promise<Instance['spec']['metadataOptions']> => {
  await runInstances({ ImageId: IMAGE, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...(MetadataOptions && { MetadataOptions }) }, operationContext(cluster));
  return cluster.list(Instance, NAMESPACE).at(-1)?.spec.metadataOptions ?? assert.fail('nothing was launched');
};
const service = { httpTokens: 'required', httpEndpoint: 'enabled', httpPutResponseHopLimit: 2, httpProtocolIpv6: 'disabled', instanceMetadataTags: 'disabled' };

describe('defaults of metadata options of an account', () => {
  it('are none at first', async () => assert.deepEqual(await defaultsOf(world()), { ManagedBy: 'account' }));

  it('are set, changed one by one, and taken back', async () => {
    const cluster = world();
    await modify(cluster, { HttpTokens: 'optional', HttpPutResponseHopLimit: 5 });
    await modify(cluster, { HttpEndpoint: 'disabled', InstanceMetadataTags: 'enabled', HttpTokensEnforced: 'disabled' });
    assert.deepEqual(await defaultsOf(cluster), { HttpTokens: 'optional', HttpPutResponseHopLimit: 5, HttpEndpoint: 'disabled', InstanceMetadataTags: 'enabled', HttpTokensEnforced: 'disabled', ManagedBy: 'account' });
    await modify(cluster, { HttpTokens: 'no-preference', HttpPutResponseHopLimit: -1 });
    assert.deepEqual(await defaultsOf(cluster), { HttpEndpoint: 'disabled', InstanceMetadataTags: 'enabled', HttpTokensEnforced: 'disabled', ManagedBy: 'account' });
    await modify(cluster, { HttpEndpoint: 'no-preference', InstanceMetadataTags: 'no-preference', HttpTokensEnforced: 'no-preference' });
    assert.deepEqual(await defaultsOf(cluster), { ManagedBy: 'account' });
    assert.deepEqual(cluster.list(AccountSettings).map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`), [`${NAMESPACE}/default`]);
  });

  it('write nothing where nothing is asked for', async () => {
    const cluster = world();
    await modify(cluster, {});
    assert.deepEqual(cluster.writes, []);
  });

  it('are set though another call makes the settings in between', async () => {
    const cluster = world();
    const context = operationContext(cluster);
    let isFirst = true;
    const patch: typeof cluster.patch = async (type, key, body) => {
      if (!isFirst) return cluster.patch(type, key, body);
      isFirst = false;
      await modifyInstanceMetadataDefaults({ HttpTokens: 'required' }, context);
      throw new ApiError({ code: 404, reason: 'NotFound', message: 'not there yet' });
    };
    const write = new Proxy(context.write, { get: (target, name) => (name === 'patch' ? patch : (Reflect.get(target, name, target) as () => unknown).bind(target)) });
    const raced = { ...context, write };
    await modifyInstanceMetadataDefaults({ HttpEndpoint: 'disabled' }, raced);
    assert.deepEqual(await defaultsOf(cluster), { HttpTokens: 'required', HttpEndpoint: 'disabled', ManagedBy: 'account' });
  });

  const launches: Record<string, { account: ModifyInstanceMetadataDefaultsRequest; asked?: RunInstancesRequest['MetadataOptions']; want: object }> = {
    'count for a launch that says nothing, before the image': { account: { HttpTokens: 'optional', HttpPutResponseHopLimit: 7 }, want: { ...service, httpTokens: 'optional', httpPutResponseHopLimit: 7 } },
    'give way to what the launch says': { account: { HttpTokens: 'optional', HttpEndpoint: 'disabled' }, asked: { HttpTokens: 'required' }, want: { ...service, httpEndpoint: 'disabled' } },
    'leave what they say nothing about': { account: { InstanceMetadataTags: 'enabled' }, want: { ...service, instanceMetadataTags: 'enabled' } },
    'say by enforcement nothing about a launch with tokens': { account: { HttpTokensEnforced: 'enabled' }, want: service },
  };
  for (const [name, { account, asked, want }] of Object.entries(launches)) {
    it(name, async () => {
      const cluster = world();
      await modify(cluster, account);
      assert.deepEqual(await launch(cluster, asked), want);
    });
  }

  it('enforce tokens: for launches, for changes, for groups', async () => {
    const cluster = world();
    await launch(cluster, { HttpTokens: 'optional' });
    const InstanceId = cluster.list(Instance, NAMESPACE)[0]?.metadata.name ?? '';
    await modify(cluster, { HttpTokensEnforced: 'enabled' });
    await assert.rejects(launch(cluster, { HttpTokens: 'optional' }), { code: 'UnsupportedOperation', message: /httpTokensEnforced/ });
    await assert.rejects(modifyInstanceMetadataOptions({ InstanceId, HttpTokens: 'optional' }, operationContext(cluster)), { code: 'UnsupportedOperation', message: /httpTokensEnforced/ });
    await modifyInstanceMetadataOptions({ InstanceId, HttpTokens: 'required' }, operationContext(cluster));
    const facts = launchFacts({ metadataDefaults: { httpTokensEnforced: 'enabled' } });
    assert.throws(() => launchDraftFrom({ imageId: IMAGE, metadataOptions: { httpTokens: 'optional' } }, facts), { code: 'UnsupportedOperation', message: /httpTokensEnforced/ });
  });

  it('count for groups in the same order', () => {
    const facts = launchFacts({ metadataDefaults: { httpTokens: 'optional', httpEndpoint: 'disabled', httpPutResponseHopLimit: 9 } });
    const draft = launchDraftFrom({ imageId: IMAGE, metadataOptions: { httpTokens: 'required', httpEndpoint: '' } }, facts);
    assert.deepEqual(draft.spec.metadataOptions, { ...service, httpEndpoint: 'disabled', httpPutResponseHopLimit: 9 });
  });

  const refused: Record<string, { input: object; code: string }> = {
    'unknown tokens': { input: { HttpTokens: 'sometimes' }, code: 'InvalidParameterValue' },
    'an unknown end point': { input: { HttpEndpoint: 'on' }, code: 'InvalidParameterValue' },
    'no hops': { input: { HttpPutResponseHopLimit: 0 }, code: 'InvalidParameterValue' },
    'too many hops': { input: { HttpPutResponseHopLimit: 65 }, code: 'InvalidParameterValue' },
    'tokens both optional and enforced': { input: { HttpTokens: 'optional', HttpTokensEnforced: 'enabled' }, code: 'InvalidParameterCombination' },
  };
  for (const [name, { input, code }] of Object.entries(refused)) {
    it(`refuse ${name}`, async () => {
      const cluster = world();
      await assert.rejects(modifyInstanceMetadataDefaults(input, operationContext(cluster)), { code });
      assert.deepEqual(cluster.writes, []);
    });
  }
});
