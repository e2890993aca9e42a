import assert from 'node:assert/strict';
import type { DescribeInstanceTypesRequest } from '@aws-sdk/client-ec2';
import { parseAllDocuments } from 'yaml';
import { readFileSync } from 'node:fs';
import { describeInstanceTypes } from '../../../../../operator/endpoint/ec2/instance-types/DescribeInstanceTypes.ts';
import type { VirtualMachineClusterInstancetype } from '../../../../../operator/kubernetes/resources.ts';
import { anInstanceType } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { operationContext } from '../../../../support/operation-context.ts';

const arm64 = { 'kube-ec2.io/architecture': 'arm64' };
const objects = [
  anInstanceType('t3.micro', { annotations: { 'kube-ec2.io/burstable': 'true', 'kube-ec2.io/threads-per-core': '2' } }),
  anInstanceType('m6g.large', { labels: arm64, memory: '8Gi' }),
  anInstanceType('m1.small', { cpu: 1, memory: '1740Mi', annotations: { 'kube-ec2.io/current-generation': 'false' } }),
  anInstanceType('gpu.huge', { cpu: 64, memory: '256G', annotations: { 'kube-ec2.io/instance-storage': '2x300' } }),
  anInstanceType('odd.threads', { cpu: 3, annotations: { 'kube-ec2.io/threads-per-core': '2' } }),
  anInstanceType('nodot'),
  anInstanceType('bad.memory', { memory: 'much' }),
];
const ALL = ['gpu.huge', 'm1.small', 'm6g.large', 'odd.threads', 't3.micro'];
const context = operationContext(new FakeCluster({ objects }));

function filtered(name: string, ...values: string[]): DescribeInstanceTypesRequest {
  return { Filters: [{ Name: name, Values: values }] };
}

// The model's type lists AWS's own instance types only.
function named(...names: string[]): DescribeInstanceTypesRequest {
  return { InstanceTypes: names } as DescribeInstanceTypesRequest;
}

describe('DescribeInstanceTypes', () => {
  it('says of a type what is so here', async () => {
    const { InstanceTypes } = await describeInstanceTypes(named('t3.micro'), context);
    const { InstanceType, VCpuInfo, MemoryInfo, ProcessorInfo, BurstablePerformanceSupported, CurrentGeneration, NetworkInfo, SupportedBootModes } = InstanceTypes?.[0] ?? {};
    assert.deepEqual({ InstanceType, VCpuInfo, MemoryInfo, ProcessorInfo, BurstablePerformanceSupported, CurrentGeneration, SupportedBootModes }, {
      InstanceType: 't3.micro',
      VCpuInfo: { DefaultVCpus: 2, DefaultCores: 1, DefaultThreadsPerCore: 2, ValidCores: [1], ValidThreadsPerCore: [2] },
      MemoryInfo: { SizeInMiB: 1024 },
      ProcessorInfo: { SupportedArchitectures: ['x86_64'] },
      BurstablePerformanceSupported: true,
      CurrentGeneration: true,
      SupportedBootModes: ['legacy-bios', 'uefi'],
    });
    assert.equal(NetworkInfo?.MaximumNetworkInterfaces, 1);
  });

  it('says which disks live as long as a run, and of which kind they are only as far as it is known', async () => {
    const { InstanceTypes } = await describeInstanceTypes(named('gpu.huge', 't3.micro'), context);
    assert.deepEqual(InstanceTypes?.map(({ InstanceStorageSupported, InstanceStorageInfo }) => [InstanceStorageSupported, InstanceStorageInfo]), [
      [true, { TotalSizeInGB: 600, Disks: [{ Count: 2, SizeInGB: 300 }], NvmeSupport: 'unsupported', EncryptionSupport: 'unsupported' }],
      [false, undefined],
    ]);
  });

  it('has every part that Terraform, Karpenter and the cluster autoscaler read without asking whether it is there', async () => {
    const { InstanceTypes = [] } = await describeInstanceTypes({}, context);
    for (const type of InstanceTypes) {
      for (const part of ['ProcessorInfo', 'VCpuInfo', 'MemoryInfo', 'EbsInfo', 'NetworkInfo', 'PlacementGroupInfo', 'BurstablePerformanceSupported'] as const) {
        assert.notEqual(type[part], undefined, `${type.InstanceType ?? ''} has no ${part}`);
      }
    }
  });

  const cases: Record<string, { input: DescribeInstanceTypesRequest; want: string[] }> = {
    'lists every type that is named family.size and has a readable size, the administrator\'s too': { input: {}, want: ALL },
    'finds by name, each once': { input: named('m1.small', 'm1.small'), want: ['m1.small'] },
    'gives names and filters their common types': { input: { ...named('m1.small'), ...filtered('instance-type', 't3.*') }, want: [] },
    'lists the same when unsupported types are wanted too': { input: { IncludeUnsupportedInRegion: true }, want: ALL },
    'filters by instance-type with a wildcard': { input: filtered('instance-type', 'm*'), want: ['m1.small', 'm6g.large'] },
    'filters by processor-info.supported-architecture': { input: filtered('processor-info.supported-architecture', 'arm64'), want: ['m6g.large'] },
    'filters by burstable-performance-supported': { input: filtered('burstable-performance-supported', 'true'), want: ['t3.micro'] },
    'filters by current-generation': { input: filtered('current-generation', 'false'), want: ['m1.small'] },
    'filters by memory-info.size-in-mib': { input: filtered('memory-info.size-in-mib', '1740', '8192'), want: ['m1.small', 'm6g.large'] },
    'filters by vcpu-info.default-vcpus': { input: filtered('vcpu-info.default-vcpus', '64'), want: ['gpu.huge'] },
    'filters by vcpu-info.default-threads-per-core': { input: filtered('vcpu-info.default-threads-per-core', '2'), want: ['t3.micro'] },
    'filters by supported-boot-mode': { input: filtered('supported-boot-mode', 'legacy-bios'), want: ['gpu.huge', 'm1.small', 'odd.threads', 't3.micro'] },
    'filters by supported-virtualization-type': { input: filtered('supported-virtualization-type', 'hvm'), want: ALL },
    'filters by supported-usage-class': { input: filtered('supported-usage-class', 'spot'), want: [] },
    'filters by instance-storage-supported': { input: filtered('instance-storage-supported', 'true'), want: ['gpu.huge'] },
    'filters by instance-storage-info.total-size-in-gb': { input: filtered('instance-storage-info.total-size-in-gb', '600'), want: ['gpu.huge'] },
    'filters by instance-storage-info.disk.count': { input: filtered('instance-storage-info.disk.count', '2'), want: ['gpu.huge'] },
    'filters by instance-storage-info.disk.size-in-gb': { input: filtered('instance-storage-info.disk.size-in-gb', '600'), want: [] },
    'filters by bare-metal': { input: filtered('bare-metal', 'true'), want: [] },
    'filters by hypervisor, which is none of AWS\'s': { input: filtered('hypervisor', '*'), want: [] },
  };
  for (const [name, { input, want }] of Object.entries(cases)) {
    it(name, async () => assert.deepEqual((await describeInstanceTypes(input, context)).InstanceTypes?.map(({ InstanceType }) => InstanceType), want));
  }

  it('reads decimal memory, and ignores threads that do not divide the CPUs', async () => {
    const { InstanceTypes } = await describeInstanceTypes(named('gpu.huge', 'odd.threads'), context);
    const [huge, odd] = InstanceTypes ?? [];
    assert.equal(huge?.MemoryInfo?.SizeInMiB, Math.floor(256e9 / 2 ** 20));
    assert.deepEqual(odd?.VCpuInfo?.ValidThreadsPerCore, [1]);
  });

  it('reads the catalogue that the chart ships', async () => {
    const text = readFileSync(new URL('../../../../../charts/kube-ec2/files/instance-types.yaml', import.meta.url), 'utf8');
    const types = parseAllDocuments(text).flatMap((document) => (document.toJS() as VirtualMachineClusterInstancetype | null) ?? []);
    const shipped = operationContext(new FakeCluster({ objects: types }));
    const { InstanceTypes: first = [], NextToken } = await describeInstanceTypes({ MaxResults: 100 }, shipped);
    const { InstanceTypes: rest = [] } = await describeInstanceTypes({ MaxResults: 100, NextToken }, shipped);
    const InstanceTypes = [...first, ...rest];
    assert.equal(InstanceTypes.length, types.length);
    const micro = InstanceTypes.find(({ InstanceType }) => InstanceType === 't4g.micro');
    assert.deepEqual([micro?.VCpuInfo?.DefaultVCpus, micro?.MemoryInfo?.SizeInMiB, micro?.ProcessorInfo?.SupportedArchitectures, micro?.BurstablePerformanceSupported], [2, 1024, ['arm64'], true]);
  });

  it('pages, and answers 100 types at most', async () => {
    const many = operationContext(new FakeCluster({ objects: Array.from({ length: 120 }, (_, index) => anInstanceType(`x${index}.large`)) }));
    const first = await describeInstanceTypes({}, many);
    assert.equal(first.InstanceTypes?.length, 100);
    const second = await describeInstanceTypes({ NextToken: first.NextToken ?? '' }, many);
    assert.equal(second.InstanceTypes?.length, 20);
    assert.equal(second.NextToken, undefined);
    assert.equal(new Set([...(first.InstanceTypes ?? []), ...(second.InstanceTypes ?? [])].map(({ InstanceType }) => InstanceType)).size, 120);
  });

  const refused: Record<string, { input: DescribeInstanceTypesRequest; want: string; message?: RegExp }> = {
    'unknown types, naming them': { input: named('t3.micro', 't9.nano', 'nodot'), want: 'InvalidInstanceType', message: /do not exist: \[t9\.nano, nodot\]$/ },
    'an unknown filter': { input: filtered('color', 'red'), want: 'InvalidParameterValue', message: /color/ },
    'too small a page': { input: { MaxResults: 4 }, want: 'InvalidParameterValue' },
    'too large a page': { input: { MaxResults: 101 }, want: 'InvalidParameterValue' },
    'pages of named types': { input: { ...named('t3.micro'), MaxResults: 5 }, want: 'InvalidParameterCombination' },
    'a made-up token': { input: { NextToken: 'abc' }, want: 'InvalidNextToken' },
  };
  for (const [name, { input, want, message }] of Object.entries(refused)) {
    it(`refuses ${name}`, () => assert.rejects(describeInstanceTypes(input, context), { code: want, ...(message && { message }) }));
  }
});
