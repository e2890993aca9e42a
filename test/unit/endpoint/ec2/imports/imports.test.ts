import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import { ec2Operations } from '../../../../../operator/endpoint/ec2/operations.ts';
import { outboundPolicyFrom } from '../../../../../operator/kubernetes/outbound-policy.ts';
import { ImportTask } from '../../../../../operator/kubernetes/resources.ts';
import { theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const URL = 'https://images.example.com/disk.qcow2';
const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);

class World {
  readonly cluster = new FakeCluster({ objects: [theAccount()] });
  readonly imports;

  constructor(s3Endpoint?: string) {
    this.imports = { policy: outboundPolicyFrom(['minio.storage.svc']), s3Endpoint };
  }

  async run<Result extends object>(name: keyof typeof ec2Operations, input: object): Promise<Result> {
    const result = ((await ec2Operations[name].run(input as never, operationContext(this.cluster, { imports: this.imports }))) ?? {}) as Result;
    assert.deepEqual(checker.violations(name, result), []);
    return result;
  }

  get tasks(): readonly ImportTask[] {
    return this.cluster.list(ImportTask, NAMESPACE);
  }

  async taskIs(name: string | undefined, status: object): Promise<void> {
    await this.cluster.patchStatus(ImportTask, { namespace: NAMESPACE, name: name ?? '' }, { status } as never);
  }
}

const codeOf = async (promise: Promise<unknown>): Promise<string> => promise.then(() => 'none', (error: unknown) => (error as { code: string }).code);
const image = (more: object = {}, disk: object = { Format: 'QCOW2', Url: URL }): object => ({ DiskContainers: [disk], ...more });

describe('ImportImage', () => {
  it('makes a task, which shows how far it is and what it made', async () => {
    const world = new World();
    const TagSpecifications = [{ ResourceType: 'import-image-task', Tags: [{ Key: 'a', Value: 'b' }] }];
    const { ImportTaskId } = await world.run<sdk.ImportImageResult>('ImportImage', image({ Description: 'd', Architecture: 'arm64', Platform: 'Windows', BootMode: 'uefi', TagSpecifications }));
    assert.match(ImportTaskId ?? '', /^import-ami-[0-9a-f]{17}$/);
    const [task] = world.tasks;
    assert.deepEqual([task?.spec.source, task?.spec.image, task?.spec.tags], [{ http: { url: URL } }, { description: 'd', architecture: 'arm64', platform: 'windows', bootMode: 'uefi' }, [{ key: 'a', value: 'b' }]]);
    const describe = async (): Promise<sdk.ImportImageTask | undefined> => (await world.run<sdk.DescribeImportImageTasksResult>('DescribeImportImageTasks', { ImportTaskIds: [ImportTaskId] })).ImportImageTasks?.[0];
    await world.taskIs(ImportTaskId, { state: 'active', progress: 40, statusMessage: 'CDI: ImportInProgress' });
    assert.deepEqual(await describe(), {
      ImportTaskId,
      Architecture: 'arm64',
      Platform: 'Windows',
      BootMode: 'uefi',
      Description: 'd',
      Status: 'active',
      StatusMessage: 'CDI: ImportInProgress',
      Progress: '40',
      SnapshotDetails: [{ Url: URL, DiskImageSize: 20 * 2 ** 30 }],
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    await world.taskIs(ImportTaskId, { state: 'completed', imageId: 'ami-0123456789abcdef0', snapshotId: 'snap-0123456789abcdef0' });
    const done = await describe();
    assert.deepEqual([done?.Status, done?.ImageId, done?.SnapshotDetails?.[0]?.SnapshotId, done?.Progress], ['completed', 'ami-0123456789abcdef0', 'snap-0123456789abcdef0', undefined]);
    await world.taskIs(ImportTaskId, { state: 'failed', statusMessage: 'The import failed: 404' });
    assert.deepEqual([(await describe())?.Status, (await describe())?.StatusMessage], ['deleted', 'The import failed: 404']);
  });

  it('makes one task per client token', async () => {
    const world = new World();
    const ids = await Promise.all([1, 2].map(async () => (await world.run<sdk.ImportImageResult>('ImportImage', image({ ClientToken: 'again' }))).ImportTaskId));
    assert.deepEqual([ids[0], world.tasks.length], [ids[1], 1]);
    assert.equal(await codeOf(world.run('ImportImage', image({ ClientToken: 'again', Description: 'other' }))), 'IdempotentParameterMismatch');
  });

  it('takes objects of buckets where there is an S3 server, and images of registries', async () => {
    const world = new World('http://minio.storage.svc:9000');
    await world.run('ImportImage', image({}, { UserBucket: { S3Bucket: 'bucket', S3Key: 'a/disk.raw' } }));
    await world.run('ImportImage', image({}, { Url: 's3://bucket/a/disk.raw' }));
    await world.run('ImportImage', image({}, { Url: 'docker://registry.example.com/debian:12' }));
    await world.run('ImportImage', image({}, { Url: 'http://minio.storage.svc/disk' }));
    const sources = world.tasks.map(({ spec }) => JSON.stringify(spec.source)).toSorted();
    assert.deepEqual(sources, ['{"http":{"url":"http://minio.storage.svc/disk"}}', '{"registry":{"url":"docker://registry.example.com/debian:12"}}', '{"s3":{"url":"s3://bucket/a/disk.raw"}}', '{"s3":{"url":"s3://bucket/a/disk.raw"}}']);
    const { ImportImageTasks } = await world.run<sdk.DescribeImportImageTasksResult>('DescribeImportImageTasks', { Filters: [{ Name: 'task-state', Values: ['active'] }] });
    assert.equal(ImportImageTasks?.filter(({ SnapshotDetails }) => SnapshotDetails?.[0]?.UserBucket?.S3Key === 'a/disk.raw').length, 2);
  });

  const refused: Record<string, { input: object; want: string }> = {
    'no disk': { input: {}, want: 'MissingParameter' },
    'a disk of nothing': { input: image({}, {}), want: 'MissingParameter' },
    'two disks': { input: { DiskContainers: [{ Url: URL }, { Url: URL }] }, want: 'UnsupportedOperation' },
    'a snapshot': { input: image({}, { SnapshotId: 'snap-0123456789abcdef0' }), want: 'UnsupportedOperation' },
    'a URL and a bucket': { input: image({}, { Url: URL, UserBucket: { S3Bucket: 'bucket', S3Key: 'k' } }), want: 'InvalidParameterCombination' },
    'a bucket without a key': { input: image({}, { UserBucket: { S3Bucket: 'bucket' } }), want: 'MissingParameter' },
    'a bucket without an S3 server': { input: image({}, { UserBucket: { S3Bucket: 'bucket', S3Key: 'k' } }), want: 'UnsupportedOperation' },
    'a malformed URL': { input: image({}, { Url: 'ftp://images.example.com/x' }), want: 'InvalidParameterValue' },
    'a URL with a password': { input: image({}, { Url: 'https://u:secret@images.example.com/x' }), want: 'InvalidParameterValue' },
    'a private address': { input: image({}, { Url: 'http://10.0.0.1/x' }), want: 'InvalidParameterValue' },
    "the cloud's metadata": { input: image({}, { Url: 'http://169.254.169.254/latest/' }), want: 'InvalidParameterValue' },
    'a Service of the cluster': { input: image({}, { Url: 'http://kubernetes.default.svc/api' }), want: 'InvalidParameterValue' },
    'a format that nobody reads': { input: image({}, { Format: 'OVA', Url: URL }), want: 'InvalidParameterValue' },
    encryption: { input: image({ Encrypted: true }), want: 'UnsupportedOperation' },
    'a license of AWS': { input: image({ LicenseType: 'AWS' }), want: 'UnsupportedOperation' },
    'another platform': { input: image({ Platform: 'Plan9' }), want: 'InvalidParameterValue' },
    'tags for an image': { input: image({ TagSpecifications: [{ ResourceType: 'image', Tags: [] }] }), want: 'InvalidParameterValue' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const world = new World();
      assert.equal(await codeOf(world.run('ImportImage', input)), want);
      assert.deepEqual(world.tasks, []);
    });
  }

  it('does not repeat a password', async () => {
    const world = new World();
    await assert.rejects(world.run('ImportImage', image({}, { Url: 'https://u:secret@images.example.com/x' })), (error: Error) => !error.message.includes('secret'));
  });
});

describe('ImportSnapshot', () => {
  it('makes a task of its own kind', async () => {
    const world = new World();
    const { ImportTaskId } = await world.run<sdk.ImportSnapshotResult>('ImportSnapshot', { DiskContainer: { Url: URL, Description: 'disk' }, Description: 'd' });
    await world.run('ImportImage', image());
    await world.taskIs(ImportTaskId, { state: 'completed', snapshotId: 'snap-0123456789abcdef0', statusMessage: 'm' });
    const { ImportSnapshotTasks } = await world.run<sdk.DescribeImportSnapshotTasksResult>('DescribeImportSnapshotTasks', {});
    assert.deepEqual(ImportSnapshotTasks, [
      { ImportTaskId, Description: 'd', SnapshotTaskDetail: { Description: 'd', Status: 'completed', StatusMessage: 'm', Url: URL, DiskImageSize: 20 * 2 ** 30, SnapshotId: 'snap-0123456789abcdef0' }, Tags: [] },
    ]);
    const { ImportImageTasks } = await world.run<sdk.DescribeImportImageTasksResult>('DescribeImportImageTasks', {});
    assert.deepEqual(ImportImageTasks?.length, 1);
  });

  it('refuses what ImportImage refuses', async () => {
    const world = new World();
    assert.equal(await codeOf(world.run('ImportSnapshot', {})), 'MissingParameter');
    assert.equal(await codeOf(world.run('ImportSnapshot', { DiskContainer: { Url: 'http://127.0.0.1/x' } })), 'InvalidParameterValue');
    assert.equal(await codeOf(world.run('ImportSnapshot', { DiskContainer: { Url: URL }, Encrypted: true })), 'UnsupportedOperation');
  });
});

describe('import tasks', () => {
  it('are cancelled once', async () => {
    const world = new World();
    const { ImportTaskId } = await world.run<sdk.ImportImageResult>('ImportImage', image());
    assert.deepEqual(await world.run('CancelImportTask', { ImportTaskId }), { ImportTaskId, PreviousState: 'active', State: 'deleting' });
    assert.equal(await codeOf(world.run('CancelImportTask', { ImportTaskId })), 'InvalidParameterValue');
  });

  it('that do not exist are told by EC2\'s codes', async () => {
    const world = new World();
    for (const [ImportTaskId, want] of Object.entries({ 'import-ami-0123456789abcdef0': 'InvalidConversionTaskId', 'import-snap-0123456789abcdef0': 'InvalidConversionTaskId', task: 'InvalidConversionTaskId.Malformed' })) {
      assert.equal(await codeOf(world.run('CancelImportTask', { ImportTaskId })), want);
    }
    assert.equal(await codeOf(world.run('CancelImportTask', {})), 'MissingParameter');
    assert.equal(await codeOf(world.run('DescribeImportImageTasks', { ImportTaskIds: ['import-snap-0123456789abcdef0'] })), 'InvalidConversionTaskId.Malformed');
    assert.equal(await codeOf(world.run('DescribeImportImageTasks', { ImportTaskIds: ['import-ami-0123456789abcdef0'], MaxResults: 5 })), 'InvalidParameterCombination');
  });

  it('come in pages, are filtered, and have tags', async () => {
    const world = new World();
    const ids: (string | undefined)[] = [];
    for (let count = 0; count < 5; count += 1) ids.push((await world.run<sdk.ImportImageResult>('ImportImage', image())).ImportTaskId);
    await world.taskIs(ids[0], { state: 'cancelled' });
    const first = await world.run<sdk.DescribeImportImageTasksResult>('DescribeImportImageTasks', { MaxResults: 3 });
    const second = await world.run<sdk.DescribeImportImageTasksResult>('DescribeImportImageTasks', { MaxResults: 3, NextToken: first.NextToken });
    assert.deepEqual([first.ImportImageTasks?.length, second.ImportImageTasks?.length, second.NextToken], [3, 2, undefined]);
    const { ImportImageTasks } = await world.run<sdk.DescribeImportImageTasksResult>('DescribeImportImageTasks', { Filters: [{ Name: 'task-state', Values: ['deleted'] }] });
    assert.deepEqual(ImportImageTasks?.map(({ ImportTaskId }) => ImportTaskId), [ids[0]]);
    assert.equal(await codeOf(world.run('DescribeImportImageTasks', { Filters: [{ Name: 'state', Values: ['x'] }] })), 'InvalidParameterValue');
    await world.run('CreateTags', { Resources: [ids[1]], Tags: [{ Key: 'k', Value: 'v' }] });
    const { Tags } = await world.run<sdk.DescribeTagsResult>('DescribeTags', {});
    assert.deepEqual(Tags, [{ ResourceId: ids[1], ResourceType: 'import-image-task', Key: 'k', Value: 'v' }]);
  });
});
