/** A manifest that the API server must refuse, and what its answer must say. */
export interface BadManifest {
  kind: string;
  /** By default one that the API server makes up. */
  name?: string;
  spec: unknown;
  want: string[];
}

/** A change of a good manifest, and what the refusal must say; undefined where it is allowed. */
export interface Change {
  kind: string;
  before: Record<string, unknown>;
  change: unknown;
  want: string | undefined;
}

const volume = { size: 8, availabilityZone: 'us-east-1a' };
const attachment = { instanceId: 'web', device: '/dev/sdf' };
const subnet = { vpcId: 'main', cidrBlock: '10.0.0.0/24', availabilityZone: 'us-east-1a' };
const vpc = { cidrBlock: '10.0.0.0/16' };
const ami = { source: { containerDisk: { image: 'containerdisks/debian:12' } } };
const http = { source: { http: { url: 'https://images.example.com/disk.qcow2' } } };
const fleet = { fleetId: 'fleet-01234567-0123-0123-0123-0123456789ab', createTime: '2026-01-01T00:00:00Z', request: {}, fulfilledCapacity: 1, instances: [], errors: [] };
const series = { namespace: 'App', metricName: 'Load', minutes: [] };
const user = { inlinePolicies: [{ name: 'read', actions: ['ec2:Describe*'] }] };
const tooMany = (count: number): { key: string }[] => Array.from({ length: count }, (_, position) => ({ key: String(position) }));

/** Storage, networks, images, records and identities; those of machines and groups stand in the test itself. */
export const badManifests: Record<string, BadManifest> = {
  'a Volume of nothing': { kind: 'Volume', spec: {}, want: ['spec.size: Required value: set size, snapshotId or source'] },
  'a Volume of 0 GiB': { kind: 'Volume', spec: { ...volume, size: 0 }, want: ['spec.size: Invalid value: 0', 'greater than or equal to 1'] },
  'a Volume beyond 64 TiB': { kind: 'Volume', spec: { ...volume, size: 65537 }, want: ['spec.size: Invalid value: 65537', 'less than or equal to 65536'] },
  'a Volume of a type that does not exist': { kind: 'Volume', spec: { ...volume, volumeType: 'gp4' }, want: ['spec.volumeType: Unsupported value: "gp4"'] },
  'a Volume of two sources': {
    kind: 'Volume',
    spec: { snapshotId: 'cut', source: { volumeSnapshot: { name: 'a' } } },
    want: ['spec.source: Invalid value: ', 'set snapshotId or source, not both'],
  },
  'a Volume of two of Kubernetes\' own kinds': {
    kind: 'Volume',
    spec: { source: { volumeSnapshot: { name: 'a' }, persistentVolumeClaim: { claimName: 'b' } } },
    want: ['spec.source: Invalid value: ', 'set persistentVolumeClaim or volumeSnapshot, and not both'],
  },
  'a Volume of a source that is none': { kind: 'Volume', spec: { source: {} }, want: ['spec.source: Invalid value: ', 'set persistentVolumeClaim or volumeSnapshot'] },
  'throughput of gp2': { kind: 'Volume', spec: { ...volume, throughput: 250 }, want: ['spec.throughput: Invalid value: ', 'throughput is for the volume type gp3'] },
  'too little throughput': { kind: 'Volume', spec: { ...volume, volumeType: 'gp3', throughput: 124 }, want: ['spec.throughput: Invalid value: 124'] },
  'too much throughput': { kind: 'Volume', spec: { ...volume, volumeType: 'gp3', throughput: 2001 }, want: ['spec.throughput: Invalid value: 2001'] },
  'IOPS of gp2': { kind: 'Volume', spec: { ...volume, iops: 3000 }, want: ['spec.iops: Invalid value: ', 'iops is for the volume types gp3, io1 and io2'] },
  'io2 without IOPS': { kind: 'Volume', spec: { ...volume, volumeType: 'io2' }, want: ['spec.iops: Required value: the volume types io1 and io2 need iops'] },
  'too few IOPS': { kind: 'Volume', spec: { ...volume, volumeType: 'io1', iops: 99 }, want: ['spec.iops: Invalid value: 99'] },
  'too many IOPS': { kind: 'Volume', spec: { ...volume, volumeType: 'io2', iops: 256001 }, want: ['spec.iops: Invalid value: 256001'] },
  'a Volume attached as what no guest has': {
    kind: 'Volume',
    spec: { ...volume, attachment: { ...attachment, device: '/dev/nvme0n1' } },
    want: ['spec.attachment.device: Invalid value: "/dev/nvme0n1": device must look like /dev/sdf or /dev/xvdba'],
  },
  'a Volume attached to nothing': { kind: 'Volume', spec: { ...volume, attachment: { device: '/dev/sdf' } }, want: ['spec.attachment.instanceId: Required value'] },
  'a Volume in no zone': { kind: 'Volume', spec: { ...volume, availabilityZone: '' }, want: ['spec.availabilityZone: Invalid value: ""'] },
  'more tags than EC2 has': { kind: 'Volume', spec: { ...volume, tags: tooMany(61) }, want: ['spec.tags: Too many: 61: must have at most 60 items'] },
  'a tag without a key': { kind: 'Volume', spec: { ...volume, tags: [{ key: '' }] }, want: ['spec.tags[0].key: Invalid value: ""'] },
  'a Snapshot of nothing': { kind: 'Snapshot', spec: {}, want: ['spec: Invalid value: ', 'set exactly one of volumeId, sourceSnapshotId and source'] },
  'a Snapshot of two things': { kind: 'Snapshot', spec: { volumeId: 'a', sourceSnapshotId: 'b' }, want: ['set exactly one of volumeId, sourceSnapshotId and source'] },
  'a Snapshot shared with what is no account': {
    kind: 'Snapshot',
    spec: { volumeId: 'a', createVolumePermissionAccountIds: ['all'] },
    want: ['spec.createVolumePermissionAccountIds[0]: Invalid value: "all": an account id has 12 digits'],
  },
  'a Snapshot shared twice with one account': {
    kind: 'Snapshot',
    spec: { volumeId: 'a', createVolumePermissionAccountIds: ['111122223333', '111122223333'] },
    want: ['spec.createVolumePermissionAccountIds[1]: Duplicate value: "111122223333"'],
  },
  'a Snapshot of a set of none': { kind: 'Snapshot', spec: { volumeId: 'a', set: { name: 'all', size: 0 } }, want: ['spec.set.size: Invalid value: 0'] },
  'a Snapshot of too large a set': { kind: 'Snapshot', spec: { volumeId: 'a', set: { name: 'all', size: 41 } }, want: ['spec.set.size: Invalid value: 41'] },
  'a Snapshot with a tale for a description': { kind: 'Snapshot', spec: { volumeId: 'a', description: 'x'.repeat(256) }, want: ['spec.description: Too long: may not be more than 255'] },
  'an import from nowhere': { kind: 'ImportTask', spec: { source: {} }, want: ['spec.source: Invalid value: ', 'set exactly one of http, s3, registry and upload'] },
  'an import from two places': {
    kind: 'ImportTask',
    spec: { source: { ...http.source, upload: {} } },
    want: ['set exactly one of http, s3, registry and upload'],
  },
  'an import with a password in its address': {
    kind: 'ImportTask',
    spec: { source: { http: { url: 'https://me:secret@images.example.com/disk' } } },
    want: ['spec.source.http.url: Invalid value: ', 'without user name and password'],
  },
  'an import of a file': { kind: 'ImportTask', spec: { source: { http: { url: 'file:///etc/shadow' } } }, want: ['url must be http or https'] },
  'an import with a digest of no kind': {
    kind: 'ImportTask',
    spec: { source: { http: { ...http.source.http, checksum: 'md5:00' } } },
    want: ['spec.source.http.checksum: Invalid value: "md5:00": checksum must look like sha256:'],
  },
  'an import from a bucket without an object': { kind: 'ImportTask', spec: { source: { s3: { url: 's3://bucket' } } }, want: ['url must be s3://bucket/key'] },
  'an import from a registry without its scheme': { kind: 'ImportTask', spec: { source: { registry: { url: 'quay.io/a/b' } } }, want: ['url must be docker://host/repository'] },
  'an upload that is waited for too long': { kind: 'ImportTask', spec: { source: { upload: { timeoutHours: 169 } } }, want: ['spec.source.upload.timeoutHours: Invalid value: 169'] },
  'an import into too large a volume': { kind: 'ImportTask', spec: { ...http, volumeSize: 65537 }, want: ['spec.volumeSize: Invalid value: 65537'] },
  'an import for an image that is there and a new one': {
    kind: 'ImportTask',
    spec: { ...http, image: {}, imageId: 'a' },
    want: ['spec.image: Invalid value: ', 'set image or imageId, not both'],
  },
  'secure boot by BIOS': { kind: 'Ami', spec: { ...ami, secureBoot: true }, want: ['spec.secureBoot: Invalid value: ', 'secure boot needs bootMode uefi'] },
  'a TPM by BIOS': { kind: 'Ami', spec: { ...ami, tpmSupport: 'v2.0' }, want: ['spec.tpmSupport: Invalid value: ', 'a TPM needs bootMode uefi'] },
  'a name with what EC2 does not take': { kind: 'Ami', spec: { ...ami, name: 'debian*' }, want: ['spec.name: Invalid value: "debian*": name may have letters'] },
  'a root under a name that no guest has': { kind: 'Ami', spec: { ...ami, rootDeviceName: '/dev/vda' }, want: ['spec.rootDeviceName: Invalid value: "/dev/vda": rootDeviceName must look like /dev/xvda or /dev/sda1'] },
  'an instance store volume that EC2 does not have': {
    kind: 'Ami',
    spec: { ...ami, blockDeviceMappings: [{ deviceName: '/dev/sdb', virtualName: 'ephemeral24' }] },
    want: ['spec.blockDeviceMappings[0].virtualName: Invalid value: "ephemeral24": virtualName must be ephemeral0 to ephemeral23'],
  },
  'a parameter that is no path': { kind: 'Ami', spec: { ...ami, parameterPaths: ['latest'] }, want: ['spec.parameterPaths[0]: Invalid value: "latest": a parameter path looks like'] },
  'a Vpc without a block': { kind: 'Vpc', spec: {}, want: ['spec.cidrBlock: Required value'] },
  'too large a block': { kind: 'Vpc', spec: { cidrBlock: '10.0.0.0/15' }, want: ['spec.cidrBlock: Invalid value: "10.0.0.0/15": must be an IPv4 block of /16 to /28'] },
  'too small a block': { kind: 'Vpc', spec: { cidrBlock: '10.0.0.0/29' }, want: ['must be an IPv4 block of /16 to /28'] },
  'a block that is no address': { kind: 'Vpc', spec: { cidrBlock: '10.0.300.0/16' }, want: ['spec.cidrBlock: Invalid value: ', 'must be an IPv4 block of /16 to /28'] },
  'a block with bits behind its prefix': { kind: 'Vpc', spec: { cidrBlock: '10.0.0.1/16' }, want: ['spec.cidrBlock: Invalid value: ', 'bits are set behind the prefix'] },
  'more blocks than a Vpc has': {
    kind: 'Vpc',
    spec: { ...vpc, moreCidrBlocks: ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16', '10.4.0.0/16', '10.5.0.0/16'] },
    want: ['spec.moreCidrBlocks: Too many: 5: must have at most 4 items'],
  },
  'a Subnet of no Vpc': { kind: 'Subnet', spec: { ...subnet, vpcId: undefined }, want: ['spec.vpcId: Required value'] },
  'a Subnet in no zone': { kind: 'Subnet', spec: { ...subnet, availabilityZone: undefined }, want: ['spec.availabilityZone: Required value'] },
  'a Subnet with bits behind its prefix': { kind: 'Subnet', spec: { ...subnet, cidrBlock: '10.0.0.128/24' }, want: ['bits are set behind the prefix'] },
  'a Subnet with host names of no kind': { kind: 'Subnet', spec: { ...subnet, privateDnsHostnameTypeOnLaunch: 'name' }, want: ['spec.privateDnsHostnameTypeOnLaunch: Unsupported value: "name"'] },
  'a route for two kinds of addresses': {
    kind: 'RouteTable',
    spec: { vpcId: 'main', routes: [{ destinationCidrBlock: '0.0.0.0/0', destinationIpv6CidrBlock: '::/0', gatewayId: 'out' }] },
    want: ['spec.routes[0]: Invalid value: ', 'set exactly one of destinationCidrBlock and destinationIpv6CidrBlock'],
  },
  'a route for no addresses': { kind: 'RouteTable', spec: { vpcId: 'main', routes: [{ gatewayId: 'out' }] }, want: ['set exactly one of destinationCidrBlock and destinationIpv6CidrBlock'] },
  'a route for what is no block': {
    kind: 'RouteTable',
    spec: { vpcId: 'main', routes: [{ destinationCidrBlock: '10.0.0.1/8', gatewayId: 'out' }] },
    want: ['spec.routes[0].destinationCidrBlock: Invalid value: ', 'must be an IPv4 block such as 0.0.0.0/0'],
  },
  'a route for IPv4 in the field for IPv6': {
    kind: 'RouteTable',
    spec: { vpcId: 'main', routes: [{ destinationIpv6CidrBlock: '10.0.0.0/8', gatewayId: 'out' }] },
    want: ['must be an IPv6 block such as ::/0'],
  },
  'a route to nowhere': { kind: 'RouteTable', spec: { vpcId: 'main', routes: [{ destinationCidrBlock: '0.0.0.0/0' }] }, want: ['spec.routes[0]: Invalid value: set exactly one of gatewayId and natGatewayId'] },
  'a network ACL of no Vpc': { kind: 'NetworkAcl', spec: {}, want: ['spec.vpcId: Required value'] },
  'a name server that is a name': { kind: 'DhcpOptions', spec: { domainNameServers: ['dns.example.com'] }, want: ['spec.domainNameServers[0]: Invalid value: ', 'must be an IP address, or AmazonProvidedDNS'] },
  'more name servers than a guest takes': { kind: 'DhcpOptions', spec: { domainNameServers: ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'] }, want: ['spec.domainNameServers: Too many: 4: must have at most 3 items'] },
  'no name servers at all': { kind: 'DhcpOptions', spec: { domainNameServers: [] }, want: ['spec.domainNameServers: Invalid value: 0', 'should have at least 1 items'] },
  'a time server by IPv6': { kind: 'DhcpOptions', spec: { ntpServers: ['fd00::1'] }, want: ['spec.ntpServers[0]: Invalid value: ', 'must be an IPv4 address'] },
  'more groups than an interface has': {
    kind: 'NetworkInterface',
    spec: { securityGroupIds: Array.from({ length: 17 }, (_, position) => `sg-${String(position)}`) },
    want: ['spec.securityGroupIds: Too many: 17: must have at most 16 items'],
  },
  'one group twice': { kind: 'NetworkInterface', spec: { securityGroupIds: ['web', 'web'] }, want: ['spec.securityGroupIds[1]: Duplicate value: "web"'] },
  'an interface in a subnet without a name': { kind: 'NetworkInterface', spec: { subnetId: '' }, want: ['spec.subnetId: Invalid value: ""'] },
  'an interface with a tale for a description': { kind: 'NetworkInterface', spec: { description: 'x'.repeat(256) }, want: ['spec.description: Too long: may not be more than 255'] },
  'a placement of no kind': { kind: 'PlacementGroup', spec: { strategy: 'near' }, want: ['spec.strategy: Unsupported value: "near"'] },
  'more partitions than EC2 has': { kind: 'PlacementGroup', spec: { strategy: 'partition', partitionCount: 8 }, want: ['spec.partitionCount: Invalid value: 8'] },
  'a fleet with an id that is none': { kind: 'Fleet', spec: { ...fleet, fleetId: 'fleet-1' }, want: ['spec.fleetId: Invalid value: "fleet-1": fleetId must be fleet- and a UUID'] },
  'a fleet of less than nothing': { kind: 'Fleet', spec: { ...fleet, fulfilledCapacity: -1 }, want: ['spec.fulfilledCapacity: Invalid value: -1'] },
  'a launch configuration of nothing': { kind: 'LaunchConfiguration', spec: {}, want: ['spec.launchTemplateData: Required value'] },
  'a template under a name that EC2 does not take': {
    kind: 'LaunchTemplate',
    spec: { launchTemplateName: 'web server', versions: [{ versionNumber: 1, launchTemplateData: {} }] },
    want: ['spec.launchTemplateName: Invalid value: "web server": launchTemplateName may have letters, digits and ( ) . - / _'],
  },
  'two versions of one number': {
    kind: 'LaunchTemplate',
    spec: { versions: [{ versionNumber: 1, launchTemplateData: {} }, { versionNumber: 1, launchTemplateData: {} }] },
    want: ['spec.versions[1]: Duplicate value: {"versionNumber":1}'],
  },
  'a metric of more minutes than are kept': {
    kind: 'MetricSeries',
    spec: { ...series, minutes: Array.from({ length: 181 }, (_, at) => ({ at, sampleCount: 1, sum: 1, minimum: 1, maximum: 1 })) },
    want: ['spec.minutes: Too many: 181: must have at most 180 items'],
  },
  'a metric of one dimension twice': {
    kind: 'MetricSeries',
    spec: { ...series, dimensions: [{ name: 'a', value: '1' }, { name: 'a', value: '2' }] },
    want: ['spec.dimensions[1]: Duplicate value: {"name":"a"}'],
  },
  'a user with a name that IAM does not take': { kind: 'IamUser', spec: { userName: 'a b' }, want: ['spec.userName: Invalid value: "a b": letters, digits and + = , . @ _ -'] },
  'a user with one policy twice': { kind: 'IamUser', spec: { inlinePolicies: [...user.inlinePolicies, ...user.inlinePolicies] }, want: ['spec.inlinePolicies[1]: Duplicate value: {"name":"read"}'] },
  'a policy that grants a verb that is none': {
    kind: 'IamUser',
    spec: { inlinePolicies: [{ name: 'all', actions: ['*'], grants: [{ resource: 'instances', verbs: ['escalate'] }] }] },
    want: ['spec.inlinePolicies[0].grants[0].verbs[0]: Unsupported value: "escalate"'],
  },
  'a policy that grants a subresource': {
    kind: 'IamUser',
    spec: { inlinePolicies: [{ name: 'all', actions: ['*'], grants: [{ resource: 'instances/status', verbs: ['patch'] }] }] },
    want: ['spec.inlinePolicies[0].grants[0].resource: Invalid value: "instances/status"'],
  },
  'a role for a minute': { kind: 'IamRole', spec: { maxSessionDuration: 60 }, want: ['spec.maxSessionDuration: Invalid value: 60', 'greater than or equal to 3600'] },
  'a role for a day': { kind: 'IamRole', spec: { maxSessionDuration: 86400 }, want: ['spec.maxSessionDuration: Invalid value: 86400', 'less than or equal to 43200'] },
  'a profile of a role that IAM cannot have': { kind: 'InstanceProfile', spec: { roleName: 'a/b' }, want: ['spec.roleName: Invalid value: "a/b"'] },
  'a key that is none': { kind: 'KeyPair', spec: { publicKeyMaterial: 'ssh-rsa' }, want: ['spec.publicKeyMaterial: Invalid value: "ssh-rsa"', 'at least 16 chars long'] },
  'settings under another name': { kind: 'AccountSettings', name: 'mine', spec: {}, want: ['an account has settings of one name: default'] },
  'tokens both optional and enforced': {
    kind: 'AccountSettings',
    name: 'default',
    spec: { instanceMetadataDefaults: { httpTokens: 'optional', httpTokensEnforced: 'enabled' } },
    want: ['spec.instanceMetadataDefaults.httpTokens: Invalid value: ', 'httpTokensEnforced and httpTokens optional contradict each other'],
  },
  'metadata over 65 hops': { kind: 'AccountSettings', name: 'default', spec: { instanceMetadataDefaults: { httpPutResponseHopLimit: 65 } }, want: ['spec.instanceMetadataDefaults.httpPutResponseHopLimit: Invalid value: 65'] },
};

/** Changes of the same kinds. */
export const changesOfManifests: Record<string, Change> = {
  'the size of a Volume downwards': { kind: 'Volume', before: volume, change: { size: 7 }, want: 'spec.size: Invalid value: a volume cannot shrink' },
  'the size of a Volume away': { kind: 'Volume', before: { ...volume, snapshotId: 'cut' }, change: { size: null }, want: 'a volume cannot shrink' },
  'the size of a Volume upwards (allowed)': { kind: 'Volume', before: volume, change: { size: 9 }, want: undefined },
  'the zone of a Volume': { kind: 'Volume', before: volume, change: { availabilityZone: 'us-east-1b' }, want: 'availabilityZone cannot be changed; make a new Volume' },
  'the zone of a Volume away': { kind: 'Volume', before: volume, change: { availabilityZone: null }, want: 'availabilityZone cannot be added or removed' },
  'the encryption of a Volume': { kind: 'Volume', before: volume, change: { encrypted: true }, want: 'encrypted cannot be changed; make a new Volume' },
  'the snapshot of a Volume': { kind: 'Volume', before: { snapshotId: 'a' }, change: { snapshotId: 'b' }, want: 'snapshotId cannot be changed; make a new Volume' },
  'no snapshot of a Volume into one': { kind: 'Volume', before: volume, change: { snapshotId: 'b' }, want: 'snapshotId cannot be added or removed' },
  'the source of a Volume': { kind: 'Volume', before: { source: { volumeSnapshot: { name: 'a' } } }, change: { source: { volumeSnapshot: { name: 'b' } } }, want: 'source cannot be changed; make a new object' },
  'the class of a Volume': { kind: 'Volume', before: { ...volume, storageClassName: 'a' }, change: { storageClassName: 'b' }, want: 'storageClassName cannot be changed' },
  'the instance of an attached Volume': { kind: 'Volume', before: { ...volume, attachment }, change: { attachment: { instanceId: 'db' } }, want: 'detach the volume first' },
  'the device of an attached Volume': { kind: 'Volume', before: { ...volume, attachment }, change: { attachment: { device: '/dev/sdg' } }, want: 'detach the volume first' },
  'the end of an attachment (allowed)': { kind: 'Volume', before: { ...volume, attachment }, change: { attachment: null }, want: undefined },
  'whether a Volume goes with its instance (allowed)': { kind: 'Volume', before: { ...volume, attachment }, change: { attachment: { deleteOnTermination: true } }, want: undefined },
  'the volume of a Snapshot': { kind: 'Snapshot', before: { volumeId: 'a' }, change: { volumeId: 'b' }, want: 'volumeId cannot be changed; make a new Snapshot' },
  'a Snapshot into a copy': { kind: 'Snapshot', before: { volumeId: 'a' }, change: { volumeId: null, sourceSnapshotId: 'b' }, want: 'volumeId cannot be added or removed' },
  'the set of a Snapshot': { kind: 'Snapshot', before: { volumeId: 'a', set: { name: 'x', size: 2 } }, change: { set: { size: 3 } }, want: 'set cannot be changed; make a new Snapshot' },
  'who may use a Snapshot (allowed)': { kind: 'Snapshot', before: { volumeId: 'a' }, change: { public: true, createVolumePermissionAccountIds: ['111122223333'] }, want: undefined },
  'where an import comes from': { kind: 'ImportTask', before: http, change: { source: { http: { url: 'https://other.example.com/disk' } } }, want: 'the source cannot be changed; make a new ImportTask' },
  'the size of an import': { kind: 'ImportTask', before: http, change: { volumeSize: 30 }, want: 'volumeSize cannot be changed; make a new ImportTask' },
  'an import into one for an image': { kind: 'ImportTask', before: http, change: { image: {} }, want: 'image cannot be changed; make a new ImportTask' },
  'a cancelled import back': { kind: 'ImportTask', before: { ...http, cancelled: true }, change: { cancelled: false }, want: 'a cancelled import stays so; make a new ImportTask' },
  'an import to cancelled (allowed)': { kind: 'ImportTask', before: http, change: { cancelled: true }, want: undefined },
  'the block of a Vpc': { kind: 'Vpc', before: vpc, change: { cidrBlock: '10.1.0.0/16' }, want: 'cidrBlock cannot be changed; make a new Vpc' },
  'a Vpc into the default one': { kind: 'Vpc', before: vpc, change: { isDefault: true }, want: 'isDefault cannot be changed; make a new Vpc' },
  'the blocks of a Vpc (allowed)': { kind: 'Vpc', before: vpc, change: { moreCidrBlocks: ['10.1.0.0/16'] }, want: undefined },
  'the Vpc of a Subnet': { kind: 'Subnet', before: subnet, change: { vpcId: 'other' }, want: 'vpcId cannot be changed; make a new Subnet' },
  'the block of a Subnet': { kind: 'Subnet', before: subnet, change: { cidrBlock: '10.0.1.0/24' }, want: 'cidrBlock cannot be changed; make a new Subnet' },
  'the zone of a Subnet': { kind: 'Subnet', before: subnet, change: { availabilityZone: 'us-east-1b' }, want: 'availabilityZone cannot be changed; make a new Subnet' },
  'the routes of a Subnet (allowed)': { kind: 'Subnet', before: subnet, change: { routeTableId: 'out' }, want: undefined },
  'the Vpc of a route table': { kind: 'RouteTable', before: { vpcId: 'a' }, change: { vpcId: 'b' }, want: 'vpcId cannot be changed; make a new RouteTable' },
  'the Vpc of a network ACL': { kind: 'NetworkAcl', before: { vpcId: 'a' }, change: { vpcId: 'b' }, want: 'vpcId cannot be changed' },
  'the Vpc of a gateway (allowed)': { kind: 'InternetGateway', before: { vpcId: 'a' }, change: { vpcId: null }, want: undefined },
  'the domain of DHCP options': { kind: 'DhcpOptions', before: { domainName: 'a' }, change: { domainName: 'b' }, want: 'domainName cannot be changed; make new DhcpOptions' },
  'time servers into DHCP options': { kind: 'DhcpOptions', before: { domainName: 'a' }, change: { ntpServers: ['10.0.0.1'] }, want: 'ntpServers cannot be added or removed; make new DhcpOptions' },
  'the subnet of an interface away': { kind: 'NetworkInterface', before: { subnetId: 'a' }, change: { subnetId: null }, want: 'subnetId cannot be added or removed' },
  'the groups of an interface (allowed)': { kind: 'NetworkInterface', before: { securityGroupIds: ['a'] }, change: { securityGroupIds: ['b'] }, want: undefined },
  'the strategy of a placement group': { kind: 'PlacementGroup', before: { strategy: 'spread' }, change: { strategy: 'cluster' }, want: 'strategy cannot be changed; make a new PlacementGroup' },
  'a launch configuration': { kind: 'LaunchConfiguration', before: { launchTemplateData: { imageId: 'a' } }, change: { launchTemplateData: { imageId: 'b' } }, want: 'a launch configuration cannot be changed; make a new one' },
  'the metric of a series': { kind: 'MetricSeries', before: series, change: { metricName: 'Other' }, want: 'metricName cannot be changed' },
  'the name of a user': { kind: 'IamUser', before: { userName: 'a' }, change: { userName: 'b' }, want: 'userName cannot be changed; make a new IamUser' },
  'the name of a role': { kind: 'IamRole', before: { roleName: 'a' }, change: { roleName: 'b' }, want: 'roleName cannot be changed; make a new IamRole' },
  'the name of an instance profile': { kind: 'InstanceProfile', before: { instanceProfileName: 'a' }, change: { instanceProfileName: 'b' }, want: 'instanceProfileName cannot be changed; make a new InstanceProfile' },
  'the role of an instance profile (allowed)': { kind: 'InstanceProfile', before: { roleName: 'a' }, change: { roleName: 'b' }, want: undefined },
};
