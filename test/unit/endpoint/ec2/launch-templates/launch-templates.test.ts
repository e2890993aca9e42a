import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import type {
  CreateLaunchTemplateRequest,
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplateVersionsRequest,
  RequestLaunchTemplateData,
  RunInstancesRequest,
} from '@aws-sdk/client-ec2';
import { NormalizedSchema } from '@smithy/core/schema';
import { LaunchTemplateDefinition } from '../../../../../operator/api/compute/launch-template.ts';
import { runInstances } from '../../../../../operator/endpoint/ec2/instances/RunInstances.ts';
import { createLaunchTemplate } from '../../../../../operator/endpoint/ec2/launch-templates/CreateLaunchTemplate.ts';
import { createLaunchTemplateVersion } from '../../../../../operator/endpoint/ec2/launch-templates/CreateLaunchTemplateVersion.ts';
import { deleteLaunchTemplate } from '../../../../../operator/endpoint/ec2/launch-templates/DeleteLaunchTemplate.ts';
import { deleteLaunchTemplateVersions } from '../../../../../operator/endpoint/ec2/launch-templates/DeleteLaunchTemplateVersions.ts';
import { describeLaunchTemplates } from '../../../../../operator/endpoint/ec2/launch-templates/DescribeLaunchTemplates.ts';
import { describeLaunchTemplateVersions } from '../../../../../operator/endpoint/ec2/launch-templates/DescribeLaunchTemplateVersions.ts';
import { getLaunchTemplateData } from '../../../../../operator/endpoint/ec2/launch-templates/GetLaunchTemplateData.ts';
import { modifyLaunchTemplate } from '../../../../../operator/endpoint/ec2/launch-templates/ModifyLaunchTemplate.ts';
import { launchParametersFrom, sdkTemplateDataFrom, templateDataFrom } from '../../../../../operator/endpoint/ec2/launch-templates/template-data.ts';
import { describeTags } from '../../../../../operator/endpoint/ec2/tags/DescribeTags.ts';
import type { OperationContext } from '../../../../../operator/endpoint/operation.ts';
import { Instance, LaunchTemplate } from '../../../../../operator/kubernetes/resources.ts';
import { anAmi, anInstanceType, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { aSecurityGroup, anInstance } from '../../../../support/instance-objects.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const AMI = 'ami-00000000000000001';
const OTHER_AMI = 'ami-00000000000000002';
const GROUP = 'sg-00000000000000001';
const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);

function code(wanted: string, message?: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Error && 'code' in error, String(error));
    assert.equal(error.code, wanted, error.message);
    if (message) assert.match(error.message, message);
    return true;
  };
}

function cloud(objects: NonNullable<NonNullable<ConstructorParameters<typeof FakeCluster>[0]>['objects']> = []): { cluster: FakeCluster; context: OperationContext } {
  const cluster = new FakeCluster({
    objects: [
      theAccount(),
      anAmi(AMI, { source: { persistentVolumeClaim: { claimName: 'disk' } }, rootVolumeSize: 8 }),
      anAmi(OTHER_AMI),
      anInstanceType('t3.micro'),
      anInstanceType('m5.large'),
      aSecurityGroup(GROUP, { groupName: 'web' }),
      ...objects,
    ],
  });
  return { cluster, context: operationContext(cluster) };
}

function aTemplate(name: string, spec: object = {}): LaunchTemplate {
  const { apiVersion, kind } = LaunchTemplateDefinition;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: NAMESPACE, uid: `uid-${name}`, creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: LaunchTemplateDefinition.spec.parse({ versions: [{ versionNumber: 1, launchTemplateData: {} }], ...spec }),
  };
}

const minimal: CreateLaunchTemplateRequest = { LaunchTemplateName: 'web', LaunchTemplateData: { ImageId: AMI, InstanceType: 't3.micro' } };

async function made(context: OperationContext, input: Partial<CreateLaunchTemplateRequest> = {}): Promise<string> {
  const result = await createLaunchTemplate({ ...minimal, ...input }, context);
  assert.deepEqual(checker.violations('CreateLaunchTemplate', result), []);
  return result.LaunchTemplate?.LaunchTemplateId ?? assert.fail('no id');
}

async function versionOf(context: OperationContext, LaunchTemplateId: string, version: string): Promise<sdk.LaunchTemplateVersion> {
  const result = await describeLaunchTemplateVersions({ LaunchTemplateId, Versions: [version] }, context);
  assert.deepEqual(checker.violations('DescribeLaunchTemplateVersions', result), []);
  return result.LaunchTemplateVersions?.[0] ?? assert.fail('no version');
}

/** A value for each member of a structure of the SDK's model, two levels of recursion at most. */
function everything(schema: NormalizedSchema, depth = 0): unknown {
  if (schema.isStructSchema()) {
    const members = depth > 6 ? [] : [...schema.structIterator()];
    return Object.fromEntries(members.map(([name, member]) => [name, everything(member, depth + 1)]));
  }
  if (schema.isListSchema()) return [everything(schema.getValueSchema(), depth + 1)];
  if (schema.isBooleanSchema()) return true;
  if (schema.isNumericSchema()) return 3;
  if (schema.isTimestampSchema()) return new Date('2027-01-01T00:00:00Z');
  return 'x';
}

const memberNames = (schema: unknown): string[] => [...NormalizedSchema.of(schema as never).structIterator()].map(([name]) => name);

describe('CreateLaunchTemplate', () => {
  it('keeps every parameter that the model has, and shows it exactly as it was given', async () => {
    const data = everything(NormalizedSchema.of(sdk.RequestLaunchTemplateData$)) as RequestLaunchTemplateData;
    assert.deepEqual(sdkTemplateDataFrom(structuredClone(templateDataFrom(data))), data);
    const response = memberNames(sdk.ResponseLaunchTemplateData$);
    assert.deepEqual(memberNames(sdk.RequestLaunchTemplateData$).filter((name) => !response.includes(name)), []);
  });

  it('names every parameter of a template as RunInstances does, but for what RunInstances does not have', () => {
    const data = Object.fromEntries(memberNames(sdk.RequestLaunchTemplateData$).map((name) => [name, 'x'])) as unknown as RequestLaunchTemplateData;
    const ofLaunch = memberNames(sdk.RunInstancesRequest$);
    assert.deepEqual(Object.keys(launchParametersFrom(templateDataFrom(data))).filter((name) => !ofLaunch.includes(name)), ['InstanceRequirements']);
  });

  it('makes version 1 the default and the latest, without adding anything to the data', async () => {
    const { context } = cloud();
    const LaunchTemplateData: RequestLaunchTemplateData = {
      ImageId: AMI,
      UserData: 'IyEvYmluL3No',
      MetadataOptions: { HttpEndpoint: 'enabled' },
      Placement: { AvailabilityZone: '' },
      BlockDeviceMappings: [{ DeviceName: '/dev/sdb', NoDevice: '' }],
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a', Value: '1' }] }, { ResourceType: 'volume', Tags: [{ Key: 'b', Value: '' }] }],
      InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { ValidUntil: new Date('2027-01-01T00:00:00Z') } },
      CpuOptions: { CoreCount: 1 },
    };
    const created = await createLaunchTemplate({ ...minimal, VersionDescription: 'first', LaunchTemplateData, TagSpecifications: [{ ResourceType: 'launch-template', Tags: [{ Key: 'k', Value: 'v' }] }] }, context);
    const { LaunchTemplateId, CreateTime, ...rest } = created.LaunchTemplate ?? {};
    assert.match(LaunchTemplateId ?? '', /^lt-[0-9a-f]{17}$/);
    assert.ok(CreateTime instanceof Date);
    assert.deepEqual(rest, { LaunchTemplateName: 'web', CreatedBy: 'arn:aws:iam::123456789012:root', DefaultVersionNumber: 1, LatestVersionNumber: 1, Tags: [{ Key: 'k', Value: 'v' }] });
    const version = await versionOf(context, LaunchTemplateId ?? '', '$Default');
    assert.deepEqual([version.VersionNumber, version.VersionDescription, version.DefaultVersion, version.LaunchTemplateData], [1, 'first', true, LaunchTemplateData]);
  });

  const refused: Record<string, { input: Partial<CreateLaunchTemplateRequest>; want: string; message?: RegExp }> = {
    'a name that is taken': { input: { LaunchTemplateName: 'taken' }, want: 'InvalidLaunchTemplateName.AlreadyExistsException', message: /^Launch template name already in use: taken\.$/ },
    'a name of two characters': { input: { LaunchTemplateName: 'ab' }, want: 'InvalidLaunchTemplateName.MalformedException' },
    'a name of 129 characters': { input: { LaunchTemplateName: 'a'.repeat(129) }, want: 'InvalidLaunchTemplateName.MalformedException' },
    'a name with a space': { input: { LaunchTemplateName: 'a name' }, want: 'InvalidLaunchTemplateName.MalformedException' },
    'an image id that is none': { input: { LaunchTemplateData: { ImageId: 'image' } }, want: 'InvalidAMIID.Malformed' },
    'user data that is no base64': { input: { LaunchTemplateData: { UserData: 'no!' } }, want: 'InvalidUserData.Malformed' },
    'user data of more than 16 KB': { input: { LaunchTemplateData: { UserData: Buffer.alloc(16385).toString('base64') } }, want: 'InvalidParameterValue', message: /16384/ },
    'an instance type that is none': { input: { LaunchTemplateData: { InstanceType: 'big' as never } }, want: 'InvalidParameterValue', message: /instanceType/ },
    'a type beside requirements': {
      input: { LaunchTemplateData: { InstanceType: 't3.micro', InstanceRequirements: { VCpuCount: { Min: 1 }, MemoryMiB: { Min: 1 } } } },
      want: 'InvalidParameterCombination',
    },
    'tags of the service': { input: { LaunchTemplateData: { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'aws:x', Value: '' }] }] } }, want: 'InvalidParameterValue', message: /reserved/ },
    'tags for what has none': { input: { LaunchTemplateData: { TagSpecifications: [{ ResourceType: 'vpc', Tags: [] }] } }, want: 'InvalidParameterValue', message: /'vpc'/ },
    'tags of another kind for the template': { input: { TagSpecifications: [{ ResourceType: 'instance', Tags: [] }] }, want: 'InvalidParameterValue', message: /'instance'/ },
    'a description of 256 characters': { input: { VersionDescription: 'a'.repeat(256) }, want: 'InvalidParameterValue' },
    'a token of 129 characters': { input: { ClientToken: 'a'.repeat(129) }, want: 'InvalidParameterValue' },
    'a managed template': { input: { Operator: { Principal: 'x' } }, want: 'UnsupportedOperation' },
  };
  for (const [name, { input, want, message }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const { cluster, context } = cloud([aTemplate('made-with-kubectl', { launchTemplateName: 'taken' })]);
      await assert.rejects(createLaunchTemplate({ ...minimal, ...input }, context), code(want, message));
      assert.equal(cluster.list(LaunchTemplate).length, 1);
    });
  }

  it('answers a repeated call with what the first made, and refuses the token with other parameters', async () => {
    const { cluster, context } = cloud();
    const [one, other] = await Promise.all([made(context, { ClientToken: 't' }), made(context, { ClientToken: 't' })]);
    assert.equal(await made(context, { ClientToken: 't' }), one);
    assert.equal(other, one);
    await assert.rejects(made(context, { ClientToken: 't', LaunchTemplateName: 'other' }), code('IdempotentParameterMismatch'));
    assert.equal(cluster.list(LaunchTemplate).length, 1);
  });

  it('makes one template of two calls with the same name at the same time', async () => {
    const { cluster, context } = cloud();
    const results = await Promise.allSettled([made(context), made(context)]);
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const failed = results.find((result) => result.status === 'rejected');
    code('InvalidLaunchTemplateName.AlreadyExistsException')(failed?.reason);
    assert.equal(cluster.list(LaunchTemplate).length, 1);
  });
});

describe('CreateLaunchTemplateVersion', () => {
  it('numbers versions one after another, loses none of many at the same time, and never uses a number again', async () => {
    const { context } = cloud();
    const LaunchTemplateId = await made(context);
    const results = await Promise.all(
      Array.from({ length: 20 }, async () => createLaunchTemplateVersion({ LaunchTemplateId, LaunchTemplateData: { KeyName: 'k' } }, context)),
    );
    for (const result of results) assert.deepEqual(checker.violations('CreateLaunchTemplateVersion', result), []);
    const numbers = results.map(({ LaunchTemplateVersion }) => LaunchTemplateVersion?.VersionNumber ?? 0).sort((left, right) => left - right);
    assert.deepEqual(numbers, Array.from({ length: 20 }, (_, index) => index + 2));
    await deleteLaunchTemplateVersions({ LaunchTemplateId, Versions: ['20', '21'] }, context);
    const { LaunchTemplateVersion } = await createLaunchTemplateVersion({ LaunchTemplateName: 'web', LaunchTemplateData: { KeyName: 'k' } }, context);
    assert.equal(LaunchTemplateVersion?.VersionNumber, 22);
    assert.equal(LaunchTemplateVersion.DefaultVersion, false);
  });

  it('takes what it is not told from the source version, but for snapshots', async () => {
    const { context } = cloud();
    const BlockDeviceMappings = [{ DeviceName: '/dev/sdb', Ebs: { SnapshotId: 'snap-1', VolumeSize: 5 } }];
    const LaunchTemplateId = await made(context, { LaunchTemplateData: { ImageId: AMI, KeyName: 'a', BlockDeviceMappings } });
    await createLaunchTemplateVersion({ LaunchTemplateId, SourceVersion: '1', LaunchTemplateData: { KeyName: 'b' } }, context);
    assert.deepEqual((await versionOf(context, LaunchTemplateId, '$Latest')).LaunchTemplateData, { ImageId: AMI, KeyName: 'b', BlockDeviceMappings: [{ DeviceName: '/dev/sdb', Ebs: { VolumeSize: 5 } }] });
    await createLaunchTemplateVersion({ LaunchTemplateId, LaunchTemplateData: { KeyName: 'c' } }, context);
    assert.deepEqual((await versionOf(context, LaunchTemplateId, '$Latest')).LaunchTemplateData, { KeyName: 'c' });
    await assert.rejects(createLaunchTemplateVersion({ LaunchTemplateId, SourceVersion: '9', LaunchTemplateData: {} }, context), code('InvalidLaunchTemplateId.VersionNotFound'));
  });

  it('makes one version for a client token', async () => {
    const { context } = cloud();
    const LaunchTemplateId = await made(context);
    const input = { LaunchTemplateId, ClientToken: 't', LaunchTemplateData: { KeyName: 'k' } };
    const results = await Promise.all([createLaunchTemplateVersion(input, context), createLaunchTemplateVersion(input, context)]);
    assert.deepEqual(results.map(({ LaunchTemplateVersion }) => LaunchTemplateVersion?.VersionNumber), [2, 2]);
    await assert.rejects(createLaunchTemplateVersion({ ...input, LaunchTemplateData: {} }, context), code('IdempotentParameterMismatch'));
  });

  it('says so when the template is full', async () => {
    const { context } = cloud();
    const LaunchTemplateId = await made(context);
    const input = { LaunchTemplateId, LaunchTemplateData: { UserData: Buffer.alloc(16384).toString('base64') } };
    await assert.rejects(async () => {
      for (let count = 0; count < 60; count += 1) await createLaunchTemplateVersion(input, context);
    }, code('VersionLimitExceeded'));
  });
});

describe('ModifyLaunchTemplate', () => {
  it('changes what $Default stands for', async () => {
    const { context } = cloud();
    const LaunchTemplateId = await made(context);
    await createLaunchTemplateVersion({ LaunchTemplateId, LaunchTemplateData: { KeyName: 'k' } }, context);
    const result = await modifyLaunchTemplate({ LaunchTemplateId, DefaultVersion: '2' }, context);
    assert.deepEqual(checker.violations('ModifyLaunchTemplate', result), []);
    assert.equal(result.LaunchTemplate?.DefaultVersionNumber, 2);
    assert.equal((await versionOf(context, LaunchTemplateId, '$Default')).VersionNumber, 2);
    await assert.rejects(modifyLaunchTemplate({ LaunchTemplateId, DefaultVersion: '3' }, context), code('InvalidLaunchTemplateId.VersionNotFound'));
    await assert.rejects(modifyLaunchTemplate({ LaunchTemplateId }, context), code('MissingParameter'));
  });
});

describe('DeleteLaunchTemplateVersions', () => {
  it('says of each version what became of it', async () => {
    const { context } = cloud();
    const LaunchTemplateId = await made(context);
    await createLaunchTemplateVersion({ LaunchTemplateId, LaunchTemplateData: { KeyName: 'k' } }, context);
    const result = await deleteLaunchTemplateVersions({ LaunchTemplateId, Versions: ['1', '2', '9'] }, context);
    assert.deepEqual(checker.violations('DeleteLaunchTemplateVersions', result), []);
    assert.deepEqual(result.SuccessfullyDeletedLaunchTemplateVersions, [{ LaunchTemplateId, LaunchTemplateName: 'web', VersionNumber: 2 }]);
    assert.deepEqual(result.UnsuccessfullyDeletedLaunchTemplateVersions?.map(({ VersionNumber, ResponseError }) => [VersionNumber, ResponseError?.Code]), [
      [1, 'unexpectedError'],
      [9, 'launchTemplateVersionDoesNotExist'],
    ]);
    const { LaunchTemplates } = await describeLaunchTemplates({ LaunchTemplateIds: [LaunchTemplateId] }, context);
    assert.equal(LaunchTemplates?.[0]?.LatestVersionNumber, 1);
    await assert.rejects(deleteLaunchTemplateVersions({ LaunchTemplateId, Versions: ['$Latest'] }, context), code('InvalidParameterValue'));
    await assert.rejects(deleteLaunchTemplateVersions({ LaunchTemplateId, Versions: Array.from({ length: 201 }, (_, index) => String(index)) }, context), code('InvalidParameterValue'));
  });
});

describe('DeleteLaunchTemplate', () => {
  it('removes the template and frees its name; the next of that name has another id', async () => {
    const { cluster, context } = cloud();
    const first = await made(context);
    const result = await deleteLaunchTemplate({ LaunchTemplateName: 'web' }, context);
    assert.deepEqual(checker.violations('DeleteLaunchTemplate', result), []);
    assert.equal(result.LaunchTemplate?.LaunchTemplateId, first);
    assert.equal(cluster.list(LaunchTemplate).length, 0);
    assert.notEqual(await made(context), first);
    await assert.rejects(deleteLaunchTemplate({ LaunchTemplateId: first }, context), code('InvalidLaunchTemplateId.NotFound'));
  });
});

describe('requests that name a template', () => {
  const refused: Record<string, { input: { LaunchTemplateId?: string; LaunchTemplateName?: string }; want: string }> = {
    'with no such id': { input: { LaunchTemplateId: 'lt-00000000000000009' }, want: 'InvalidLaunchTemplateId.NotFound' },
    'with what is no id': { input: { LaunchTemplateId: 'lt-xyz' }, want: 'InvalidLaunchTemplateId.Malformed' },
    'with no such name': { input: { LaunchTemplateName: 'none' }, want: 'InvalidLaunchTemplateName.NotFoundException' },
    'with both': { input: { LaunchTemplateId: 'lt-00000000000000009', LaunchTemplateName: 'web' }, want: 'InvalidParameterCombination' },
    'with neither': { input: {}, want: 'MissingParameter' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`${name} are refused`, async () => {
      const { context } = cloud();
      await made(context);
      await assert.rejects(deleteLaunchTemplate(input, context), code(want));
      await assert.rejects(createLaunchTemplateVersion({ ...input, LaunchTemplateData: {} }, context), code(want));
      await assert.rejects(describeLaunchTemplateVersions(input, context), code(want));
    });
  }
});

describe('DescribeLaunchTemplates', () => {
  const alpha = aTemplate('alpha', { tags: [{ key: 'team', value: 'a' }] });
  const beta = aTemplate('beta', { launchTemplateName: 'Beta' });
  const describe_ = async (input: DescribeLaunchTemplatesRequest): Promise<(string | undefined)[]> => {
    const { context } = cloud([alpha, beta, { ...aTemplate('foreign'), metadata: { name: 'foreign', namespace: 'stranger', uid: 'f' } }]);
    const result = await describeLaunchTemplates(input, context);
    assert.deepEqual(checker.violations('DescribeLaunchTemplates', result), []);
    return (result.LaunchTemplates ?? []).map(({ LaunchTemplateName }) => LaunchTemplateName).sort();
  };
  const cases: Record<string, { input: DescribeLaunchTemplatesRequest; want: string[] }> = {
    'all of the account, those made with kubectl by the name of the resource': { input: {}, want: ['Beta', 'alpha'] },
    'by name': { input: { LaunchTemplateNames: ['Beta'] }, want: ['Beta'] },
    'by the filter launch-template-name': { input: { Filters: [{ Name: 'launch-template-name', Values: ['al*'] }] }, want: ['alpha'] },
    'by the filter create-time': { input: { Filters: [{ Name: 'create-time', Values: ['2026-01-01T00:00:00.000Z'] }] }, want: ['Beta', 'alpha'] },
    'by tag': { input: { Filters: [{ Name: 'tag:team', Values: ['a'] }] }, want: ['alpha'] },
    'by tag-key': { input: { Filters: [{ Name: 'tag-key', Values: ['team'] }] }, want: ['alpha'] },
    'by name and filter, both of which must fit': { input: { LaunchTemplateNames: ['Beta'], Filters: [{ Name: 'tag-key', Values: ['team'] }] }, want: [] },
  };
  for (const [name, { input, want }] of Object.entries(cases)) it(`lists ${name}`, async () => assert.deepEqual(await describe_(input), want));

  it('refuses names and ids that are not there, unknown filters and page sizes out of bounds', async () => {
    await assert.rejects(describe_({ LaunchTemplateNames: ['foreign'] }), code('InvalidLaunchTemplateName.NotFoundException'));
    await assert.rejects(describe_({ LaunchTemplateIds: ['lt-00000000000000009'] }), code('InvalidLaunchTemplateId.NotFound'));
    await assert.rejects(describe_({ LaunchTemplateIds: ['x'] }), code('InvalidLaunchTemplateId.Malformed'));
    await assert.rejects(describe_({ Filters: [{ Name: 'colour', Values: ['x'] }] }), code('InvalidParameterValue'));
    await assert.rejects(describe_({ MaxResults: 201 }), code('InvalidParameterValue'));
    await assert.rejects(describe_({ NextToken: 'made-up' }), code('InvalidNextToken'));
  });
});

describe('DescribeLaunchTemplateVersions', () => {
  const data = {
    1: { imageId: AMI, instanceType: 't3.micro', ebsOptimized: true, metadataOptions: { httpTokens: 'required', httpEndpoint: 'enabled' } },
    2: { imageId: OTHER_AMI, kernelId: 'aki-1', ramDiskId: 'ari-1', iamInstanceProfile: { arn: 'arn:p' }, networkInterfaces: [{ networkCardIndex: 1 }] },
    3: { userData: '#!/bin/sh', placement: { hostResourceGroupArn: 'arn:h' }, licenseSpecifications: [{ licenseConfigurationArn: 'arn:l' }] },
  };
  const template = aTemplate('web', {
    defaultVersion: 2,
    versions: Object.entries(data).map(([number, launchTemplateData]) => ({ versionNumber: Number(number), launchTemplateData, ...(number === '3' && { createTime: '2026-02-03T04:05:06Z' }) })),
  });
  const numbers = async (input: DescribeLaunchTemplateVersionsRequest): Promise<string[]> => {
    const { context } = cloud([template, aTemplate('zeta')]);
    const result = await describeLaunchTemplateVersions(input, context);
    assert.deepEqual(checker.violations('DescribeLaunchTemplateVersions', result), []);
    return (result.LaunchTemplateVersions ?? []).map(({ LaunchTemplateName, VersionNumber }) => `${LaunchTemplateName}:${VersionNumber}`);
  };
  const LaunchTemplateName = 'web';
  const filtered = (Name: string, Value: string): DescribeLaunchTemplateVersionsRequest => ({ LaunchTemplateName, Filters: [{ Name, Values: [Value] }] });
  const cases: Record<string, { input: DescribeLaunchTemplateVersionsRequest; want: string[] }> = {
    'all of one template, the newest first': { input: { LaunchTemplateName }, want: ['web:3', 'web:2', 'web:1'] },
    'those that are named, each once': { input: { LaunchTemplateName, Versions: ['1', '$Default', '2', '$Latest'] }, want: ['web:3', 'web:2', 'web:1'] },
    'those from a number on': { input: { LaunchTemplateName, MinVersion: '2' }, want: ['web:3', 'web:2'] },
    'those up to a number': { input: { LaunchTemplateName, MaxVersion: '2' }, want: ['web:2', 'web:1'] },
    'the latest of all templates': { input: { Versions: ['$Latest'] }, want: ['web:3', 'zeta:1'] },
    'the default of all templates': { input: { Versions: ['$Default'] }, want: ['web:2', 'zeta:1'] },
    'by create-time': { input: filtered('create-time', '2026-02-03*'), want: ['web:3'] },
    'by ebs-optimized': { input: filtered('ebs-optimized', 'true'), want: ['web:1'] },
    'by http-endpoint': { input: filtered('http-endpoint', 'enabled'), want: ['web:1'] },
    'by http-protocol-ipv4': { input: filtered('http-protocol-ipv4', 'enabled'), want: ['web:1'] },
    'by http-tokens': { input: filtered('http-tokens', 'required'), want: ['web:1'] },
    'by host-resource-group-arn': { input: filtered('host-resource-group-arn', 'arn:h'), want: ['web:3'] },
    'by iam-instance-profile': { input: filtered('iam-instance-profile', 'arn:p'), want: ['web:2'] },
    'by image-id': { input: filtered('image-id', AMI), want: ['web:1'] },
    'by instance-type': { input: filtered('instance-type', 't3.*'), want: ['web:1'] },
    'by is-default-version': { input: filtered('is-default-version', 'true'), want: ['web:2'] },
    'by kernel-id': { input: filtered('kernel-id', 'aki-1'), want: ['web:2'] },
    'by license-configuration-arn': { input: filtered('license-configuration-arn', 'arn:l'), want: ['web:3'] },
    'by network-card-index': { input: filtered('network-card-index', '1'), want: ['web:2'] },
    'by ram-disk-id': { input: filtered('ram-disk-id', 'ari-1'), want: ['web:2'] },
  };
  for (const [name, { input, want }] of Object.entries(cases)) it(`lists ${name}`, async () => assert.deepEqual((await numbers(input)).sort(), want.toSorted()));

  it('keeps its order and its place over pages', async () => {
    const { context } = cloud([template]);
    const first = await describeLaunchTemplateVersions({ LaunchTemplateName, MaxResults: 2 }, context);
    const second = await describeLaunchTemplateVersions({ LaunchTemplateName, MaxResults: 2, NextToken: first.NextToken }, context);
    assert.deepEqual([...(first.LaunchTemplateVersions ?? []), ...(second.LaunchTemplateVersions ?? [])].map(({ VersionNumber }) => VersionNumber), [3, 2, 1]);
    assert.equal(second.NextToken, undefined);
  });

  it('shows plain user data of kubectl as base64', async () => {
    const { context } = cloud([template]);
    const { LaunchTemplateVersions } = await describeLaunchTemplateVersions({ LaunchTemplateName, Versions: ['3'] }, context);
    assert.equal(Buffer.from(LaunchTemplateVersions?.[0]?.LaunchTemplateData?.UserData ?? '', 'base64').toString(), '#!/bin/sh');
  });

  it('refuses versions that are not there, are none, or do not go together', async () => {
    await assert.rejects(numbers({ LaunchTemplateName, Versions: ['4'] }), code('InvalidLaunchTemplateId.VersionNotFound'));
    await assert.rejects(numbers({ LaunchTemplateName, Versions: ['new'] }), code('InvalidParameterValue'));
    await assert.rejects(numbers({ LaunchTemplateName, MinVersion: 'x' }), code('InvalidParameterValue'));
    await assert.rejects(numbers({ LaunchTemplateName, Versions: ['1'], MinVersion: '1' }), code('InvalidParameterCombination'));
    await assert.rejects(numbers({}), code('MissingParameter'));
    await assert.rejects(numbers({ Versions: ['1'] }), code('MissingParameter'));
  });
});

describe('RunInstances from a launch template', () => {
  const run = async (context: OperationContext, input: Partial<RunInstancesRequest>): Promise<Instance> => {
    const { Instances } = await runInstances({ MinCount: 1, MaxCount: 1, ...input }, context);
    return context.read.get(Instance, { namespace: NAMESPACE, name: Instances?.[0]?.InstanceId ?? '' }) ?? assert.fail('no instance');
  };
  const LaunchTemplateData: RequestLaunchTemplateData = {
    ImageId: AMI,
    InstanceType: 't3.micro',
    SecurityGroupIds: [GROUP],
    UserData: 'IyEvYmluL3No',
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '1' }] }],
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 10 } }],
    DisableApiStop: true,
  };

  it('launches what the template says, and tells by tags which it was', async () => {
    const { context } = cloud();
    const id = await made(context, { LaunchTemplateData });
    const { metadata, spec } = await run(context, { LaunchTemplate: { LaunchTemplateId: id } });
    assert.deepEqual([spec.imageId, spec.instanceType, spec.securityGroupIds, spec.disableApiStop], [AMI, 't3.micro', [GROUP], true]);
    assert.deepEqual(spec.blockDeviceMappings, [{ deviceName: '/dev/xvda', ebs: { volumeSize: 10 } }]);
    assert.equal(spec.userDataSecretRef?.name, `${metadata.name}-user-data`);
    const filter = (key: string): sdk.DescribeTagsRequest => ({ Filters: [{ Name: 'resource-id', Values: [metadata.name] }, { Name: 'key', Values: [key] }] });
    assert.equal((await describeTags(filter('aws:ec2launchtemplate:id'), context)).Tags?.[0]?.Value, id);
    assert.equal((await describeTags(filter('aws:ec2launchtemplate:version'), context)).Tags?.[0]?.Value, '1');
  });

  it('lets the request have the last word, by device and by tag', async () => {
    const { context } = cloud();
    await made(context, { LaunchTemplateData });
    const { spec } = await run(context, {
      LaunchTemplate: { LaunchTemplateName: 'web', Version: '$Latest' },
      InstanceType: 'm5.large',
      KeyName: '',
      SecurityGroups: ['web'],
      BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 5 } }],
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'b', Value: '2' }] }],
    });
    assert.deepEqual([spec.instanceType, spec.securityGroupIds, spec.blockDeviceMappings?.map(({ deviceName }) => deviceName)], ['m5.large', [GROUP], ['/dev/xvda', '/dev/sdf']]);
    assert.deepEqual(spec.tags?.filter(({ key }) => !key.startsWith('aws:')), [{ key: 'a', value: '1' }, { key: 'b', value: '2' }]);
  });

  it('takes the version that is asked for, by default the default one', async () => {
    const { context } = cloud();
    const LaunchTemplateId = await made(context, { LaunchTemplateData });
    await createLaunchTemplateVersion({ LaunchTemplateId, SourceVersion: '1', LaunchTemplateData: { InstanceType: 'm5.large' } }, context);
    const typeOf = async (Version?: string): Promise<string> => (await run(context, { LaunchTemplate: { LaunchTemplateId, Version } })).spec.instanceType;
    assert.deepEqual([await typeOf(), await typeOf('$Default'), await typeOf('$Latest'), await typeOf('2'), await typeOf('1')], ['t3.micro', 't3.micro', 'm5.large', 'm5.large', 't3.micro']);
  });

  it('answers a repeated call with its instance also after the default version has changed', async () => {
    const { cluster, context } = cloud();
    const LaunchTemplateId = await made(context, { LaunchTemplateData });
    const input = { LaunchTemplate: { LaunchTemplateId }, ClientToken: 't' };
    const first = await run(context, input);
    await createLaunchTemplateVersion({ LaunchTemplateId, SourceVersion: '1', LaunchTemplateData: { InstanceType: 'm5.large' } }, context);
    await modifyLaunchTemplate({ LaunchTemplateId, DefaultVersion: '2' }, context);
    assert.equal((await run(context, input)).metadata.name, first.metadata.name);
    assert.equal(cluster.list(Instance).length, 1);
  });

  const refused: Record<string, { data?: RequestLaunchTemplateData; input?: Partial<RunInstancesRequest>; want: string }> = {
    'a version that is not there': { input: { LaunchTemplate: { LaunchTemplateName: 'web', Version: '7' } }, want: 'InvalidLaunchTemplateId.VersionNotFound' },
    'a template without an image': { data: { InstanceType: 't3.micro' }, want: 'MissingParameter' },
    'a template with an image that is not there': { data: { ImageId: 'ami-0000000000000000f' }, want: 'InvalidAMIID.NotFound' },
    'a template with what cannot be honoured': { data: { ImageId: AMI, HibernationOptions: { Configured: true } }, want: 'UnsupportedOperation' },
    'a template with requirements instead of a type': { data: { ImageId: AMI, InstanceRequirements: { VCpuCount: { Min: 1 }, MemoryMiB: { Min: 1 } } }, want: 'InvalidParameterCombination' },
    'groups beside a template with network interfaces': { data: { ImageId: AMI, NetworkInterfaces: [{ DeviceIndex: 0 }] }, input: { SecurityGroupIds: [GROUP] }, want: 'InvalidParameterCombination' },
  };
  for (const [name, { data = LaunchTemplateData, input = {}, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const { cluster, context } = cloud();
      await made(context, { LaunchTemplateData: data });
      await assert.rejects(run(context, { LaunchTemplate: { LaunchTemplateName: 'web' }, ...input }), code(want));
      assert.equal(cluster.list(Instance).length, 0);
    });
  }
});

describe('GetLaunchTemplateData', () => {
  it('gives data that a template can be made of, and the template launches the same', async () => {
    const instance = anInstance('i-00000000000000001', {
      imageId: AMI,
      instanceType: 'm5.large',
      userData: '#!/bin/sh',
      securityGroupIds: [GROUP],
      tags: [{ key: 'a', value: '1' }, { key: 'aws:ec2launchtemplate:id', value: 'lt-1' }],
      blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { volumeSize: 20, volumeType: 'gp3' } }],
    });
    const { context } = cloud([instance]);
    const result = await getLaunchTemplateData({ InstanceId: 'i-00000000000000001' }, context);
    assert.deepEqual(checker.violations('GetLaunchTemplateData', result), []);
    const { Placement: _zone, ...data } = result.LaunchTemplateData ?? {};
    await made(context, { LaunchTemplateData: data as RequestLaunchTemplateData });
    const { Instances } = await runInstances({ MinCount: 1, MaxCount: 1, LaunchTemplate: { LaunchTemplateName: 'web' } }, context);
    const launched = context.read.get(Instance, { namespace: NAMESPACE, name: Instances?.[0]?.InstanceId ?? '' });
    assert.deepEqual([launched?.spec.imageId, launched?.spec.instanceType, launched?.spec.securityGroupIds], [AMI, 'm5.large', [GROUP]]);
    assert.deepEqual(launched?.spec.blockDeviceMappings, [{ deviceName: '/dev/xvda', ebs: { volumeSize: 20, volumeType: 'gp3', deleteOnTermination: true } }]);
    assert.ok(launched?.spec.tags?.some(({ key, value }) => key === 'a' && value === '1'));
    await assert.rejects(getLaunchTemplateData({ InstanceId: 'i-00000000000000009' }, context), code('InvalidInstanceID.NotFound'));
  });
});
