import assert from 'node:assert/strict';
import type { DescribeImagesRequest } from '@aws-sdk/client-ec2';
import { describeImages } from '../../../../../operator/endpoint/ec2/images/DescribeImages.ts';
import { findVisibleImage } from '../../../../../operator/endpoint/ec2/images/visible-images.ts';
import { anAccount, anAmi, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { ACCOUNT_ID, operationContext, rootCaller } from '../../../../support/operation-context.ts';

const OWN = 'ami-00000000000000001';
const OWN_EBS = 'ami-00000000000000002';
const OWN_DEPRECATED = 'ami-00000000000000003';
const OWN_PENDING = 'ami-00000000000000004';
const PUBLIC = 'ami-10000000000000001';
const PUBLIC_DEPRECATED = 'ami-10000000000000002';
const PUBLIC_PENDING = 'ami-10000000000000003';
const SHARED = 'ami-20000000000000001';
const PRIVATE = 'ami-20000000000000002';
const SHARED_WITH_OTHERS = 'ami-20000000000000003';
const NOBODYS = 'ami-30000000000000001';

const ebsSource = { persistentVolumeClaim: { claimName: 'disk' } };
const past = { deprecationTime: '2025-06-01T00:00:00Z' };
const objects = [
  theAccount(),
  anAccount('amazon', '000000000001', { imageOwnerAlias: 'amazon' }),
  anAccount('partner', '222222222222'),
  anAmi(OWN, { name: 'own', description: 'the first', tags: [{ key: 'team', value: 'a' }] }),
  anAmi(OWN_EBS, {
    name: 'own-ebs',
    source: ebsSource,
    rootDeviceName: '/dev/sda1',
    rootVolumeSize: 20,
    architecture: 'arm64',
    bootMode: 'uefi',
    launchPermissionAccountIds: ['222222222222'],
    creationTimestamp: '2026-01-02T03:04:05Z',
    blockDeviceMappings: [
      { deviceName: '/dev/sda1', ebs: { volumeType: 'gp3', deleteOnTermination: false } },
      { deviceName: '/dev/sdf', ebs: { volumeSize: 5, snapshotId: 'snap-0123456789abcdef0', encrypted: true } },
      { deviceName: '/dev/sdg', virtualName: 'ephemeral0' },
    ],
  }),
  anAmi(OWN_DEPRECATED, { name: 'own-deprecated', ...past }),
  anAmi(OWN_PENDING, { name: 'own-pending', status: { state: 'pending', stateReason: { code: 'SourceNotFound', message: 'no such claim' } } }),
  anAmi(PUBLIC, { namespace: 'amazon', name: 'linux-2', public: true, platform: 'windows', tags: [{ key: 'team', value: 'a' }] }),
  anAmi(PUBLIC_DEPRECATED, { namespace: 'amazon', name: 'linux-1', public: true, ...past }),
  anAmi(PUBLIC_PENDING, { namespace: 'amazon', public: true, status: { state: 'pending' } }),
  anAmi(SHARED, { namespace: 'partner', name: 'shared', launchPermissionAccountIds: [ACCOUNT_ID] }),
  anAmi(PRIVATE, { namespace: 'partner', name: 'private' }),
  anAmi(SHARED_WITH_OTHERS, { namespace: 'partner', launchPermissionAccountIds: ['333333333333'] }),
  anAmi(NOBODYS, { namespace: 'no-account', public: true }),
  anAmi('gone', { status: { state: 'deregistered' } }),
];
const cluster = new FakeCluster({ objects });
const context = operationContext(cluster, { clock: new FakeClock('2026-02-01T00:00:00Z') });
const OWN_ALL = [OWN, OWN_EBS, OWN_DEPRECATED, OWN_PENDING];

async function idsOf(input: DescribeImagesRequest): Promise<string[]> {
  const { Images } = await describeImages(input, context);
  return (Images ?? []).map(({ ImageId = '' }) => ImageId).sort();
}

function filtered(Name: string, ...Values: string[]): DescribeImagesRequest {
  return { Filters: [{ Name, Values }] };
}

describe('DescribeImages', () => {
  const scopes: Record<string, { input: DescribeImagesRequest; want: string[] }> = {
    'shows own images in any state, and available ones that are public or shared': { input: {}, want: [...OWN_ALL, PUBLIC, SHARED] },
    'shows deprecated images of others when asked': { input: { IncludeDeprecated: true }, want: [...OWN_ALL, PUBLIC, PUBLIC_DEPRECATED, SHARED] },
    'shows a deprecated image to who knows its id': { input: { ImageIds: [PUBLIC_DEPRECATED] }, want: [PUBLIC_DEPRECATED] },
    'takes disabled images for what there is none of': { input: { IncludeDisabled: true, Owners: ['self'] }, want: OWN_ALL },
    'scopes by owner self': { input: { Owners: ['self'] }, want: OWN_ALL },
    'scopes by the own account id': { input: { Owners: [ACCOUNT_ID] }, want: OWN_ALL },
    'scopes by owner alias': { input: { Owners: ['amazon'] }, want: [PUBLIC] },
    'scopes by several owners': { input: { Owners: ['amazon', '222222222222'] }, want: [PUBLIC, SHARED] },
    'finds nothing of an alias that nobody has': { input: { Owners: ['aws-marketplace'] }, want: [] },
    'scopes by launch permission for oneself, which owning is not': { input: { ExecutableUsers: ['self'] }, want: [SHARED] },
    'scopes by public launch permission': { input: { ExecutableUsers: ['all'] }, want: [PUBLIC] },
    'scopes by another account': { input: { ExecutableUsers: ['222222222222'] }, want: [OWN_EBS] },
    'gives ids and owners their common images': { input: { ImageIds: [OWN], Owners: ['amazon'] }, want: [] },
    'answers each id once': { input: { ImageIds: [OWN, OWN] }, want: [OWN] },
  };
  for (const [name, { input, want }] of Object.entries(scopes)) {
    it(name, async () => assert.deepEqual(await idsOf(input), [...want].sort()));
  }

  const filters: Record<string, { input: DescribeImagesRequest; want: string[] }> = {
    architecture: { input: filtered('architecture', 'arm64'), want: [OWN_EBS] },
    'block-device-mapping.delete-on-termination': { input: filtered('block-device-mapping.delete-on-termination', 'false'), want: [OWN_EBS] },
    'block-device-mapping.device-name': { input: filtered('block-device-mapping.device-name', '/dev/sdf'), want: [OWN_EBS] },
    'block-device-mapping.encrypted': { input: filtered('block-device-mapping.encrypted', 'true'), want: [OWN_EBS] },
    'block-device-mapping.snapshot-id': { input: filtered('block-device-mapping.snapshot-id', 'snap-*'), want: [OWN_EBS] },
    'block-device-mapping.volume-size': { input: filtered('block-device-mapping.volume-size', '20'), want: [OWN_EBS] },
    'block-device-mapping.volume-type': { input: filtered('block-device-mapping.volume-type', 'gp3'), want: [OWN_EBS] },
    'boot-mode': { input: filtered('boot-mode', 'uefi'), want: [OWN_EBS] },
    'creation-date with a wildcard': { input: filtered('creation-date', '2026-01-02T*'), want: [OWN_EBS] },
    description: { input: filtered('description', 'the*'), want: [OWN] },
    'ena-support': { input: filtered('ena-support', 'true'), want: [] },
    hypervisor: { input: filtered('hypervisor', 'ovm'), want: [] },
    'image-id': { input: filtered('image-id', OWN), want: [OWN] },
    'image-type': { input: filtered('image-type', 'kernel'), want: [] },
    'is-public': { input: filtered('is-public', 'true'), want: [PUBLIC] },
    'kernel-id, which no image has': { input: filtered('kernel-id', '*'), want: [] },
    'manifest-location': { input: filtered('manifest-location', 'amazon/*'), want: [PUBLIC] },
    'name with wildcards': { input: filtered('name', 'linux-?'), want: [PUBLIC] },
    'owner-alias': { input: filtered('owner-alias', 'amazon'), want: [PUBLIC] },
    'owner-id': { input: filtered('owner-id', '222222222222'), want: [SHARED] },
    platform: { input: filtered('platform', 'windows'), want: [PUBLIC] },
    'root-device-name': { input: filtered('root-device-name', '/dev/sda1'), want: [OWN_EBS] },
    'root-device-type': { input: filtered('root-device-type', 'ebs'), want: [OWN_EBS] },
    state: { input: filtered('state', 'pending'), want: [OWN_PENDING] },
    'state-reason-code': { input: filtered('state-reason-code', 'SourceNotFound'), want: [OWN_PENDING] },
    'state-reason-message': { input: filtered('state-reason-message', 'no such*'), want: [OWN_PENDING] },
    'tag:key': { input: filtered('tag:team', 'a'), want: [OWN] },
    'tag-key': { input: filtered('tag-key', 'team'), want: [OWN] },
    'virtualization-type': { input: filtered('virtualization-type', 'paravirtual'), want: [] },
  };
  for (const [name, { input, want }] of Object.entries(filters)) {
    it(`filters by ${name}`, async () => assert.deepEqual(await idsOf(input), want));
  }

  it('describes an EBS-like image with a mapping for its root, which carries what the AMI says of it', async () => {
    const { Images } = await describeImages({ ImageIds: [OWN_EBS] }, context);
    assert.deepEqual(Images, [
      {
        ImageId: OWN_EBS,
        Name: 'own-ebs',
        ImageLocation: `${ACCOUNT_ID}/own-ebs`,
        OwnerId: ACCOUNT_ID,
        State: 'available',
        DeregistrationProtection: 'disabled',
        CreationDate: '2026-01-02T03:04:05.000Z',
        Public: false,
        ImageType: 'machine',
        Architecture: 'arm64',
        PlatformDetails: 'Linux/UNIX',
        BootMode: 'uefi',
        Hypervisor: 'xen',
        VirtualizationType: 'hvm',
        EnaSupport: false,
        RootDeviceName: '/dev/sda1',
        RootDeviceType: 'ebs',
        BlockDeviceMappings: [
          { DeviceName: '/dev/sda1', Ebs: { DeleteOnTermination: false, VolumeSize: 20, VolumeType: 'gp3' } },
          { DeviceName: '/dev/sdf', Ebs: { DeleteOnTermination: true, VolumeSize: 5, SnapshotId: 'snap-0123456789abcdef0', Encrypted: true } },
          { DeviceName: '/dev/sdg', VirtualName: 'ephemeral0' },
        ],
        Tags: [],
      },
    ]);
  });

  it('describes an instance-store image without a mapping for its root', async () => {
    const { Images } = await describeImages({ ImageIds: [OWN] }, context);
    assert.deepEqual([Images?.[0]?.RootDeviceType, Images?.[0]?.RootDeviceName, Images?.[0]?.BlockDeviceMappings], ['instance-store', '/dev/xvda', []]);
  });

  it('shows the owner alias of a public image in its location too', async () => {
    const { Images } = await describeImages({ ImageIds: [PUBLIC] }, context);
    const { ImageOwnerAlias, OwnerId, ImageLocation, Public, Tags } = Images?.[0] ?? {};
    assert.deepEqual(Tags, [], 'tags of another account are not shown');
    assert.deepEqual({ ImageOwnerAlias, OwnerId, ImageLocation, Public }, { ImageOwnerAlias: 'amazon', OwnerId: '000000000001', ImageLocation: 'amazon/linux-2', Public: true });
  });

  it('gives an image made with kubectl the id that follows from its uid, and finds it by that', async () => {
    const named = operationContext(new FakeCluster({ objects: [theAccount(), anAmi('debian-13')] }));
    const { Images } = await describeImages({}, named);
    assert.equal(Images?.[0]?.Name, 'debian-13');
    assert.match(Images?.[0]?.ImageId ?? '', /^ami-[0-9a-f]{17}$/);
    assert.equal((await describeImages({ ImageIds: [Images?.[0]?.ImageId ?? ''] }, named)).Images?.length, 1);
  });

  it('pages through all images, none twice', async () => {
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const page = await describeImages({ MaxResults: 2, ...(token !== undefined && { NextToken: token }) }, context);
      assert.ok((page.Images ?? []).length <= 2);
      seen.push(...(page.Images ?? []).map(({ ImageId = '' }) => ImageId));
      token = page.NextToken;
    } while (token !== undefined);
    assert.deepEqual([...seen].sort(), [...OWN_ALL, PUBLIC, SHARED].sort());
  });

  const refused: Record<string, { input: DescribeImagesRequest; want: string; message?: RegExp }> = {
    'a text that is no id': { input: { ImageIds: ['debian'] }, want: 'InvalidAMIID.Malformed', message: /^Invalid id: "debian"/ },
    'an unknown id': { input: { ImageIds: [OWN, 'ami-99999999999999999'] }, want: 'InvalidAMIID.NotFound', message: /^The image id '\[ami-9{17}\]' does not exist$/ },
    'an image that is not shared': { input: { ImageIds: [PRIVATE] }, want: 'InvalidAMIID.NotFound' },
    'an image that is shared with others': { input: { ImageIds: [SHARED_WITH_OTHERS] }, want: 'InvalidAMIID.NotFound' },
    'a public image that is not available yet': { input: { ImageIds: [PUBLIC_PENDING] }, want: 'InvalidAMIID.NotFound' },
    'a public image whose namespace is no account': { input: { ImageIds: [NOBODYS] }, want: 'InvalidAMIID.NotFound' },
    'an owner that is neither account nor alias': { input: { Owners: ['me'] }, want: 'InvalidUserID.Malformed', message: /"me"/ },
    'a user that is no account': { input: { ExecutableUsers: ['amazon'] }, want: 'InvalidUserID.Malformed' },
    'an unknown filter': { input: filtered('color', 'red'), want: 'InvalidParameterValue' },
    'pages of named images': { input: { ImageIds: [OWN], MaxResults: 5 }, want: 'InvalidParameterCombination' },
    'an empty page': { input: { MaxResults: 0 }, want: 'InvalidParameterValue' },
    'a made-up token': { input: { NextToken: 'abc' }, want: 'InvalidNextToken' },
  };
  for (const [name, { input, want, message }] of Object.entries(refused)) {
    it(`refuses ${name}`, () => assert.rejects(describeImages(input, context), { code: want, ...(message && { message }) }));
  }
});

describe('an id that several AMIs are named by', () => {
  const owners = [theAccount(), anAccount('amazon', '000000000001'), anAccount('evil', '666666666666')];
  const copy = anAmi(PUBLIC, { namespace: 'evil', public: true, creationTimestamp: '2026-01-02T00:00:00Z' });
  const cases: Record<string, { amis: ReturnType<typeof anAmi>[]; want: string | undefined }> = {
    'stands for the oldest, in whatever order they are found': { amis: [copy, anAmi(PUBLIC, { namespace: 'amazon', public: true })], want: '000000000001' },
    'stands for the own one': { amis: [anAmi(PUBLIC, { namespace: 'amazon', public: true }), anAmi(PUBLIC, { creationTimestamp: '2026-01-03T00:00:00Z' })], want: ACCOUNT_ID },
    'does not fall through from a private image to a public copy': { amis: [copy, anAmi(PUBLIC, { namespace: 'amazon' })], want: undefined },
  };
  for (const [name, { amis, want }] of Object.entries(cases)) {
    it(name, async () => {
      const shared = new FakeCluster({ objects: [...owners, ...amis] });
      const { Images } = await describeImages({}, operationContext(shared));
      assert.deepEqual(Images?.map(({ OwnerId }) => OwnerId), want === undefined ? [] : [want]);
      assert.equal(findVisibleImage(shared, rootCaller, PUBLIC)?.ownerId, want);
    });
  }
});

describe('findVisibleImage', () => {
  const cases: Record<string, { id: string; want: string | undefined }> = {
    'finds an own image that is not available, for the launch to refuse': { id: OWN_PENDING, want: ACCOUNT_ID },
    'finds a shared image with its owner': { id: SHARED, want: '222222222222' },
    'does not find what is not shared': { id: PRIVATE, want: undefined },
  };
  for (const [name, { id, want }] of Object.entries(cases)) {
    it(name, () => assert.equal(findVisibleImage(cluster, rootCaller, id)?.ownerId, want));
  }
});
