import assert from 'node:assert/strict';
import * as ec2 from '@aws-sdk/client-ec2';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { watchAnswers } from '../support/checked-client.ts';
import { sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { ResponseChecker } from '../support/response-violations.ts';
import { openForEachTry } from '../support/tries.ts';

describe('what an account decides for itself', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  const watched = { called: new Set<string>(), violations: [] as string[] };
  const optionsOf = async (input: Partial<ec2.RunInstancesCommandInput>): Promise<unknown[]> => {
    const { Instances } = await tenant.ec2.send(new ec2.RunInstancesCommand({ ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.nano', MinCount: 1, MaxCount: 1, ...input }));
    const { InstanceId = '', MetadataOptions: shown } = Instances?.[0] ?? {};
    await tenant.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
    return [shown?.HttpTokens, shown?.HttpPutResponseHopLimit, shown?.HttpEndpoint, shown?.InstanceMetadataTags];
  };

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('settings');
    watchAnswers(tenant.ec2, new ResponseChecker('@aws-sdk/client-ec2', ec2), watched);
  });

  it('are defaults of metadata options, set by aws CLI as its root user: after request and template, before the rest', async () => {
    const modify = async (...words: string[]): Promise<unknown> => tenant.aws('ec2', 'modify-instance-metadata-defaults', ...words);
    assert.deepEqual(await modify('--http-tokens', 'no-preference', '--http-tokens-enforced', 'no-preference'), { Return: true });
    assert.deepEqual(await modify('--http-tokens', 'optional', '--http-put-response-hop-limit', '5', '--instance-metadata-tags', 'enabled'), { Return: true });
    const { AccountLevel } = await tenant.ec2.send(new ec2.GetInstanceMetadataDefaultsCommand({}));
    assert.deepEqual(AccountLevel, { HttpTokens: 'optional', HttpPutResponseHopLimit: 5, InstanceMetadataTags: 'enabled', ManagedBy: 'account' });
    const LaunchTemplateName = `settings-${String(Date.now())}`;
    await tenant.ec2.send(new ec2.CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData: { MetadataOptions: { HttpPutResponseHopLimit: 9, InstanceMetadataTags: 'disabled' } } }));
    assert.deepEqual(await optionsOf({}), ['optional', 5, 'enabled', 'enabled']);
    assert.deepEqual(await optionsOf({ LaunchTemplate: { LaunchTemplateName }, MetadataOptions: { HttpPutResponseHopLimit: 11 } }), ['optional', 11, 'enabled', 'disabled']);

    await assert.rejects(modify('--http-tokens-enforced', 'enabled'), /InvalidParameterCombination/);
    await modify('--http-tokens', 'required', '--http-tokens-enforced', 'enabled');
    await assert.rejects(optionsOf({ MetadataOptions: { HttpTokens: 'optional' } }), { name: 'UnsupportedOperation' });
    assert.deepEqual(await optionsOf({}), ['required', 5, 'enabled', 'enabled']);

    await modify('--http-tokens', 'no-preference', '--http-tokens-enforced', 'no-preference', '--http-put-response-hop-limit', '-1', '--instance-metadata-tags', 'no-preference');
    assert.deepEqual(await optionsOf({}), ['required', 2, 'enabled', 'disabled']);
    assert.deepEqual(watched.violations, []);
  });

  it('are seen and set with kubectl too', async () => {
    const { namespace } = tenant.account;
    const settings = { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'AccountSettings', metadata: { name: 'default', namespace }, spec: { instanceMetadataDefaults: { httpEndpoint: 'disabled' } } };
    await cloud.controlPlane.applier.apply([settings]);
    await eventually('the API shows it', 30, async () => (await tenant.ec2.send(new ec2.GetInstanceMetadataDefaultsCommand({}))).AccountLevel?.HttpEndpoint === 'disabled');
    assert.equal((await optionsOf({}))[2], 'disabled');
    await tenant.aws('ec2', 'modify-instance-metadata-defaults', '--http-endpoint', 'no-preference');
  });
});
