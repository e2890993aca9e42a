/** How many calls a bucket lets through at once, and how many a second after that. */
export interface BucketSize {
  capacity: number;
  perSecond: number;
}

/** Sizes as EC2 documents them. @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html */
const nonMutating: BucketSize = { capacity: 100, perSecond: 20 };
const unfiltered: BucketSize = { capacity: 50, perSecond: 10 };
const mutating: BucketSize = { capacity: 50, perSecond: 5 };

/** Costly when they ask for everything: the smaller bucket, unless the call says what it wants. */
const costlyWithoutFilter = new Set([
  'DescribeInstances',
  'DescribeInstanceStatus',
  'DescribeNetworkInterfaces',
  'DescribeSecurityGroups',
  'DescribeSnapshots',
  'DescribeSpotInstanceRequests',
  'DescribeVolumes',
]);

/** Actions with sizes of their own; of the actions that nobody can call here only those are left out that this product will not have. */
const ownBuckets: Readonly<Record<string, BucketSize>> = {
  ...sizesOf({ capacity: 5, perSecond: 2 }, ['RunInstances', 'StartInstances']),
  ...sizesOf({ capacity: 100, perSecond: 10 }, ['CreateTags', 'DeleteTags']),
  ...sizesOf({ capacity: 100, perSecond: 1 }, ['CopyImage']),
  ...sizesOf({ capacity: 2, perSecond: 2 }, ['ModifyInstanceMetadataDefaults']),
  ...sizesOf({ capacity: 20, perSecond: 5 }, ['DescribeSecurityGroupReferences', 'DescribeStaleSecurityGroups']),
  ...sizesOf({ capacity: 1, perSecond: 1 }, ['CreateDefaultSubnet', 'CreateDefaultVpc', 'DescribeInstanceTopology']),
  ...sizesOf({ capacity: 100, perSecond: 5 }, [
    'AssignIpv6Addresses',
    'AssignPrivateIpAddresses',
    'AssociateIamInstanceProfile',
    'CreateLaunchTemplateVersion',
    'CreateNetworkInterface',
    'CreateSnapshot',
    'CreateSnapshots',
    'CreateVolume',
    'DeleteNetworkInterface',
    'DeleteSnapshot',
    'DeleteVolume',
    'DeregisterImage',
    'DisassociateIamInstanceProfile',
    'ModifyImageAttribute',
    'ModifyInstanceMetadataOptions',
    'ModifyLaunchTemplate',
    'ModifyNetworkInterfaceAttribute',
    'ModifySnapshotAttribute',
    'TerminateInstances',
    'UnassignPrivateIpAddresses',
  ]),
};

function sizesOf(size: BucketSize, actions: readonly string[]): Record<string, BucketSize> {
  return Object.fromEntries(actions.map((action) => [action, size]));
}

/** Actions that are also counted by the instances that they are about. */
const resourceBuckets: Readonly<Record<string, BucketSize>> = {
  RunInstances: { capacity: 1000, perSecond: 2 },
  StartInstances: { capacity: 1000, perSecond: 2 },
  StopInstances: { capacity: 1000, perSecond: 20 },
  TerminateInstances: { capacity: 1000, perSecond: 20 },
};

/** The bucket that a call is counted in. Resource-intensive actions (CreateKeyPair, AuthorizeSecurityGroupIngress ...) have the size of mutating ones. Pure. */
export function bucketSizeOf(action: string, input: Readonly<Record<string, unknown>>): BucketSize {
  if (Object.hasOwn(ownBuckets, action)) return ownBuckets[action] ?? mutating;
  if (!/^(Describe|List|Search|Get)[A-Z]/.test(action)) return mutating;
  return costlyWithoutFilter.has(action) && !isNarrowed(input) ? unfiltered : nonMutating;
}

/** What a call takes from its resource bucket; undefined for an action without one. Pure. */
export function resourceUse(action: string, input: Readonly<Record<string, unknown>>): (BucketSize & { count: number }) | undefined {
  const size = Object.hasOwn(resourceBuckets, action) ? resourceBuckets[action] : undefined;
  if (!size) return undefined;
  const { InstanceIds: ids, MaxCount: maximum } = input;
  const count = Array.isArray(ids) ? ids.length : typeof maximum === 'number' && maximum > 0 ? maximum : 1;
  return { ...size, count };
}

/** Ids, filters or pages: any list, or a size of the page. */
function isNarrowed(input: Readonly<Record<string, unknown>>): boolean {
  return input['MaxResults'] !== undefined || Object.values(input).some((value) => Array.isArray(value) && value.length > 0);
}
