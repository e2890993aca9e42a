import assert from 'node:assert/strict';
import { AwsError } from '../../../../operator/endpoint/errors.ts';
import { decode } from '../../../../operator/endpoint/protocol/decode.ts';
import { parseForm, treeFrom } from '../../../../operator/endpoint/protocol/form.ts';
import { loadService } from '../../../../operator/endpoint/protocol/registry.ts';
import type { ServiceName } from '../../../../operator/endpoint/protocol/registry.ts';

interface Case {
  service?: ServiceName;
  operation: string;
  form: string;
  want?: unknown;
  missing?: string[];
  unknown?: string[];
  error?: [code: string, message: RegExp];
}

const cases: Readonly<Record<string, Case>> = {
  'puts list items in the order of their numbers, not of their digits or their arrival': {
    operation: 'DescribeInstances',
    form: 'InstanceId.10=j&InstanceId.2=b&InstanceId.1=a',
    want: { InstanceIds: ['a', 'b', 'j'] },
  },
  'closes gaps in list indexes': {
    operation: 'DescribeInstances',
    form: 'Filter.7.Name=x&Filter.999999999.Name=y&Filter.7.Value.3=v',
    want: { Filters: [{ Name: 'x', Values: ['v'] }, { Name: 'y' }] },
  },
  'drops an empty string, since Go clients send it for nothing': {
    operation: 'RunInstances',
    form: 'MinCount=1&MaxCount=1&SubnetId=&IamInstanceProfile.Name=&Placement.AvailabilityZone=',
    want: { MinCount: 1, MaxCount: 1, IamInstanceProfile: {}, Placement: {} },
  },
  'keeps an empty list item: describing no such id must not become describing everything': {
    operation: 'DescribeInstances',
    form: 'InstanceId.1=',
    want: { InstanceIds: [''] },
  },
  'keeps an empty filter value: it selects an empty tag': {
    operation: 'DescribeInstances',
    form: 'Filter.1.Name=tag:a&Filter.1.Value.1=',
    want: { Filters: [{ Name: 'tag:a', Values: [''] }] },
  },
  'keeps an empty NoDevice: it suppresses the device': {
    operation: 'RunInstances',
    form: 'MinCount=1&MaxCount=1&BlockDeviceMapping.1.DeviceName=/dev/sdb&BlockDeviceMapping.1.NoDevice=',
    want: { MinCount: 1, MaxCount: 1, BlockDeviceMappings: [{ DeviceName: '/dev/sdb', NoDevice: '' }] },
  },
  'keeps an empty tag value: DeleteTags then spares tags with another value': {
    operation: 'DeleteTags',
    form: 'ResourceId.1=i-1&Tag.1.Key=a&Tag.1.Value=&Tag.2.Key=b',
    want: { Resources: ['i-1'], Tags: [{ Key: 'a', Value: '' }, { Key: 'b' }] },
  },
  'keeps an empty attribute value: it clears the attribute': {
    operation: 'ModifyInstanceAttribute',
    form: 'InstanceId=i-1&Attribute=userData&Value=&Kernel.Value=',
    want: { InstanceId: 'i-1', Attribute: 'userData', Value: '', Kernel: { Value: '' } },
  },
  'keeps an empty blob: it clears the user data': {
    operation: 'ModifyInstanceAttribute',
    form: 'InstanceId=i-1&UserData.Value=',
    want: { InstanceId: 'i-1', UserData: { Value: new Uint8Array() } },
  },
  'drops an empty page token in both dialects': {
    service: 'autoscaling',
    operation: 'DescribeAutoScalingGroups',
    form: 'NextToken=&AutoScalingGroupNames.member.1=g',
    want: { AutoScalingGroupNames: ['g'] },
  },
  'keeps an empty string in awsQuery: it clears a placement group': {
    service: 'autoscaling',
    operation: 'UpdateAutoScalingGroup',
    form: 'AutoScalingGroupName=g&PlacementGroup=',
    want: { AutoScalingGroupName: 'g', PlacementGroup: '' },
  },
  'reads an empty list of awsQuery': {
    service: 'autoscaling',
    operation: 'DescribeAutoScalingGroups',
    form: 'AutoScalingGroupNames=',
    want: { AutoScalingGroupNames: [] },
  },
  'reads times with and without fraction, with offset, as a date, and as seconds': {
    operation: 'DescribeSpotPriceHistory',
    form: 'StartTime=2026-01-02T03:04:05.678Z&EndTime=1767323045',
    want: { StartTime: new Date('2026-01-02T03:04:05.678Z'), EndTime: new Date('2026-01-02T03:04:05Z') },
  },
  'reads booleans whatever their case': {
    operation: 'DescribeInstances',
    form: 'DryRun=True',
    want: { DryRun: true },
  },
  'tells what the model requires, nested too, by wire name': {
    service: 'autoscaling',
    operation: 'CreateAutoScalingGroup',
    form: 'Tags.member.1.Value=v&Tags.member.2.Key=k',
    missing: ['AutoScalingGroupName', 'MinSize', 'MaxSize', 'Tags.member.1.Key'],
    want: { Tags: [{ Value: 'v' }, { Key: 'k' }] },
  },
  'takes an empty string for a missing parameter': {
    operation: 'GetConsoleOutput',
    form: 'InstanceId=',
    missing: ['InstanceId'],
    want: {},
  },
  'does not miss an idempotency token: SDKs make them up': {
    operation: 'CreateCapacityReservation',
    form: 'InstanceType=t3.micro&InstancePlatform=Linux%2FUNIX&InstanceCount=1',
    want: { InstanceType: 't3.micro', InstancePlatform: 'Linux/UNIX', InstanceCount: 1 },
  },
  'lists what the model does not know, at every depth': {
    operation: 'DescribeInstances',
    form: 'Colour=red&Filter.1.Name=x&Filter.1.Colour.2=red&Filter.1.__proto__=x&constructor=x',
    want: { Filters: [{ Name: 'x' }] },
    unknown: ['Filter.1.Colour', 'Filter.1.__proto__', 'Colour', 'constructor'],
  },
  'refuses what is not a number': { operation: 'DescribeInstances', form: 'MaxResults=ten', error: ['InvalidParameterValue', /Value \(ten\) for parameter MaxResults is invalid/] },
  'refuses an infinite number': { operation: 'DescribeInstances', form: 'MaxResults=1e400', error: ['InvalidParameterValue', /MaxResults/] },
  'refuses an empty number': { operation: 'DescribeInstances', form: 'MaxResults=', error: ['InvalidParameterValue', /MaxResults/] },
  'refuses a hexadecimal number': { operation: 'DescribeInstances', form: 'MaxResults=0x10', error: ['InvalidParameterValue', /MaxResults/] },
  'refuses what is not a boolean': { operation: 'DescribeInstances', form: 'DryRun=yes', error: ['InvalidParameterValue', /DryRun.*true or false/] },
  'refuses a day that does not exist': { operation: 'DescribeSpotPriceHistory', form: 'StartTime=2026-02-30T00:00:00Z', error: ['InvalidParameterValue', /StartTime/] },
  'refuses what is not base64': { operation: 'ImportKeyPair', form: 'KeyName=k&PublicKeyMaterial=***', error: ['InvalidParameterValue', /PublicKeyMaterial.*base64/] },
  'refuses a list without numbers': { operation: 'DescribeInstances', form: 'InstanceId=i-1', error: ['InvalidParameterValue', /InstanceId.1/] },
  'refuses list items that are not numbered': { operation: 'DescribeInstances', form: 'InstanceId.x=i-1', error: ['InvalidParameterValue', /numbered/] },
  'refuses an index of ten digits': { operation: 'DescribeInstances', form: 'InstanceId.1000000000=i', error: ['InvalidParameterValue', /numbered/] },
  'refuses members on a plain value': { operation: 'DescribeInstances', form: 'NextToken.1=i', error: ['InvalidParameterValue', /single value/] },
  'refuses a value on a structure': { operation: 'RunInstances', form: 'Placement=here', error: ['InvalidParameterValue', /Placement/] },
  'refuses a wrong value of an awsQuery service as a ValidationError': {
    service: 'autoscaling',
    operation: 'SetDesiredCapacity',
    form: 'DesiredCapacity=many',
    error: ['ValidationError', /Value 'many' at 'desiredCapacity'/],
  },
};

describe('decode', () => {
  for (const [name, { service: serviceName = 'ec2', operation, form, want, missing = [], unknown = [], error }] of Object.entries(cases)) {
    it(name, async () => {
      const service = await loadService(serviceName);
      const read = () => decode(treeFrom(parseForm(form)), service.operations.get(operation)?.input, service.dialect);
      if (error) {
        assert.throws(read, (thrown) => thrown instanceof AwsError && thrown.code === error[0] && error[1].test(thrown.message));
        return;
      }
      assert.deepEqual(read(), { input: want, missing, unknown });
    });
  }

  it('does not repeat a sensitive value in its refusal', async () => {
    const { operations, dialect } = await loadService('ec2');
    const structure = operations.get('ImportKeyPair')?.input;
    const sensitive = { ...structure?.members.find(({ name }) => name === 'PublicKeyMaterial'), sensitive: true };
    const disguised = { kind: 'structure', members: [sensitive], membersByRequestName: new Map([['PublicKeyMaterial', sensitive]]) };
    const read = () => decode(treeFrom([['PublicKeyMaterial', 'hush!']]), disguised as never, dialect);
    assert.throws(read, (thrown) => thrown instanceof AwsError && !thrown.message.includes('hush'));
  });
});
