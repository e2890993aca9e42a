import assert from 'node:assert/strict';
import type { InstanceAttribute, InstanceAttributeName, ModifyInstanceAttributeRequest } from '@aws-sdk/client-ec2';
import { describeInstanceAttribute } from '../../../../../operator/endpoint/ec2/instances/DescribeInstanceAttribute.ts';
import { modifyInstanceAttribute } from '../../../../../operator/endpoint/ec2/instances/ModifyInstanceAttribute.ts';
import { INSTANCE_ID_LABEL, type InstanceSpec } from '../../../../../operator/api/compute/instance.ts';
import { Instance, Secret, Volume } from '../../../../../operator/kubernetes/resources.ts';
import { anAmi, anInstanceType, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { aSecurityGroup, anInstance, type InstanceOptions } from '../../../../support/instance-objects.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { anAttachedVolume } from '../../../../support/volume-objects.ts';

const ID = 'i-00000000000000001';
const GROUP = 'sg-00000000000000001';
const OTHER_GROUP = 'sg-00000000000000002';
const SECRET = `${ID}-user-data`;
const VOLUME = 'vol-00000000000000001';
const stopped: InstanceOptions = { powerState: 'stopped', status: { state: 'stopped' } };
const running: InstanceOptions = { status: { state: 'running', rootDeviceName: '/dev/xvda' }, securityGroupIds: [GROUP] };
const base64 = (text: string): string => Buffer.from(text).toString('base64');

function aSecret(name: string, data: Record<string, string>): Secret {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: NAMESPACE }, data };
}

function clusterOf(options: InstanceOptions, ...more: Secret[]): FakeCluster {
  const source = { persistentVolumeClaim: { claimName: 'disk' } };
  return new FakeCluster({
    objects: [
      theAccount(),
      anAmi('ami-00000000000000001', { source }),
      anAmi('ami-00000000000000002'),
      anInstanceType('t3.micro'),
      anInstanceType('m5.large'),
      anInstanceType('m6g.large', { labels: { 'kube-ec2.io/architecture': 'arm64' } }),
      aSecurityGroup(GROUP, { groupName: 'web' }),
      aSecurityGroup(OTHER_GROUP, { groupName: 'db' }),
      anInstance(ID, options),
      anAttachedVolume(VOLUME, ID, '/dev/xvda'),
      ...more,
    ],
  });
}

const specIn = (cluster: FakeCluster): InstanceSpec => cluster.get(Instance, { namespace: NAMESPACE, name: ID })?.spec ?? assert.fail('no instance');

describe('DescribeInstanceAttribute', () => {
  const cases: Record<string, { attribute: InstanceAttributeName; options?: InstanceOptions; secrets?: Secret[]; want: InstanceAttribute }> = {
    'shows the type': { attribute: 'instanceType', want: { InstanceType: { Value: 't3.micro' } } },
    'shows termination protection that is off': { attribute: 'disableApiTermination', want: { DisableApiTermination: { Value: false } } },
    'shows termination protection that is on': { attribute: 'disableApiTermination', options: { disableApiTermination: true }, want: { DisableApiTermination: { Value: true } } },
    'shows stop protection': { attribute: 'disableApiStop', want: { DisableApiStop: { Value: false } } },
    'shows the shutdown behaviour': { attribute: 'instanceInitiatedShutdownBehavior', want: { InstanceInitiatedShutdownBehavior: { Value: 'stop' } } },
    'shows that an instance-store root only ends': {
      attribute: 'instanceInitiatedShutdownBehavior',
      options: { status: { rootDeviceType: 'instance-store' } },
      want: { InstanceInitiatedShutdownBehavior: { Value: 'terminate' } },
    },
    'shows the devices': {
      attribute: 'blockDeviceMapping',
      options: running,
      want: {
        BlockDeviceMappings: [
          { DeviceName: '/dev/xvda', Ebs: { VolumeId: VOLUME, Status: 'attached', AttachTime: new Date('2026-01-01T00:00:30Z'), DeleteOnTermination: true } },
        ],
      },
    },
    'shows no devices of a terminated instance': {
      attribute: 'blockDeviceMapping',
      options: { powerState: 'terminated', status: { state: 'terminated' } },
      want: { BlockDeviceMappings: [] },
    },
    'shows the groups': { attribute: 'groupSet', options: running, want: { Groups: [{ GroupId: GROUP, GroupName: 'web' }] } },
    'shows the root device': { attribute: 'rootDeviceName', want: { RootDeviceName: { Value: '/dev/xvda' } } },
    'shows the source check': { attribute: 'sourceDestCheck', want: { SourceDestCheck: { Value: true } } },
    'shows EBS optimization': { attribute: 'ebsOptimized', want: { EbsOptimized: { Value: false } } },
    'shows no kernel': { attribute: 'kernel', want: { KernelId: {} } },
    'shows no RAM disk': { attribute: 'ramdisk', want: { RamdiskId: {} } },
    'shows no SR-IOV': { attribute: 'sriovNetSupport', want: { SriovNetSupport: {} } },
    'shows no ENA': { attribute: 'enaSupport', want: { EnaSupport: { Value: false } } },
    'shows no enclave': { attribute: 'enclaveOptions', want: { EnclaveOptions: { Enabled: false } } },
    'shows no product codes': { attribute: 'productCodes', want: { ProductCodes: [] } },
    'leaves user data out where there is none': { attribute: 'userData', want: { UserData: {} } },
    'shows user data of a Secret as it was sent': {
      attribute: 'userData',
      options: { userDataSecretRef: { name: SECRET, key: 'userdata' } },
      secrets: [aSecret(SECRET, { userdata: base64('#!/bin/sh') })],
      want: { UserData: { Value: base64('#!/bin/sh') } },
    },
    'shows user data of another key': {
      attribute: 'userData',
      options: { userDataSecretRef: { name: 'mine', key: 'script' } },
      secrets: [aSecret('mine', { script: base64('x'), userdata: base64('y') })],
      want: { UserData: { Value: base64('x') } },
    },
    'shows plain user data': { attribute: 'userData', options: { userData: 'plain' }, want: { UserData: { Value: base64('plain') } } },
    'leaves user data out whose Secret is gone': { attribute: 'userData', options: { userDataSecretRef: { name: 'gone', key: 'userdata' } }, want: { UserData: {} } },
  };
  for (const [name, { attribute, options = {}, secrets = [], want }] of Object.entries(cases)) {
    it(name, async () => {
      const shown = await describeInstanceAttribute({ InstanceId: ID, Attribute: attribute }, operationContext(clusterOf(options, ...secrets)));
      assert.deepEqual(shown, { InstanceId: ID, ...want });
    });
  }

  const refusals: Record<string, { input: { InstanceId: string; Attribute: string }; code: string }> = {
    'an unknown attribute': { input: { InstanceId: ID, Attribute: 'toString' }, code: 'InvalidParameterValue' },
    'an unknown instance': { input: { InstanceId: 'i-0000000000000000e', Attribute: 'userData' }, code: 'InvalidInstanceID.NotFound' },
    'a malformed id': { input: { InstanceId: 'web', Attribute: 'userData' }, code: 'InvalidInstanceID.Malformed' },
  };
  for (const [name, { input, code }] of Object.entries(refusals)) {
    it(`refuses ${name}`, () => assert.rejects(describeInstanceAttribute(input as never, operationContext(clusterOf({}))), { name: 'AwsError', code }));
  }
});

describe('ModifyInstanceAttribute', () => {
  it('keeps a volume beyond the end of its instance', async () => {
    const cluster = clusterOf(running);
    await modify({ BlockDeviceMappings: [{ DeviceName: 'xvda', Ebs: { DeleteOnTermination: false } }] }, cluster);
    assert.equal(cluster.get(Volume, { namespace: NAMESPACE, name: VOLUME })?.spec.attachment?.deleteOnTermination, false);
  });

  const modify = (input: Partial<ModifyInstanceAttributeRequest>, cluster: FakeCluster): Promise<void> =>
    modifyInstanceAttribute({ InstanceId: ID, ...input }, operationContext(cluster));

  const cases: Record<string, { options?: InstanceOptions; input: Partial<ModifyInstanceAttributeRequest>; want: Partial<InstanceSpec> }> = {
    'sets termination protection': { input: { DisableApiTermination: { Value: true } }, want: { disableApiTermination: true } },
    'sets it by name and value too': { input: { Attribute: 'disableApiTermination', Value: 'True' }, want: { disableApiTermination: true } },
    'takes stop protection away': { options: { disableApiStop: true }, input: { DisableApiStop: { Value: false } }, want: { disableApiStop: false } },
    'sets the shutdown behaviour': { input: { InstanceInitiatedShutdownBehavior: { Value: 'terminate' } }, want: { instanceInitiatedShutdownBehavior: 'terminate' } },
    'sets the source check': { input: { SourceDestCheck: { Value: false } }, want: { sourceDestCheck: false } },
    'sets the groups': { options: running, input: { Groups: [OTHER_GROUP, GROUP, OTHER_GROUP] }, want: { securityGroupIds: [OTHER_GROUP, GROUP] } },
    'sets a group by name and value': { options: running, input: { Attribute: 'groupSet', Value: OTHER_GROUP }, want: { securityGroupIds: [OTHER_GROUP] } },
    'sets the type of a stopped instance': { options: stopped, input: { InstanceType: { Value: 'm5.large' } }, want: { instanceType: 'm5.large' } },
    'sets the type by name and value': { options: stopped, input: { Attribute: 'instanceType', Value: 'm5.large' }, want: { instanceType: 'm5.large' } },
    'sets EBS optimization of a stopped instance': { options: stopped, input: { EbsOptimized: { Value: true } }, want: { ebsOptimized: true } },
    'lets what is so already be asked for': { input: { EnaSupport: { Value: false } }, want: {} },
    'lets a device keep what it has': { options: running, input: { BlockDeviceMappings: [{ DeviceName: 'xvda', Ebs: { DeleteOnTermination: true } }] }, want: {} },
    'takes the attribute\'s name beside its own parameter': {
      options: running,
      input: { Attribute: 'blockDeviceMapping', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: true } }] },
      want: {},
    },
  };
  for (const [name, { options = {}, input, want }] of Object.entries(cases)) {
    it(name, async () => {
      const cluster = clusterOf(options);
      const before = specIn(cluster);
      await modify(input, cluster);
      assert.deepEqual(specIn(cluster), { ...before, ...want });
    });
  }

  describe('of user data', () => {
    it('writes a labelled Secret and refers to it, in the place of plain text', async () => {
      const cluster = clusterOf({ ...stopped, userData: 'old' });
      await modify({ UserData: { Value: Buffer.from('new') } }, cluster);
      const secret = cluster.get(Secret, { namespace: NAMESPACE, name: SECRET });
      assert.equal(secret?.data?.['userdata'], base64('new'));
      assert.equal(secret?.metadata?.labels?.[INSTANCE_ID_LABEL], ID);
      assert.deepEqual(specIn(cluster).userDataSecretRef, { name: SECRET, key: 'userdata' });
      assert.equal(specIn(cluster).userData, undefined);
    });
    it('replaces what the Secret holds', async () => {
      const cluster = clusterOf({ ...stopped, userDataSecretRef: { name: SECRET, key: 'userdata' } }, aSecret(SECRET, { userdata: base64('old') }));
      await modify({ Attribute: 'userData', Value: base64('new') }, cluster);
      assert.equal(cluster.get(Secret, { namespace: NAMESPACE, name: SECRET })?.data?.['userdata'], base64('new'));
    });
    it('never writes into a Secret of the user\'s own', async () => {
      const cluster = clusterOf({ ...stopped, userDataSecretRef: { name: 'mine', key: 'userdata' } }, aSecret('mine', { userdata: base64('mine') }));
      await modify({ UserData: { Value: Buffer.from('new') } }, cluster);
      assert.equal(cluster.get(Secret, { namespace: NAMESPACE, name: 'mine' })?.data?.['userdata'], base64('mine'));
      assert.equal(specIn(cluster).userDataSecretRef?.name, SECRET);
    });
    it('takes it away with an empty value', async () => {
      const cluster = clusterOf({ ...stopped, userDataSecretRef: { name: SECRET, key: 'userdata' } }, aSecret(SECRET, { userdata: base64('old') }));
      await modify({ Attribute: 'userData', Value: '' }, cluster);
      assert.equal(specIn(cluster).userDataSecretRef, undefined);
      assert.equal(cluster.get(Secret, { namespace: NAMESPACE, name: SECRET }), undefined);
    });
  });

  const refusals: Record<string, { options?: InstanceOptions; input: Partial<ModifyInstanceAttributeRequest>; code: string; message: RegExp }> = {
    'no attribute': { input: {}, code: 'InvalidParameterCombination', message: /No attributes specified/ },
    'two attributes': { input: { DisableApiStop: { Value: true }, DisableApiTermination: { Value: true } }, code: 'InvalidParameterCombination', message: /multiple attribute types/ },
    'an attribute by name beside another': {
      input: { Attribute: 'instanceType', Value: 'm5.large', DisableApiStop: { Value: true } },
      code: 'InvalidParameterCombination',
      message: /multiple attribute types/,
    },
    'a name without a value': { input: { Attribute: 'instanceType' }, code: 'MissingParameter', message: /Value/ },
    'devices without devices': { input: { Attribute: 'blockDeviceMapping', Value: 'x' }, code: 'MissingParameter', message: /BlockDeviceMapping/ },
    'an attribute that cannot be changed': { input: { Attribute: 'rootDeviceName', Value: '/dev/sda' }, code: 'InvalidParameterValue', message: /rootDeviceName/ },
    'a flag that is none': { input: { Attribute: 'disableApiStop', Value: 'maybe' }, code: 'InvalidParameterValue', message: /maybe/ },
    'the type of a running instance': { input: { InstanceType: { Value: 'm5.large' } }, code: 'IncorrectInstanceState', message: /is not in the 'stopped' state/ },
    'user data of a running instance': { input: { UserData: { Value: Buffer.from('x') } }, code: 'IncorrectInstanceState', message: /is not in the 'stopped' state/ },
    'EBS optimization of a running instance': { input: { EbsOptimized: { Value: true } }, code: 'IncorrectInstanceState', message: /'stopped'/ },
    'anything of a terminated instance': {
      options: { powerState: 'terminated', status: { state: 'terminated' } },
      input: { SourceDestCheck: { Value: true } },
      code: 'IncorrectInstanceState',
      message: /not in the/,
    },
    'an unknown type': { options: stopped, input: { InstanceType: { Value: 'x9.huge' } }, code: 'InvalidParameterValue', message: /x9\.huge/ },
    'a type of another architecture': { options: stopped, input: { InstanceType: { Value: 'm6g.large' } }, code: 'InvalidParameterValue', message: /architecture/ },
    'an unknown group': { input: { Groups: ['sg-0000000000000000e'] }, code: 'InvalidGroup.NotFound', message: /sg-0000000000000000e/ },
    'an unknown shutdown behaviour': { input: { InstanceInitiatedShutdownBehavior: { Value: 'x' } }, code: 'InvalidParameterValue', message: /stop or terminate/ },
    'a stop of an instance-store root': {
      options: { status: { rootDeviceType: 'instance-store' } },
      input: { InstanceInitiatedShutdownBehavior: { Value: 'stop' } },
      code: 'UnsupportedOperation',
      message: /instance-store/,
    },
    'more than 16 KB of user data': { options: stopped, input: { UserData: { Value: Buffer.alloc(16385) } }, code: 'InvalidParameterValue', message: /16384/ },
    'user data that is no base64': { options: stopped, input: { Attribute: 'userData', Value: '!' }, code: 'InvalidUserData.Malformed', message: /BASE64/ },
    'ENA': { input: { EnaSupport: { Value: true } }, code: 'UnsupportedOperation', message: /enaSupport/ },
    'a kernel': { input: { Kernel: { Value: 'aki-1' } }, code: 'UnsupportedOperation', message: /kernel/ },
    'a device that is not there': { options: running, input: { BlockDeviceMappings: [{ DeviceName: '/dev/sdz' }] }, code: 'InvalidInstanceAttributeValue', message: /\/dev\/sdz/ },
    'another volume than the device has': {
      options: running,
      input: { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeId: 'vol-00000000000000002' } }] },
      code: 'InvalidInstanceAttributeValue',
      message: /vol-00000000000000001/,
    },
    'an unknown instance': { input: { InstanceId: 'i-0000000000000000e', SourceDestCheck: { Value: true } }, code: 'InvalidInstanceID.NotFound', message: /does not exist/ },
  };
  for (const [name, { options = {}, input, code, message }] of Object.entries(refusals)) {
    it(`refuses ${name} and writes nothing`, async () => {
      const cluster = clusterOf(options);
      await assert.rejects(modify(input, cluster), { name: /^(AwsError|Refusal)$/, code, message });
      assert.deepEqual(cluster.writes, []);
    });
  }
});
