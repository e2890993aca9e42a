import assert from 'node:assert/strict';
import { redact } from '../../../../operator/endpoint/protocol/redact.ts';
import { loadService } from '../../../../operator/endpoint/protocol/registry.ts';
import type { ServiceName } from '../../../../operator/endpoint/protocol/registry.ts';

const cases: Readonly<Record<string, { service: ServiceName; operation: string; side: 'input' | 'output'; value: Record<string, unknown>; want: unknown }>> = {
  'hides user data': {
    service: 'ec2', operation: 'RunInstances', side: 'input',
    value: { ImageId: 'ami-1', UserData: 'aHVzaA==' },
    want: { ImageId: 'ami-1', UserData: '[redacted]' },
  },
  'hides user data deep in a launch template': {
    service: 'ec2', operation: 'CreateLaunchTemplate', side: 'input',
    value: { LaunchTemplateData: { UserData: 'aHVzaA==', ImageId: 'ami-1' } },
    want: { LaunchTemplateData: { UserData: '[redacted]', ImageId: 'ami-1' } },
  },
  'hides a new private key': {
    service: 'ec2', operation: 'CreateKeyPair', side: 'output',
    value: { KeyName: 'k', KeyMaterial: '-----BEGIN' },
    want: { KeyName: 'k', KeyMaterial: '[redacted]' },
  },
  'hides binary data, marked or not': {
    service: 'ec2', operation: 'ModifyInstanceAttribute', side: 'input',
    value: { InstanceId: 'i-1', UserData: { Value: new Uint8Array([1]) } },
    want: { InstanceId: 'i-1', UserData: { Value: '[redacted]' } },
  },
  'hides the secret of temporary credentials': {
    service: 'sts', operation: 'AssumeRole', side: 'output',
    value: { Credentials: { AccessKeyId: 'ASIA', SecretAccessKey: 'hush' } },
    want: { Credentials: { AccessKeyId: 'ASIA', SecretAccessKey: '[redacted]' } },
  },
  'keeps lists readable': {
    service: 'ec2', operation: 'DescribeInstances', side: 'input',
    value: { Filters: [{ Name: 'a', Values: ['b'] }] },
    want: { Filters: [{ Name: 'a', Values: ['b'] }] },
  },
};

describe('redact', () => {
  for (const [name, { service: serviceName, operation, side, value, want }] of Object.entries(cases)) {
    it(name, async () => {
      const structure = (await loadService(serviceName)).operations.get(operation)?.[side];
      assert.ok(structure);
      assert.deepEqual(redact(structure, value), want);
    });
  }
});
