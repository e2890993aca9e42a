import { Ami, KeyPair } from '../../kubernetes/resources.ts';
import type { OperationTable } from '../operation.ts';
import { describeAccountAttributes } from './account-attributes/DescribeAccountAttributes.ts';
import { describeImages } from './images/DescribeImages.ts';
import { describeInstanceTypeOfferings } from './instance-types/DescribeInstanceTypeOfferings.ts';
import { describeInstanceTypes } from './instance-types/DescribeInstanceTypes.ts';
import { createKeyPair } from './key-pairs/CreateKeyPair.ts';
import { deleteKeyPair } from './key-pairs/DeleteKeyPair.ts';
import { describeKeyPairs } from './key-pairs/DescribeKeyPairs.ts';
import { importKeyPair } from './key-pairs/ImportKeyPair.ts';
import { describeAvailabilityZones } from './zones/DescribeAvailabilityZones.ts';
import { describeRegions } from './zones/DescribeRegions.ts';

/**
 * Every EC2 action that is implemented: wire name -> function and what the caller must be allowed to do. Sorted by name. What everybody may know
 * (zones, instance types, the own account's limits) needs no permission.
 */
export const ec2Operations = {
  CreateKeyPair: { run: createKeyPair, access: [{ verb: 'create', resource: KeyPair }] },
  DeleteKeyPair: { run: deleteKeyPair, access: [{ verb: 'delete', resource: KeyPair }] },
  DescribeAccountAttributes: { run: describeAccountAttributes, access: [] },
  DescribeAvailabilityZones: { run: describeAvailabilityZones, access: [] },
  DescribeImages: { run: describeImages, access: [{ verb: 'list', resource: Ami }] },
  DescribeInstanceTypeOfferings: { run: describeInstanceTypeOfferings, access: [] },
  DescribeInstanceTypes: { run: describeInstanceTypes, access: [] },
  DescribeKeyPairs: { run: describeKeyPairs, access: [{ verb: 'list', resource: KeyPair }] },
  DescribeRegions: { run: describeRegions, access: [] },
  ImportKeyPair: { run: importKeyPair, access: [{ verb: 'create', resource: KeyPair }] },
} satisfies OperationTable;
