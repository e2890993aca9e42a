import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import { Ami } from '../../../../../operator/kubernetes/resources.ts';
import { ApiError } from '../../../../../operator/kubernetes/errors.ts';
import { ec2Operations } from '../../../../../operator/endpoint/ec2/operations.ts';
import { anAccount, anAmi, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const OWN = 'ami-00000000000000001';
const VOLUME = 'ami-00000000000000002';
const PUBLIC = 'ami-10000000000000001';
const PRIVATE = 'ami-20000000000000001';
const NOBODYS = 'ami-0123456789abcdef0';
const PARTNER = '222222222222';
const OTHER = '333333333333';
const NOW = '2026-02-01T00:00:00.000Z';
const DAY = 24 * 3600 * 1000;

const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);
type Name = keyof typeof ec2Operations;

class World {
  readonly clock = new FakeClock(NOW);
  readonly cluster: FakeCluster;

  constructor(own: Parameters<typeof anAmi>[1] = {}) {
    const container = { containerDisk: { image: 'registry.local/public' } };
    this.cluster = new FakeCluster({
      clock: this.clock,
      objects: [
        theAccount(),
        anAccount('partner', PARTNER),
        anAmi(OWN, { name: 'own', description: 'the first', tags: [{ key: 'team', value: 'a' }], ...own }),
        anAmi(VOLUME, { name: 'volume', source: { persistentVolumeClaim: { claimName: 'disk' } } }),
        anAmi(PUBLIC, { namespace: 'partner', name: 'public', public: true, source: container, tags: [{ key: 'theirs', value: '' }] }),
        anAmi(PRIVATE, { namespace: 'partner', name: 'private' }),
      ],
    });
  }

  /** Runs an operation; its answer must be as the SDK's schema has it. */
  async run<Result extends object>(name: Name, input: object): Promise<Result> {
    const result = ((await ec2Operations[name].run(input as never, operationContext(this.cluster, { clock: this.clock }))) ?? {}) as Result;
    assert.deepEqual(checker.violations(name, result), []);
    return result;
  }

  own(name = OWN): Ami | undefined {
    return this.cluster.get(Ami, { namespace: NAMESPACE, name });
  }

  async imageIds(input: object = {}): Promise<(string | undefined)[]> {
    const { Images } = await this.run<sdk.DescribeImagesResult>('DescribeImages', input);
    return (Images ?? []).map(({ ImageId }) => ImageId);
  }

  async attribute(Attribute: string, ImageId = OWN): Promise<sdk.ImageAttribute> {
    return this.run<sdk.ImageAttribute>('DescribeImageAttribute', { ImageId, Attribute });
  }
}

const codeOf = async (promise: Promise<unknown>): Promise<string> => promise.then(() => 'none', (error: unknown) => (error as { code: string }).code);

describe('every change of an image', () => {
  const inputs: Partial<Record<Name, object>> = {
    DeregisterImage: {},
    DescribeImageAttribute: { Attribute: 'description' },
    DisableImage: {},
    DisableImageDeprecation: {},
    DisableImageDeregistrationProtection: {},
    EnableImage: {},
    EnableImageDeprecation: { DeprecateAt: new Date('2026-03-01') },
    EnableImageDeregistrationProtection: {},
    ModifyImageAttribute: { Description: { Value: 'x' } },
    ResetImageAttribute: { Attribute: 'launchPermission' },
  };
  for (const [name, input] of Object.entries(inputs) as [Name, object][]) {
    it(`${name} is the owner's, and of images that exist`, async () => {
      const world = new World();
      const ids = { [PUBLIC]: 'AuthFailure', [PRIVATE]: 'InvalidAMIID.NotFound', [NOBODYS]: 'InvalidAMIID.NotFound', debian: 'InvalidAMIID.Malformed' };
      for (const [ImageId, want] of Object.entries(ids)) assert.equal(await codeOf(world.run(name, { ...input, ImageId })), want, ImageId);
      assert.deepEqual(world.cluster.writes, []);
    });
  }
});

describe('ModifyImageAttribute', () => {
  const cases: Record<string, { input: object; own?: object; attribute: string; want: sdk.ImageAttribute }> = {
    'sets the description': { input: { Description: { Value: 'new' } }, attribute: 'description', want: { Description: { Value: 'new' } } },
    'sets the description by name': { input: { Attribute: 'description', Value: 'new' }, attribute: 'description', want: { Description: { Value: 'new' } } },
    'empties the description': { input: { Description: { Value: '' } }, attribute: 'description', want: { Description: {} } },
    'shares with accounts': {
      input: { LaunchPermission: { Add: [{ UserId: OTHER }, { UserId: PARTNER }, { UserId: OTHER }] } },
      attribute: 'launchPermission',
      want: { LaunchPermissions: [{ UserId: OTHER }, { UserId: PARTNER }] },
    },
    'shares with everybody': { input: { LaunchPermission: { Add: [{ Group: 'all' }] } }, attribute: 'launchPermission', want: { LaunchPermissions: [{ Group: 'all' }] } },
    'shares by the older form': {
      input: { Attribute: 'launchPermission', OperationType: 'add', UserIds: [OTHER], UserGroups: ['all'] },
      attribute: 'launchPermission',
      want: { LaunchPermissions: [{ Group: 'all' }, { UserId: OTHER }] },
    },
    'adds and removes at once': {
      own: { launchPermissionAccountIds: [PARTNER], public: true },
      input: { LaunchPermission: { Add: [{ UserId: OTHER }], Remove: [{ UserId: PARTNER }, { Group: 'all' }] } },
      attribute: 'launchPermission',
      want: { LaunchPermissions: [{ UserId: OTHER }] },
    },
    'removes by the older form': {
      own: { launchPermissionAccountIds: [PARTNER] },
      input: { OperationType: 'remove', UserIds: [PARTNER] },
      attribute: 'launchPermission',
      want: { LaunchPermissions: [] },
    },
    'asks for metadata tokens': { input: { ImdsSupport: { Value: 'v2.0' } }, attribute: 'imdsSupport', want: { ImdsSupport: { Value: 'v2.0' } } },
  };
  for (const [name, { input, own = {}, attribute, want }] of Object.entries(cases)) {
    it(name, async () => {
      const world = new World(own);
      await world.run('ModifyImageAttribute', { ImageId: OWN, ...input });
      assert.deepEqual(await world.attribute(attribute), { ImageId: OWN, ...want });
    });
  }

  const refused: Record<string, { input: object; own?: object; want: string }> = {
    'nothing to change': { input: {}, want: 'InvalidParameterCombination' },
    'an attribute without a value': { input: { Attribute: 'description' }, want: 'InvalidParameterCombination' },
    'two attributes': { input: { Description: { Value: 'x' }, LaunchPermission: { Add: [{ Group: 'all' }] } }, want: 'InvalidParameterCombination' },
    'users for another attribute': { input: { Attribute: 'description', OperationType: 'add', UserIds: [OTHER] }, want: 'InvalidParameterCombination' },
    'an attribute that cannot be changed': { input: { Attribute: 'kernel', Value: 'aki-1' }, want: 'InvalidParameterValue' },
    'a description of 256 characters': { input: { Description: { Value: 'x'.repeat(256) } }, want: 'InvalidParameterValue' },
    'metadata tokens of another version': { input: { ImdsSupport: { Value: 'v1.0' } }, want: 'InvalidParameterValue' },
    'an account id that is none': { input: { LaunchPermission: { Add: [{ UserId: '1234-5678-9012' }] } }, want: 'InvalidAMIAttributeItemValue' },
    'a group other than all': { input: { LaunchPermission: { Remove: [{ Group: 'friends' }] } }, want: 'InvalidAMIAttributeItemValue' },
    'an organization': { input: { LaunchPermission: { Add: [{ OrganizationArn: 'arn:aws:organizations::1:organization/o-1' }] } }, want: 'UnsupportedOperation' },
    'product codes': { input: { ProductCodes: ['abc'] }, want: 'UnsupportedOperation' },
    'users without an operation': { input: { UserIds: [OTHER] }, want: 'MissingParameter' },
    'an operation without users': { input: { OperationType: 'add' }, want: 'MissingParameter' },
    'an unknown operation': { input: { OperationType: 'toggle', UserIds: [OTHER] }, want: 'InvalidParameterValue' },
    'sharing a disabled image': { own: { disabled: true }, input: { LaunchPermission: { Add: [{ Group: 'all' }] } }, want: 'InvalidAMIID.Unavailable' },
    'the 1001st account': {
      own: { launchPermissionAccountIds: Array.from({ length: 1000 }, (_, index) => String(100_000_000_000 + index)) },
      input: { LaunchPermission: { Add: [{ UserId: OTHER }] } },
      want: 'ResourceLimitExceeded',
    },
  };
  for (const [name, { input, own = {}, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const world = new World(own);
      assert.equal(await codeOf(world.run('ModifyImageAttribute', { ImageId: OWN, ...input })), want);
      assert.deepEqual(world.cluster.writes, []);
    });
  }

  it('loses none of many changes at the same time', async () => {
    const world = new World();
    const users = Array.from({ length: 12 }, (_, index) => String(400_000_000_000 + index));
    await Promise.all(users.map((UserId) => world.run('ModifyImageAttribute', { ImageId: OWN, LaunchPermission: { Add: [{ UserId }] } })));
    assert.deepEqual(world.own()?.spec.launchPermissionAccountIds?.toSorted(), users);
  });

  it('says so if the image went away meanwhile', async () => {
    const world = new World();
    world.cluster.failNext('patch', 'Ami', new ApiError({ code: 404, reason: 'NotFound', message: 'gone' }));
    assert.equal(await codeOf(world.run('ModifyImageAttribute', { ImageId: OWN, Description: { Value: 'x' } })), 'InvalidAMIID.NotFound');
  });
});

describe('DescribeImageAttribute', () => {
  const cases: Record<string, sdk.ImageAttribute> = {
    bootMode: { BootMode: { Value: 'legacy-bios' } },
    blockDeviceMapping: { BlockDeviceMappings: [] },
    deregistrationProtection: { DeregistrationProtection: { Value: 'disabled' } },
    imdsSupport: { ImdsSupport: {} },
    kernel: { KernelId: {} },
    launchPermission: { LaunchPermissions: [] },
    productCodes: { ProductCodes: [] },
    ramdisk: { RamdiskId: {} },
    sriovNetSupport: { SriovNetSupport: {} },
    tpmSupport: { TpmSupport: {} },
    uefiData: { UefiData: {} },
  };
  for (const [name, want] of Object.entries(cases)) {
    it(`shows ${name}`, async () => assert.deepEqual(await new World().attribute(name), { ImageId: OWN, ...want }));
  }
  it('claims nothing about the last launch', async () => assert.equal(await codeOf(new World().attribute('lastLaunchedTime')), 'UnsupportedOperation'));
  it('refuses an unknown attribute', async () => assert.equal(await codeOf(new World().attribute('toString')), 'InvalidParameterValue'));
});

describe('ResetImageAttribute', () => {
  it('takes all launch permissions away', async () => {
    const world = new World({ public: true, launchPermissionAccountIds: [PARTNER] });
    await world.run('ResetImageAttribute', { ImageId: OWN, Attribute: 'launchPermission' });
    assert.deepEqual(await world.attribute('launchPermission'), { ImageId: OWN, LaunchPermissions: [] });
  });
  it('refuses any other attribute', async () =>
    assert.equal(await codeOf(new World().run('ResetImageAttribute', { ImageId: OWN, Attribute: 'description' })), 'InvalidParameterValue'));
});

describe('deregistering an image', () => {
  it('removes it', async () => {
    const world = new World();
    assert.deepEqual(await world.run('DeregisterImage', { ImageId: OWN, DeleteAssociatedSnapshots: true }), { Return: true, DeleteSnapshotResults: [] });
    assert.equal(world.own(), undefined);
    assert.equal(await codeOf(world.run('DeregisterImage', { ImageId: OWN })), 'InvalidAMIID.NotFound');
  });

  it('does not delete the claim that volumes are made of', async () => {
    const world = new World();
    assert.deepEqual(await world.run('DeregisterImage', { ImageId: VOLUME, DeleteAssociatedSnapshots: true }), { Return: true, DeleteSnapshotResults: [] });
  });

  it('is refused while the image is protected', async () => {
    const world = new World();
    assert.deepEqual(await world.run('EnableImageDeregistrationProtection', { ImageId: OWN }), { Return: 'true' });
    assert.equal(await codeOf(world.run('DeregisterImage', { ImageId: OWN })), 'OperationNotPermitted');
    assert.deepEqual(await world.run('DisableImageDeregistrationProtection', { ImageId: OWN }), { Return: 'true' });
    assert.deepEqual(await world.run('DeregisterImage', { ImageId: OWN }), { Return: true, DeleteSnapshotResults: [] });
  });

  it('is refused for a day after a protection with cooldown, disabled again or not', async () => {
    const world = new World();
    await world.run('EnableImageDeregistrationProtection', { ImageId: OWN, WithCooldown: true });
    await world.run('DisableImageDeregistrationProtection', { ImageId: OWN });
    world.clock.set(DAY - 1000);
    await world.run('DisableImageDeregistrationProtection', { ImageId: OWN });
    assert.equal(await codeOf(world.run('DeregisterImage', { ImageId: OWN })), 'OperationNotPermitted');
    world.clock.set(DAY);
    assert.equal(await codeOf(world.run('DeregisterImage', { ImageId: OWN })), 'none');
  });
});

describe('deprecating an image', () => {
  it('rounds to minutes, and can be taken back', async () => {
    const world = new World();
    await world.run('EnableImageDeprecation', { ImageId: OWN, DeprecateAt: new Date('2026-03-01T10:00:31Z') });
    assert.equal(world.own()?.spec.deprecationTime, '2026-03-01T10:01:00.000Z');
    assert.deepEqual(await world.run('DisableImageDeprecation', { ImageId: OWN }), { Return: true });
    assert.equal(world.own()?.spec.deprecationTime, undefined);
  });
  const refused: Record<string, { at: string; own?: object }> = {
    'a time that has passed': { at: '2026-01-31T23:58:00Z' },
    'more than 10 years': { at: '2036-02-01T00:01:00Z' },
    'more than 2 years for a public image': { at: '2028-02-01T00:01:00Z', own: { public: true } },
  };
  for (const [name, { at, own = {} }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () =>
      assert.equal(await codeOf(new World(own).run('EnableImageDeprecation', { ImageId: OWN, DeprecateAt: new Date(at) })), 'InvalidParameterValue'));
  }
});

describe('disabling an image', () => {
  it('hides it, ends its sharing, and keeps it from being launched, at once', async () => {
    const world = new World({ public: true, launchPermissionAccountIds: [PARTNER] });
    assert.deepEqual(await world.run('DisableImage', { ImageId: OWN }), { Return: true });
    assert.deepEqual(await world.attribute('launchPermission'), { ImageId: OWN, LaunchPermissions: [] });
    assert.ok(!(await world.imageIds()).includes(OWN));
    assert.deepEqual(await world.imageIds({ IncludeDisabled: true, Filters: [{ Name: 'state', Values: ['disabled'] }] }), [OWN]);
    assert.equal(await codeOf(world.run('RunInstances', { ImageId: OWN, MinCount: 1, MaxCount: 1 })), 'InvalidAMIID.Unavailable');
  });
  it('is undone by enabling it', async () => {
    const world = new World({ disabled: true });
    assert.deepEqual(await world.run('EnableImage', { ImageId: OWN }), { Return: true });
    assert.ok((await world.imageIds()).includes(OWN));
  });
});

describe('CopyImage', () => {
  const copyOf = (SourceImageId: string, more: object = {}): object => ({ SourceImageId, SourceRegion: 'us-east-1', Name: 'copy', ...more });

  it('makes an own image of the same source', async () => {
    const world = new World();
    const { ImageId = '' } = await world.run<sdk.CopyImageResult>('CopyImage', copyOf(PUBLIC, { CopyImageTags: true, Description: 'mine' }));
    const { namespace, spec } = world.own(ImageId)?.metadata.namespace === NAMESPACE ? { namespace: NAMESPACE, spec: world.own(ImageId)?.spec } : {};
    assert.deepEqual([namespace, spec?.source, spec?.public, spec?.tags], [NAMESPACE, { containerDisk: { image: 'registry.local/public' } }, false, undefined]);
    const { Images } = await world.run<sdk.DescribeImagesResult>('DescribeImages', { Filters: [{ Name: 'source-image-id', Values: [PUBLIC] }] });
    assert.deepEqual(Images?.map((image) => [image.ImageId, image.Name, image.Description, image.State, image.SourceImageRegion]), [[ImageId, 'copy', 'mine', 'pending', 'us-east-1']]);
  });

  it('copies nothing of how an own image is shared or protected, and its tags on demand', async () => {
    const world = new World({ public: true, launchPermissionAccountIds: [PARTNER], deregistrationProtection: 'enabled-with-cooldown', deprecationTime: '2027-01-01T00:00:00Z' });
    const TagSpecifications = [{ ResourceType: 'image', Tags: [{ Key: 'team', Value: 'b' }, { Key: 'new', Value: '' }] }];
    const { ImageId = '' } = await world.run<sdk.CopyImageResult>('CopyImage', copyOf(OWN, { CopyImageTags: true, TagSpecifications }));
    const { spec } = world.own(ImageId) ?? assert.fail('no copy');
    assert.deepEqual([spec.public, spec.launchPermissionAccountIds, spec.deregistrationProtection, spec.deprecationTime, spec.description], [false, undefined, 'disabled', undefined, undefined]);
    assert.deepEqual(spec.tags, [{ key: 'team', value: 'b' }, { key: 'new', value: '' }]);
  });

  it('makes one copy per client token', async () => {
    const world = new World();
    const input = copyOf(OWN, { ClientToken: 'again' });
    const answers = await Promise.all([1, 2, 3].map(() => world.run<sdk.CopyImageResult>('CopyImage', input)));
    assert.equal(new Set(answers.map(({ ImageId }) => ImageId)).size, 1);
    assert.equal(await codeOf(world.run('CopyImage', { ...input, Description: 'other' })), 'IdempotentParameterMismatch');
    assert.equal(world.cluster.list(Ami, NAMESPACE).length, 3);
  });

  it('gives a name to one of two calls at the same time', async () => {
    const world = new World();
    const codes = await Promise.all([1, 2].map(() => codeOf(world.run('CopyImage', copyOf(OWN)))));
    assert.deepEqual(codes.toSorted(), ['InvalidAMIName.Duplicate', 'none']);
  });

  const refused: Record<string, { input: object; own?: object; want: string }> = {
    'a name that is taken': { input: copyOf(PUBLIC, { Name: 'own' }), want: 'InvalidAMIName.Duplicate' },
    'a short name': { input: copyOf(OWN, { Name: 'ab' }), want: 'InvalidAMIName.Malformed' },
    'another region': { input: copyOf(OWN, { SourceRegion: 'eu-west-1' }), want: 'InvalidParameterValue' },
    'an image that is not seen': { input: copyOf(PRIVATE), want: 'InvalidAMIID.NotFound' },
    'an image that is not available': { input: copyOf(OWN), own: { status: { state: 'pending' } }, want: 'InvalidAMIID.Unavailable' },
    'a volume': { input: copyOf(VOLUME), want: 'UnsupportedOperation' },
    encryption: { input: copyOf(OWN, { Encrypted: true }), want: 'UnsupportedOperation' },
    'an outpost': { input: copyOf(OWN, { DestinationOutpostArn: 'arn:aws:outposts:us-east-1:1:outpost/op-1' }), want: 'UnsupportedOperation' },
    'tags for instances': { input: copyOf(OWN, { TagSpecifications: [{ ResourceType: 'instance', Tags: [] }] }), want: 'InvalidParameterValue' },
    'a long description': { input: copyOf(OWN, { Description: 'x'.repeat(256) }), want: 'InvalidParameterValue' },
  };
  for (const [name, { input, own = {}, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const world = new World(own);
      assert.equal(await codeOf(world.run('CopyImage', input)), want);
      assert.equal(world.cluster.list(Ami, NAMESPACE).length, 2);
    });
  }
});
