import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import type { IamInstanceProfileSpecification } from '@aws-sdk/client-ec2';
import { iamIdOf } from '../../../../../operator/api/identity/iam-identity.ts';
import { associateIamInstanceProfile } from '../../../../../operator/endpoint/ec2/instance-profiles/AssociateIamInstanceProfile.ts';
import { describeIamInstanceProfileAssociations } from '../../../../../operator/endpoint/ec2/instance-profiles/DescribeIamInstanceProfileAssociations.ts';
import { disassociateIamInstanceProfile } from '../../../../../operator/endpoint/ec2/instance-profiles/DisassociateIamInstanceProfile.ts';
import { replaceIamInstanceProfileAssociation } from '../../../../../operator/endpoint/ec2/instance-profiles/ReplaceIamInstanceProfileAssociation.ts';
import { describeInstances } from '../../../../../operator/endpoint/ec2/instances/DescribeInstances.ts';
import { runInstances } from '../../../../../operator/endpoint/ec2/instances/RunInstances.ts';
import type { OperationContext } from '../../../../../operator/endpoint/operation.ts';
import { Instance, InstanceProfile } from '../../../../../operator/kubernetes/resources.ts';
import { aNode, anAmi, anInstanceType, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anIamRole, anInstanceProfile } from '../../../../support/iam-objects.ts';
import { anInstance } from '../../../../support/instance-objects.ts';
import { ACCOUNT_ID, NAMESPACE, operationContext, rootCaller } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const BARE = 'i-00000000000000001';
const WEB = 'i-00000000000000002';
const GONE = 'i-00000000000000003';
const ORPHAN = 'i-00000000000000004';
const AMI = 'ami-00000000000000001';
const arnOf = (path: string): string => `arn:aws:iam::${ACCOUNT_ID}:instance-profile/${path}`;
const web = anInstanceProfile('web', { instanceProfileName: 'Web', path: '/apps/' });
const shownWeb = { Arn: arnOf('apps/Web'), Id: iamIdOf('AIPA', web) };
const associatedAt = '2026-01-02T00:00:00Z';
const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);

function cloud(allowedActions?: readonly string[]): { cluster: FakeCluster; context: OperationContext } {
  const cluster = new FakeCluster({
    objects: [
      theAccount(),
      anAmi(AMI),
      anInstanceType('t3.micro'),
      aNode('a', { zone: 'us-east-1a' }),
      web,
      anIamRole('web'),
      anInstanceProfile('db'),
      anIamRole('db'),
      anInstanceProfile('empty', { roleName: 'nobody' }),
      anInstance(BARE),
      anInstance(WEB, { iamInstanceProfile: 'Web', status: { iamInstanceProfile: { name: 'Web', arn: shownWeb.Arn, id: shownWeb.Id, associatedAt } } }),
      anInstance(GONE, { iamInstanceProfile: 'Web', powerState: 'terminated', status: { state: 'terminated' } }),
      anInstance(ORPHAN, { iamInstanceProfile: 'lost', status: { iamInstanceProfile: { name: 'lost', arn: arnOf('lost'), id: 'AIPALOST', associatedAt } } }),
    ],
  });
  return { cluster, context: operationContext(cluster, allowedActions ? { caller: { ...rootCaller, allowedActions } } : {}) };
}

const profileOf = (cluster: FakeCluster, name: string): string | undefined => cluster.get(Instance, { namespace: NAMESPACE, name })?.spec.iamInstanceProfile;
const associationsOf = async (context: OperationContext, input: sdk.DescribeIamInstanceProfileAssociationsRequest = {}): Promise<sdk.IamInstanceProfileAssociation[]> => {
  const result = await describeIamInstanceProfileAssociations(input, context);
  assert.deepEqual(checker.violations('DescribeIamInstanceProfileAssociations', result), []);
  return result.IamInstanceProfileAssociations ?? [];
};
async function idOf(instanceId: string, context: OperationContext): Promise<string> {
  const [association] = await associationsOf(context, { Filters: [{ Name: 'instance-id', Values: [instanceId] }] });
  return association?.AssociationId ?? assert.fail(`${instanceId} has no profile`);
}

describe('DescribeIamInstanceProfileAssociations', () => {
  it('tells which instance has which profile since when; what was deleted is shown as it was', async () => {
    const associations = await associationsOf(cloud().context);
    assert.deepEqual(
      associations.map(({ AssociationId: _id, ...rest }) => rest).sort((left, right) => ((left.InstanceId ?? '') < (right.InstanceId ?? '') ? -1 : 1)),
      [
        { InstanceId: WEB, IamInstanceProfile: shownWeb, State: 'associated', Timestamp: new Date(associatedAt) },
        { InstanceId: ORPHAN, IamInstanceProfile: { Arn: arnOf('lost'), Id: 'AIPALOST' }, State: 'associated', Timestamp: new Date(associatedAt) },
      ],
    );
    for (const { AssociationId } of associations) assert.match(AssociationId ?? '', /^iip-assoc-[0-9a-f]{17}$/);
  });
  it('finds by id, instance and state', async () => {
    const { context } = cloud();
    const id = await idOf(WEB, context);
    assert.deepEqual((await associationsOf(context, { AssociationIds: [id] })).map(({ InstanceId }) => InstanceId), [WEB]);
    assert.equal((await associationsOf(context, { Filters: [{ Name: 'state', Values: ['associating'] }] })).length, 0);
    assert.equal((await associationsOf(context, { Filters: [{ Name: 'state', Values: ['associat*'] }] })).length, 2);
    assert.equal((await associationsOf(context, { AssociationIds: [id], Filters: [{ Name: 'instance-id', Values: [BARE] }] })).length, 0);
  });
  const refusals: Record<string, { input: sdk.DescribeIamInstanceProfileAssociationsRequest; code: string }> = {
    'an unknown id': { input: { AssociationIds: ['iip-assoc-00000000000000001'] }, code: 'InvalidAssociationID.NotFound' },
    'an unknown filter': { input: { Filters: [{ Name: 'colour', Values: ['red'] }] }, code: 'InvalidParameterValue' },
    'too small a page': { input: { MaxResults: 4 }, code: 'InvalidParameterValue' },
    'pages of named associations': { input: { AssociationIds: ['iip-assoc-00000000000000001'], MaxResults: 5 }, code: 'InvalidParameterCombination' },
    'a token of somebody else\'s': { input: { NextToken: 'abc' }, code: 'InvalidNextToken' },
  };
  for (const [name, { input, code }] of Object.entries(refusals)) {
    it(`refuses ${name}`, () => assert.rejects(associationsOf(cloud().context, input), { code }));
  }
});

describe('AssociateIamInstanceProfile', () => {
  it('gives an instance a profile by name, in whatever case', async () => {
    const { cluster, context } = cloud();
    const result = await associateIamInstanceProfile({ InstanceId: BARE, IamInstanceProfile: { Name: 'WEB' } }, context);
    assert.deepEqual(checker.violations('AssociateIamInstanceProfile', result), []);
    const { AssociationId, ...rest } = result.IamInstanceProfileAssociation ?? {};
    assert.match(AssociationId ?? '', /^iip-assoc-[0-9a-f]{17}$/);
    assert.deepEqual(rest, { InstanceId: BARE, IamInstanceProfile: shownWeb, State: 'associating' });
    assert.equal(profileOf(cluster, BARE), 'Web');
  });
  it('gives an instance a profile by ARN', async () => {
    const { cluster, context } = cloud();
    await associateIamInstanceProfile({ InstanceId: BARE, IamInstanceProfile: { Arn: arnOf('db') } }, context);
    assert.equal(profileOf(cluster, BARE), 'db');
  });
  it('of two calls at once one loses', async () => {
    const { context } = cloud();
    const calls = ['web', 'db'].map((Name) => associateIamInstanceProfile({ InstanceId: BARE, IamInstanceProfile: { Name } }, context));
    const results = await Promise.allSettled(calls);
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });
  const refusals: Record<string, { instance?: string; profile?: IamInstanceProfileSpecification; code: string; message?: RegExp }> = {
    'an instance that has one': { instance: WEB, code: 'IncorrectState', message: /existing association for instance i-00000000000000002/ },
    'an instance that has ended': { instance: GONE, code: 'IncorrectInstanceState' },
    'an unknown instance': { instance: 'i-0000000000000000f', code: 'InvalidInstanceID.NotFound' },
    'an unknown name': { profile: { Name: 'none' }, code: 'InvalidParameterValue', message: /Value \(none\) for parameter iamInstanceProfile\.name is invalid\. Invalid IAM Instance Profile name/ },
    'an unknown ARN': { profile: { Arn: arnOf('none') }, code: 'InvalidParameterValue', message: /iamInstanceProfile\.arn is invalid\. Invalid IAM Instance Profile ARN/ },
    'an ARN of another account': { profile: { Arn: 'arn:aws:iam::999999999999:instance-profile/db' }, code: 'InvalidParameterValue' },
    'an ARN without the path': { profile: { Arn: arnOf('Web') }, code: 'InvalidParameterValue' },
    'a name with a path': { profile: { Name: 'apps/Web' }, code: 'InvalidParameterValue' },
    'a profile without a role': { profile: { Name: 'empty' }, code: 'InvalidParameterValue', message: /IAM Instance Profile ".*instance-profile\/empty" has no associated IAM Roles/ },
    'name and ARN together': { profile: { Name: 'db', Arn: arnOf('db') }, code: 'InvalidParameterCombination' },
    'nothing': { profile: {}, code: 'MissingParameter' },
  };
  for (const [name, { instance = BARE, profile = { Name: 'db' }, code, message = /./ }] of Object.entries(refusals)) {
    it(`refuses ${name}`, () => assert.rejects(associateIamInstanceProfile({ InstanceId: instance, IamInstanceProfile: profile }, cloud().context), { code, message }));
  }
  it('needs iam:PassRole', async () => {
    const act = (allowed: string[]) => associateIamInstanceProfile({ InstanceId: BARE, IamInstanceProfile: { Name: 'db' } }, cloud(allowed).context);
    await assert.rejects(act(['ec2:*']), { code: 'UnauthorizedOperation', status: 403, message: /iam:PassRole on resource: arn:aws:iam::123456789012:role\/db/ });
    assert.ok(await act(['ec2:*', 'iam:PassRole']));
  });
});

describe('ReplaceIamInstanceProfileAssociation', () => {
  it('puts another profile in, under another id', async () => {
    const { cluster, context } = cloud();
    const former = await idOf(WEB, context);
    const result = await replaceIamInstanceProfileAssociation({ AssociationId: former, IamInstanceProfile: { Name: 'db' } }, context);
    assert.deepEqual(checker.violations('ReplaceIamInstanceProfileAssociation', result), []);
    assert.equal(result.IamInstanceProfileAssociation?.IamInstanceProfile?.Arn, arnOf('db'));
    assert.notEqual(result.IamInstanceProfileAssociation.AssociationId, former);
    assert.equal(profileOf(cluster, WEB), 'db');
    await assert.rejects(associationsOf(context, { AssociationIds: [former] }), { code: 'InvalidAssociationID.NotFound' });
  });
  it('refuses an unknown association', () =>
    assert.rejects(replaceIamInstanceProfileAssociation({ AssociationId: 'x', IamInstanceProfile: { Name: 'db' } }, cloud().context), { code: 'InvalidAssociationID.NotFound' }));
});

describe('DisassociateIamInstanceProfile', () => {
  it('takes the profile away', async () => {
    const { cluster, context } = cloud();
    const AssociationId = await idOf(WEB, context);
    const result = await disassociateIamInstanceProfile({ AssociationId }, context);
    assert.deepEqual(checker.violations('DisassociateIamInstanceProfile', result), []);
    assert.deepEqual([result.IamInstanceProfileAssociation?.State, result.IamInstanceProfileAssociation?.InstanceId], ['disassociating', WEB]);
    assert.equal(profileOf(cluster, WEB), undefined);
    await assert.rejects(disassociateIamInstanceProfile({ AssociationId }, context), { code: 'InvalidAssociationID.NotFound' });
  });
});

describe('the instance profile of an instance', () => {
  const launch = async (context: OperationContext, IamInstanceProfile: IamInstanceProfileSpecification): Promise<sdk.Instance | undefined> =>
    (await runInstances({ ImageId: AMI, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, IamInstanceProfile }, context)).Instances?.[0];
  it('is given at launch, by name or ARN', async () => {
    const { context } = cloud();
    for (const specification of [{ Name: 'web' }, { Arn: shownWeb.Arn }]) assert.deepEqual((await launch(context, specification))?.IamInstanceProfile, shownWeb);
  });
  it('is nothing if only blanks are given, as Packer does', async () => assert.equal((await launch(cloud().context, { Name: '' }))?.IamInstanceProfile, undefined));
  it('needs iam:PassRole at launch', () => assert.rejects(launch(cloud(['ec2:*']).context, { Name: 'web' }), { code: 'UnauthorizedOperation' }));
  it('can be filtered by', async () => {
    const { context } = cloud();
    const found = async (Name: string, value: string): Promise<(string | undefined)[]> =>
      ((await describeInstances({ Filters: [{ Name, Values: [value] }] }, context)).Reservations ?? []).flatMap(({ Instances }) => (Instances ?? []).map(({ InstanceId }) => InstanceId));
    assert.deepEqual(await found('iam-instance-profile.arn', '*/Web'), [WEB]);
    assert.deepEqual(await found('iam-instance-profile.id', 'AIPALOST'), [ORPHAN]);
  });
  it('shows at once when the profile changes', async () => {
    const { cluster, context } = cloud();
    const shown = async (): Promise<string | undefined> => (await describeInstances({ InstanceIds: [WEB] }, context)).Reservations?.[0]?.Instances?.[0]?.IamInstanceProfile?.Arn;
    assert.equal(await shown(), shownWeb.Arn);
    await cluster.patch(InstanceProfile, { namespace: NAMESPACE, name: 'web' }, { spec: { path: '/' } });
    assert.equal(await shown(), arnOf('Web'));
  });
});
