import assert from 'node:assert/strict';
import type { CreateTagsRequest, DeleteTagsRequest, DescribeTagsRequest } from '@aws-sdk/client-ec2';
import { ec2IdFrom } from '../../../../../operator/api/ec2-id.ts';
import type { Tag } from '../../../../../operator/api/shared.ts';
import { createTags } from '../../../../../operator/endpoint/ec2/tags/CreateTags.ts';
import { deleteTags } from '../../../../../operator/endpoint/ec2/tags/DeleteTags.ts';
import { describeTags } from '../../../../../operator/endpoint/ec2/tags/DescribeTags.ts';
import { ApiError } from '../../../../../operator/kubernetes/errors.ts';
import type { Read } from '../../../../../operator/kubernetes/read.ts';
import { Ami, Instance, KeyPair, SecurityGroup } from '../../../../../operator/kubernetes/resources.ts';
import { aKeyPair, anAmi, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { aSecurityGroup, anInstance } from '../../../../support/instance-objects.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';

const ID = 'i-00000000000000001';
const OTHER = 'i-00000000000000002';
const AMI = 'ami-00000000000000001';
const GROUP = 'sg-00000000000000001';
const WEB_ID = ec2IdFrom('i', 'uid-web');
const KEY_ID = ec2IdFrom('key', 'uid-ops');
const reservedTag = { key: 'aws:autoscaling:groupName', value: 'asg' };
const launch = { reservationId: 'r-00000000000000001', launchIndex: 0 };

function clusterOf(tags: Tag[] = [{ key: 'a', value: '1' }, { key: 'b', value: '' }, reservedTag]): FakeCluster {
  return new FakeCluster({
    objects: [
      theAccount(),
      anInstance(ID, { launch, tags }),
      anInstance(OTHER, { launch }),
      anInstance('web'),
      anInstance('i-0000000000000000f', { namespace: 'stranger' }),
      anAmi(AMI, { tags: [{ key: 'a', value: 'image' }] }),
      anAmi('ami-0000000000000000f', { namespace: 'stranger', public: true }),
      aSecurityGroup(GROUP),
      aKeyPair('ops', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPTFUfmRSdgSC7JcyR5MaCnpBs8XRlBmeEiMfXAAAAAA'),
    ],
  });
}

function tagsIn(cluster: FakeCluster, name = ID): Record<string, string> {
  const tags = cluster.get(Instance, { namespace: NAMESPACE, name })?.spec.tags ?? [];
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

const reserved = { [reservedTag.key]: reservedTag.value };
const create = (input: Partial<CreateTagsRequest>, cluster: FakeCluster): Promise<void> => createTags({ Resources: [ID], Tags: [], ...input }, operationContext(cluster));
const remove = (input: Partial<DeleteTagsRequest>, cluster: FakeCluster): Promise<void> => deleteTags({ Resources: [ID], ...input }, operationContext(cluster));

describe('CreateTags', () => {
  it('adds tags and gives others new values', async () => {
    const cluster = clusterOf();
    await create({ Tags: [{ Key: 'a', Value: '2' }, { Key: 'c', Value: 'new' }, { Key: 'empty' }] }, cluster);
    assert.deepEqual(tagsIn(cluster), { a: '2', b: '', ...reserved, c: 'new', empty: '' });
  });

  it('tags resources of every kind in one call', async () => {
    const cluster = clusterOf();
    await create({ Resources: [ID, WEB_ID, AMI, GROUP, KEY_ID, ID], Tags: [{ Key: 'x', Value: 'y' }] }, cluster);
    const key = (name: string): { namespace: string; name: string } => ({ namespace: NAMESPACE, name });
    assert.equal(tagsIn(cluster)['x'], 'y');
    assert.equal(tagsIn(cluster, 'web')['x'], 'y');
    assert.deepEqual(cluster.get(Ami, key(AMI))?.spec.tags, [{ key: 'a', value: 'image' }, { key: 'x', value: 'y' }]);
    assert.deepEqual(cluster.get(SecurityGroup, key(GROUP))?.spec.tags, [{ key: 'x', value: 'y' }]);
    assert.deepEqual(cluster.get(KeyPair, key('ops'))?.spec.tags, [{ key: 'x', value: 'y' }]);
    assert.equal(cluster.writes.length, 5);
  });

  it('loses no tag of calls at the same time', async () => {
    const cluster = clusterOf([]);
    await Promise.all(Array.from({ length: 20 }, (_, index) => create({ Tags: [{ Key: `tag-${index}`, Value: '' }] }, cluster)));
    assert.equal(Object.keys(tagsIn(cluster)).length, 20);
  });

  it('loses no tag to a cache that is behind', async () => {
    const cluster = clusterOf([]);
    const old = clusterOf([{ key: 'gone', value: 'meanwhile' }]);
    const stale: Read = { get: (type, key) => old.get(type, key), list: (type, namespace) => old.list(type, namespace), byIndex: (index, value) => old.byIndex(index, value) };
    await create({ Tags: [{ Key: 'first', Value: '' }] }, cluster);
    await createTags({ Resources: [ID], Tags: [{ Key: 'second', Value: '' }] }, operationContext(cluster, { read: stale }));
    assert.deepEqual(tagsIn(cluster), { first: '', second: '' });
    await createTags({ Resources: [ID], Tags: [{ Key: 'gone', Value: 'meanwhile' }] }, operationContext(cluster, { read: stale }));
    assert.deepEqual(tagsIn(cluster), { first: '', second: '', gone: 'meanwhile' }, 'what the cache has already is not taken for granted');
  });

  it('fills a resource to 50 tags beside the service\'s own', async () => {
    const cluster = clusterOf([reservedTag]);
    await create({ Tags: Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}` })) }, cluster);
    assert.equal(Object.keys(tagsIn(cluster)).length, 51);
    await create({ Tags: [{ Key: 'k7', Value: 'changed' }] }, cluster);
    await assert.rejects(create({ Resources: [OTHER, ID], Tags: [{ Key: 'one-more' }] }, cluster), { code: 'TagLimitExceeded' });
    assert.deepEqual(tagsIn(cluster, OTHER), {}, 'the other resource of the call is not tagged either');
  });

  const refusals: Record<string, { input: Partial<CreateTagsRequest>; code: string; message: RegExp }> = {
    'an id that is none': { input: { Resources: [OTHER, 'web'] }, code: 'InvalidID', message: /^The ID 'web' is not valid$/ },
    'an id of a kind without tags': { input: { Resources: ['r-00000000000000001'] }, code: 'InvalidID', message: /r-00000000000000001/ },
    'a malformed instance id': { input: { Resources: ['i-xyz'] }, code: 'InvalidID', message: /i-xyz/ },
    'an unknown instance': { input: { Resources: [OTHER, 'i-0000000000000000e'] }, code: 'InvalidInstanceID.NotFound', message: /i-0000000000000000e/ },
    'an instance of another account': { input: { Resources: ['i-0000000000000000f'] }, code: 'InvalidInstanceID.NotFound', message: /does not exist/ },
    'a public image of another account': { input: { Resources: ['ami-0000000000000000f'] }, code: 'InvalidAMIID.NotFound', message: /does not exist/ },
    'an unknown group': { input: { Resources: ['sg-0000000000000000e'] }, code: 'InvalidGroup.NotFound', message: /does not exist/ },
    'an unknown key pair': { input: { Resources: ['key-0000000000000000e'] }, code: 'InvalidKeyPair.NotFound', message: /does not exist/ },
    'an unknown launch template': { input: { Resources: ['lt-0000000000000000e'] }, code: 'InvalidLaunchTemplateId.NotFound', message: /does not exist/ },
    'a volume that does not exist': { input: { Resources: ['vol-0000000000000000e'] }, code: 'InvalidVolume.NotFound', message: /vol-0000000000000000e/ },
    'a tag without a key': { input: { Tags: [{ Key: 'a' }, { Value: 'x' }] }, code: 'MissingParameter', message: /Tag\.2\.Key/ },
    'a reserved key': { input: { Tags: [{ Key: 'aws:x' }] }, code: 'InvalidParameterValue', message: /reserved for internal use/ },
    'a reserved key in capitals': { input: { Tags: [{ Key: 'Aws:x' }] }, code: 'InvalidParameterValue', message: /reserved/ },
    'a key that is too long': { input: { Tags: [{ Key: 'x'.repeat(129) }] }, code: 'InvalidParameterValue', message: /128/ },
    'a value that is too long': { input: { Tags: [{ Key: 'x', Value: 'x'.repeat(257) }] }, code: 'InvalidParameterValue', message: /256/ },
    'a key that comes twice': { input: { Tags: [{ Key: 'x' }, { Key: 'x' }] }, code: 'InvalidParameterValue', message: /Duplicate tag key 'x'/ },
  };
  for (const [name, { input, code, message }] of Object.entries(refusals)) {
    it(`refuses ${name} and tags nothing`, async () => {
      const cluster = clusterOf();
      await assert.rejects(create({ Tags: [{ Key: 'x', Value: 'y' }], ...input }, cluster), { name: 'AwsError', code, message });
      assert.deepEqual(cluster.writes, []);
    });
  }

  it('tells of a resource that went away meanwhile', async () => {
    const cluster = clusterOf();
    cluster.failNext('patch', 'Instance', new ApiError({ code: 404, reason: 'NotFound', message: 'gone' }));
    await assert.rejects(create({ Tags: [{ Key: 'x' }] }, cluster), { code: 'InvalidInstanceID.NotFound' });
  });
});

describe('DeleteTags', () => {
  const cases: Record<string, { input: Partial<DeleteTagsRequest>; want: Record<string, string> }> = {
    'removes a tag by key, whatever its value': { input: { Tags: [{ Key: 'a' }] }, want: { b: '', ...reserved } },
    'removes a tag by key and value': { input: { Tags: [{ Key: 'a', Value: '1' }] }, want: { b: '', ...reserved } },
    'leaves a tag that has another value': { input: { Tags: [{ Key: 'a', Value: '2' }] }, want: { a: '1', b: '', ...reserved } },
    'takes an empty value for one': { input: { Tags: [{ Key: 'a', Value: '' }, { Key: 'b', Value: '' }] }, want: { a: '1', ...reserved } },
    'does not mind a tag that is not there': { input: { Tags: [{ Key: 'nope' }] }, want: { a: '1', b: '', ...reserved } },
    'removes all but the service\'s own without keys': { input: {}, want: reserved },
  };
  for (const [name, { input, want }] of Object.entries(cases)) {
    it(name, async () => {
      const cluster = clusterOf();
      await remove(input, cluster);
      assert.deepEqual(tagsIn(cluster), want);
    });
  }

  const refusals: Record<string, { input: Partial<DeleteTagsRequest>; code: string }> = {
    'a reserved key': { input: { Tags: [{ Key: reservedTag.key }] }, code: 'InvalidParameterValue' },
    'a tag without a key': { input: { Tags: [{ Value: 'x' }] }, code: 'MissingParameter' },
    'an id that is none': { input: { Resources: ['x'] }, code: 'InvalidID' },
    'an unknown instance': { input: { Resources: ['i-0000000000000000e'] }, code: 'InvalidInstanceID.NotFound' },
  };
  for (const [name, { input, code }] of Object.entries(refusals)) {
    it(`refuses ${name}`, () => assert.rejects(remove(input, clusterOf()), { name: 'AwsError', code }));
  }
});

describe('DescribeTags', () => {
  async function shown(input: DescribeTagsRequest): Promise<string[]> {
    const { Tags } = await describeTags(input, operationContext(clusterOf()));
    return (Tags ?? []).map(({ ResourceId, ResourceType, Key, Value }) => `${ResourceType} ${ResourceId} ${Key}=${Value}`);
  }
  const filter = (Name: string, ...Values: string[]): DescribeTagsRequest => ({ Filters: [{ Name, Values }] });
  const own = [`instance ${ID} a=1`, `instance ${ID} ${reservedTag.key}=asg`, `instance ${ID} b=`];

  const cases: Record<string, { input: DescribeTagsRequest; want: string[] }> = {
    'those of one resource, with the service\'s own': { input: filter('resource-id', ID), want: own },
    'those of several resources, by id': { input: filter('resource-id', ID, AMI), want: [`image ${AMI} a=image`, ...own] },
    'resources by a wildcard': { input: filter('resource-id', 'ami-*'), want: [`image ${AMI} a=image`] },
    'by kind': { input: filter('resource-type', 'image'), want: [`image ${AMI} a=image`] },
    'by key': { input: filter('key', 'a'), want: [`image ${AMI} a=image`, `instance ${ID} a=1`] },
    'by value': { input: filter('value', 'im*'), want: [`image ${AMI} a=image`] },
    'by key and value in one': { input: filter('tag:a', '1'), want: [`instance ${ID} a=1`] },
    'the Name tag that a name given by kubectl is': { input: filter('key', 'Name'), want: [`instance ${WEB_ID} Name=web`] },
    'none of an unknown resource': { input: filter('resource-id', 'i-0000000000000000e'), want: [] },
    'none of another account': { input: filter('resource-id', 'i-0000000000000000f'), want: [] },
    'by resource and key': { input: { Filters: [{ Name: 'resource-id', Values: [ID] }, { Name: 'key', Values: ['b'] }] }, want: [`instance ${ID} b=`] },
  };
  for (const [name, { input, want }] of Object.entries(cases)) it(`shows ${name}`, async () => assert.deepEqual(await shown(input), want));

  it('pages', async () => {
    const cluster = clusterOf(Array.from({ length: 12 }, (_, index) => ({ key: `k${String(index).padStart(2, '0')}`, value: '' })));
    const context = operationContext(cluster);
    const keys: (string | undefined)[] = [];
    for (let NextToken: string | undefined = ''; NextToken !== undefined; ) {
      const page: { Tags?: { Key?: string | undefined }[] | undefined; NextToken?: string | undefined } = await describeTags({ ...filter('resource-id', ID), MaxResults: 5, NextToken }, context);
      keys.push(...(page.Tags ?? []).map(({ Key }) => Key));
      NextToken = page.NextToken;
    }
    assert.deepEqual(keys, Array.from({ length: 12 }, (_, index) => `k${String(index).padStart(2, '0')}`));
  });

  const refusals: Record<string, { input: DescribeTagsRequest; code: string }> = {
    'an unknown filter': { input: filter('colour', 'x'), code: 'InvalidParameterValue' },
    'too small a page': { input: { MaxResults: 4 }, code: 'InvalidParameterValue' },
    'a made-up token': { input: { NextToken: 'x' }, code: 'InvalidNextToken' },
  };
  for (const [name, { input, code }] of Object.entries(refusals)) {
    it(`refuses ${name}`, () => assert.rejects(describeTags(input, operationContext(clusterOf())), { name: 'AwsError', code }));
  }
});
