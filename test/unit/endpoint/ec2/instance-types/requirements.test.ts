import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import type { GetInstanceTypesFromInstanceRequirementsRequest, InstanceRequirementsRequest } from '@aws-sdk/client-ec2';
import type { InstanceStorage } from '../../../../../operator/api/compute/instance-type.ts';
import { getInstanceTypesFromInstanceRequirements } from '../../../../../operator/endpoint/ec2/instance-types/GetInstanceTypesFromInstanceRequirements.ts';
import { requirementsMatcher } from '../../../../../operator/endpoint/ec2/instance-types/requirements.ts';
import { anInstanceType, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);
const type = (name: string, vcpus: number, memoryMiB: number, more: object = {}) => ({ name, architecture: 'x86_64' as const, vcpus, memoryMiB, threadsPerCore: 1, isBurstable: name.startsWith('t'), isCurrentGeneration: !name.startsWith('m1'), storage: undefined as InstanceStorage | undefined, ...more });
const types = [type('t3.medium', 2, 4096), type('m1.small', 1, 2048), type('m5.large', 2, 8192), type('m5.xlarge', 4, 16384), type('c5.xlarge', 4, 8192)];

describe('instance types by requirements', () => {
  const cases: Record<string, { requirements: Partial<InstanceRequirementsRequest>; want: string[] }> = {
    'any but burstable ones': { requirements: {}, want: ['m1.small', 'm5.large', 'm5.xlarge', 'c5.xlarge'] },
    'burstable ones too': { requirements: { BurstablePerformance: 'included' }, want: types.map(({ name }) => name) },
    'burstable ones only': { requirements: { BurstablePerformance: 'required' }, want: ['t3.medium'] },
    'by CPUs': { requirements: { VCpuCount: { Min: 2, Max: 2 } }, want: ['m5.large'] },
    'by memory': { requirements: { MemoryMiB: { Min: 10_000 } }, want: ['m5.xlarge'] },
    'by memory for each CPU': { requirements: { MemoryGiBPerVCpu: { Max: 2 } }, want: ['m1.small', 'c5.xlarge'] },
    'by generation': { requirements: { InstanceGenerations: ['previous'] }, want: ['m1.small'] },
    'of names': { requirements: { AllowedInstanceTypes: ['m5.*'] }, want: ['m5.large', 'm5.xlarge'] },
    'not of names': { requirements: { ExcludedInstanceTypes: ['m*'] }, want: ['c5.xlarge'] },
    'none with accelerators': { requirements: { AcceleratorCount: { Min: 1 } }, want: [] },
    'none of a maker that nobody knows': { requirements: { CpuManufacturers: ['intel'] }, want: [] },
    'any, with no accelerators asked for': { requirements: { AcceleratorCount: { Max: 0 } }, want: ['m1.small', 'm5.large', 'm5.xlarge', 'c5.xlarge'] },
  };
  const withDisks = [...types, type('m5d.large', 2, 8192, { storage: { count: 1, sizeGB: 75, isMapped: false } }), type('m5d.4xlarge', 16, 65536, { storage: { count: 2, sizeGB: 300, isMapped: false } })];
  const ofDisks: Record<string, { requirements: Partial<InstanceRequirementsRequest>; want: string[] }> = {
    'with or without': { requirements: {}, want: ['m1.small', 'm5.large', 'm5.xlarge', 'c5.xlarge', 'm5d.large', 'm5d.4xlarge'] },
    'with': { requirements: { LocalStorage: 'required' }, want: ['m5d.large', 'm5d.4xlarge'] },
    'without': { requirements: { LocalStorage: 'excluded' }, want: ['m1.small', 'm5.large', 'm5.xlarge', 'c5.xlarge'] },
    'of a size': { requirements: { TotalLocalStorageGB: { Min: 100, Max: 600 } }, want: ['m5d.4xlarge'] },
    'of whatever kind': { requirements: { LocalStorage: 'required', LocalStorageTypes: ['hdd', 'ssd'] }, want: ['m5d.large', 'm5d.4xlarge'] },
    'of a kind that nobody knows': { requirements: { LocalStorage: 'required', LocalStorageTypes: ['ssd'] }, want: [] },
  };
  for (const [name, { requirements, want }] of Object.entries(ofDisks)) {
    it(`are ${name} disks of their own`, () => assert.deepEqual(withDisks.filter(requirementsMatcher({ VCpuCount: { Min: 0 }, MemoryMiB: { Min: 0 }, ...requirements })).map((one) => one.name), want));
  }
  for (const [name, { requirements, want }] of Object.entries(cases)) {
    it(`are ${name}`, () => assert.deepEqual(types.filter(requirementsMatcher({ VCpuCount: { Min: 0 }, MemoryMiB: { Min: 0 }, ...requirements })).map((one) => one.name), want));
  }

  it('are listed, in pages', async () => {
    const context = operationContext(new FakeCluster({ objects: [theAccount(), anInstanceType('m5.large'), anInstanceType('m5.xlarge')] }));
    const input: GetInstanceTypesFromInstanceRequirementsRequest = { ArchitectureTypes: ['x86_64'], VirtualizationTypes: ['hvm'], InstanceRequirements: { VCpuCount: { Min: 0 }, MemoryMiB: { Min: 0 } } };
    const first = await getInstanceTypesFromInstanceRequirements({ ...input, MaxResults: 1 }, context);
    assert.deepEqual(checker.violations('GetInstanceTypesFromInstanceRequirements', first), []);
    const second = await getInstanceTypesFromInstanceRequirements({ ...input, NextToken: first.NextToken }, context);
    assert.deepEqual([first, second].flatMap(({ InstanceTypes = [] }) => InstanceTypes.map(({ InstanceType }) => InstanceType)), ['m5.large', 'm5.xlarge']);
    assert.deepEqual((await getInstanceTypesFromInstanceRequirements({ ...input, VirtualizationTypes: ['paravirtual'] }, context)).InstanceTypes, []);
  });

  const refused: Record<string, [Partial<InstanceRequirementsRequest>, string]> = {
    'no CPUs': [{ VCpuCount: undefined }, 'MissingParameter'],
    'no memory': [{ MemoryMiB: undefined }, 'MissingParameter'],
    'a minimum above the maximum': [{ VCpuCount: { Min: 4, Max: 2 } }, 'InvalidParameterValue'],
    'allowed and excluded types': [{ AllowedInstanceTypes: ['a'], ExcludedInstanceTypes: ['b'] }, 'InvalidParameterCombination'],
  };
  for (const [name, [requirements, want]] of Object.entries(refused)) {
    it(`are refused for ${name}`, () => assert.throws(() => requirementsMatcher({ VCpuCount: { Min: 0 }, MemoryMiB: { Min: 0 }, ...requirements }), { code: want }));
  }
});
