import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { InstanceSpec } from '../../../../operator/api/compute/instance.ts';
import { LaunchTemplateData } from '../../../../operator/api/compute/launch-template-data.ts';
import { groupDraftFrom } from '../../../../operator/controllers/auto-scaling-group/launch-draft.ts';
import { launchPlanFor } from '../../../../operator/endpoint/ec2/instances/launch-plan.ts';
import { launchParametersFrom } from '../../../../operator/endpoint/ec2/launch-templates/template-data.ts';
import { aKeyPair, aNode, anAmi, anInstanceType, aStorageClass, theAccount } from '../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { aSecurityGroup } from '../../../support/instance-objects.ts';
import { NAMESPACE, operationContext } from '../../../support/operation-context.ts';
import { aPlacementGroup } from '../../../support/placement-group-objects.ts';

const STORE = 'ami-00000000000000001';
const EBS = 'ami-00000000000000002';
const ARM = 'ami-00000000000000003';
const PARAMETER = '/aws/service/debian/12';
const GROUP = 'sg-00000000000000001';
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPTFUfmRSdgSC7JcyR5MaCnpBs8XRlBmeEiMfXAAAAAA ops';

const cluster = new FakeCluster({
  objects: [
    theAccount(),
    anAmi(STORE, { parameterPaths: [PARAMETER] }),
    anAmi(EBS, { source: { persistentVolumeClaim: { claimName: 'disk' } }, rootDeviceName: '/dev/sda1', rootVolumeSize: 8, blockDeviceMappings: [{ deviceName: '/dev/sdb', ebs: { volumeSize: 4 } }] }),
    anAmi(ARM, { architecture: 'arm64' }),
    anInstanceType('t3.micro', { annotations: { 'kube-ec2.io/burstable': 'true' } }),
    anInstanceType('m1.small', { cpu: 1 }),
    aStorageClass('plain', { 'storageclass.kubernetes.io/is-default-class': 'true' }),
    aSecurityGroup(GROUP, { groupName: 'web' }),
    aSecurityGroup('default-group', { groupName: 'default' }),
    aKeyPair('ops', KEY),
    aPlacementGroup('near', { strategy: 'cluster' }),
    aNode('node-a', { zone: 'us-east-1a' }),
  ],
});
const context = operationContext(cluster);
const place = { namespace: NAMESPACE, read: cluster, now: context.clock.now() };

/** What a launch makes, but for where: a group chooses zones and subnets by itself. Or why there is none. */
type Outcome = { spec: Partial<InstanceSpec>; userData: string | undefined } | { refusal: string };

function comparable({ placement: { availabilityZone: _zone, partitionNumber: _partition, ...placement }, subnetId: _subnet, ...spec }: InstanceSpec): Partial<InstanceSpec> {
  return JSON.parse(JSON.stringify({ ...spec, placement })) as Partial<InstanceSpec>;
}

function byRunInstances(data: LaunchTemplateData): Outcome {
  try {
    const { spec, userData } = launchPlanFor({ ...launchParametersFrom(data), MinCount: 1, MaxCount: 1 }, context);
    return { spec: comparable(spec), userData: userData?.toString('base64') };
  } catch (error) {
    if (!('code' in (error as object))) throw error;
    return { refusal: (error as Error).message };
  }
}

function byGroup(data: LaunchTemplateData): Outcome {
  const draft = groupDraftFrom(data, 'it', place);
  if ('reason' in draft) return { refusal: draft.message };
  return { spec: comparable(draft.spec), userData: draft.userDataBase64 };
}

const cases: Record<string, { data: LaunchTemplateData; want: RegExp | Partial<InstanceSpec> }> = {
  'a type and an image': { data: { imageId: EBS, instanceType: 't3.micro' }, want: { imageId: EBS, instanceType: 't3.micro', instanceInitiatedShutdownBehavior: 'stop' } },
  'the default type': { data: { imageId: STORE }, want: { instanceType: 'm1.small', instanceInitiatedShutdownBehavior: 'terminate' } },
  'an image by parameter': { data: { imageId: `resolve:ssm:${PARAMETER}` }, want: { imageId: STORE } },
  'tags of volumes': { data: { imageId: EBS, tagSpecifications: [{ resourceType: 'volume', tags: [{ key: 'a', value: 'b' }] }] }, want: { volumeTags: [{ key: 'a', value: 'b' }] } },
  'cores that the type has': { data: { imageId: EBS, instanceType: 't3.micro', cpuOptions: { coreCount: 2, threadsPerCore: 1 } }, want: { instanceType: 't3.micro' } },
  'a resource name with an A record': { data: { imageId: EBS, privateDnsNameOptions: { hostnameType: 'resource-name', enableResourceNameDnsARecord: true } }, want: { imageId: EBS } },
  'a larger root': { data: { imageId: EBS, blockDeviceMappings: [{ deviceName: '/dev/sda1', ebs: { volumeSize: 20 } }] }, want: { blockDeviceMappings: [{ deviceName: '/dev/sda1', ebs: { volumeSize: 20 } }] } },
  'a placement group': { data: { imageId: EBS, placement: { groupName: 'near' } }, want: { placement: { groupName: 'near', tenancy: 'default' } } },
  'an image by a parameter that nothing carries': { data: { imageId: 'resolve:ssm:/none' }, want: /parameter/ },
  'another architecture': { data: { imageId: ARM, instanceType: 't3.micro' }, want: /does not match the architecture 'arm64'/ },
  'more cores than the type has': { data: { imageId: EBS, cpuOptions: { coreCount: 8 } }, want: /CPU options are not supported/ },
  'credits of a type that has none': { data: { imageId: EBS, creditSpecification: { cpuCredits: 'unlimited' } }, want: /CreditSpecification is not supported/ },
  'a stop of what cannot stop': { data: { imageId: STORE, instanceInitiatedShutdownBehavior: 'stop' }, want: /cannot be stopped/ },
  'a root that is too small': { data: { imageId: EBS, blockDeviceMappings: [{ deviceName: '/dev/sda1', ebs: { volumeSize: 1 } }] }, want: /smaller than the root volume/ },
  'a device twice': { data: { imageId: EBS, blockDeviceMappings: [{ deviceName: '/dev/sdc', ebs: { volumeSize: 1 } }, { deviceName: 'sdc', ebs: { volumeSize: 1 } }] }, want: /more than one/ },
  'a volume without a size': { data: { imageId: EBS, blockDeviceMappings: [{ deviceName: '/dev/sdc', ebs: {} }] }, want: /needs a volume size/ },
  'IOPS that the type does not have': { data: { imageId: EBS, blockDeviceMappings: [{ deviceName: '/dev/sdc', ebs: { volumeSize: 10, volumeType: 'gp2', iops: 200 } }] }, want: /iops is not supported/ },
  'encryption that nothing gives': { data: { imageId: EBS, blockDeviceMappings: [{ deviceName: '/dev/sdc', ebs: { volumeSize: 1, encrypted: true } }] }, want: /says that it encrypts/ },
  'two interfaces': { data: { imageId: EBS, networkInterfaces: [{ deviceIndex: 0 }, { deviceIndex: 1 }] }, want: /More than one network interface/ },
  'Spot': { data: { imageId: EBS, instanceMarketOptions: { marketType: 'spot' } }, want: /market type 'spot'/ },
  'a host of its own': { data: { imageId: EBS, placement: { tenancy: 'dedicated' } }, want: /Only shared tenancy/ },
  'what nobody knows': { data: { imageId: EBS, warpDrive: { factor: 9 } }, want: /warpDrive is not supported/ },
  'no image': { data: { instanceType: 't3.micro' }, want: /./ },
};

describe('a group launches what RunInstances would', () => {
  for (const [name, { data, want }] of Object.entries(cases)) {
    it(name, () => {
      const outcomes = [byRunInstances(data), byGroup(data)];
      for (const outcome of outcomes) {
        if (want instanceof RegExp) assert.match('refusal' in outcome ? outcome.refusal : JSON.stringify(outcome.spec), want);
        else assert.deepEqual('spec' in outcome ? { ...outcome.spec, ...want } : outcome.refusal, 'spec' in outcome ? outcome.spec : '');
      }
      if (!(want instanceof RegExp)) assert.deepEqual(outcomes[1], outcomes[0]);
    });
  }

  it('for whatever a template says', () => {
    const some = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
    const rarely = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
      fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
    const tags = fc.uniqueArray(some('a', 'b', 'Name'), { maxLength: 2 }).map((keys) => keys.map((key) => ({ key, value: key })));
    const device = fc.record(
      { deviceName: some('/dev/sda1', 'sda1', '/dev/sdb', '/dev/sdc', '/dev/sdd'), ebs: rarely(fc.record({ volumeSize: rarely(some(1, 4, 8, 20, 200)), volumeType: rarely(some('gp2', 'gp3', 'io1', 'st1', 'odd')), iops: rarely(some(100, 3000)), throughput: rarely(some(125)), deleteOnTermination: rarely(fc.boolean()), encrypted: rarely(some(false, true)) })), virtualName: rarely(some('ephemeral0', 'ephemeral99')), noDevice: rarely(some('')) },
    );
    const template = fc.record({
      imageId: some(STORE, EBS, EBS, EBS, ARM, `resolve:ssm:${PARAMETER}`),
      instanceType: rarely(some('t3.micro', 'm1.small')),
      keyName: rarely(some('ops', '')),
      securityGroupIds: rarely(some([GROUP], [])),
      securityGroups: rarely(some(['web'], [])),
      placement: rarely(fc.record({ groupName: rarely(some('near', '')), tenancy: rarely(some('default', 'dedicated', '')), affinity: rarely(some('default', 'host')) })),
      userDataBase64: rarely(some('aGVsbG8=', '')),
      blockDeviceMappings: rarely(fc.array(device, { maxLength: 3 })),
      networkInterfaces: rarely(fc.array(fc.record({ deviceIndex: some(0, 0, 0, 1), groups: rarely(some([GROUP])), description: rarely(some('front', '')), associatePublicIpAddress: rarely(fc.boolean()), deleteOnTermination: rarely(some(true, true, false)), interfaceType: rarely(some('interface', 'efa')) }), { maxLength: 2 })),
      instanceInitiatedShutdownBehavior: rarely(some('stop', 'terminate', '')),
      disableApiTermination: rarely(fc.boolean()),
      disableApiStop: rarely(fc.boolean()),
      ebsOptimized: rarely(fc.boolean()),
      monitoring: rarely(fc.record({ enabled: rarely(fc.boolean()) })),
      creditSpecification: rarely(fc.record({ cpuCredits: some('standard', 'unlimited', 'many', '') })),
      cpuOptions: rarely(fc.record({ coreCount: rarely(some(1, 2)), threadsPerCore: rarely(some(1, 2)) })),
      metadataOptions: rarely(fc.record({ httpTokens: rarely(some('optional', 'required', '')), httpEndpoint: rarely(some('enabled', 'disabled')), httpPutResponseHopLimit: rarely(some(1, 64, 65)) })),
      tagSpecifications: rarely(fc.tuple(tags, tags, tags).map(([instance, volume, card]) => [
        { resourceType: 'instance', tags: instance }, { resourceType: 'volume', tags: volume }, { resourceType: 'network-interface', tags: card },
      ])),
      hibernationOptions: rarely(fc.record({ configured: fc.boolean() })),
      maintenanceOptions: rarely(fc.record({ autoRecovery: some('default', 'disabled') })),
      enclaveOptions: rarely(fc.record({ enabled: fc.boolean() })),
    });
    let launched = 0;
    fc.assert(
      fc.property(template, (made) => {
        const data = LaunchTemplateData.parse(JSON.parse(JSON.stringify(made)));
        const [run, group] = [byRunInstances(data), byGroup(data)];
        if ('spec' in run) launched += 1;
        assert.deepEqual('spec' in run ? run : 'refused', 'spec' in group ? group : 'refused', JSON.stringify({ data, run, group }));
      }),
      { numRuns: 3000 },
    );
    assert.ok(launched > 300, `only ${String(launched)} templates were launched`);
  });
});
