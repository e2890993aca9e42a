import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import { ec2Operations } from '../../../../../operator/endpoint/ec2/operations.ts';
import { Instance } from '../../../../../operator/kubernetes/resources.ts';
import { anInstanceType } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance } from '../../../../support/instance-objects.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const RUNNING = 'i-00000000000000001';
const STOPPED = 'i-00000000000000002';
const TERMINATED = 'i-00000000000000003';
const FOREIGN = 'i-00000000000000004';
const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);
type Name = keyof typeof ec2Operations;

function clusterOf(): FakeCluster {
  return new FakeCluster({
    objects: [
      anInstanceType('t3.micro', { cpu: 2 }),
      anInstance(RUNNING, { sourceDestCheck: false, status: { launchTime: '2026-01-02T03:04:05Z' } }),
      anInstance(STOPPED, { powerState: 'stopped', status: { state: 'stopped' } }),
      anInstance(TERMINATED, { powerState: 'terminated', status: { state: 'terminated' } }),
      anInstance(FOREIGN, { namespace: 'other' }),
    ],
  });
}

async function run(name: Name, input: object, cluster = clusterOf()): Promise<object> {
  const result = ((await ec2Operations[name].run(input as never, operationContext(cluster))) ?? {});
  assert.deepEqual(checker.violations(name, result), []);
  return result;
}

describe('instance operations that confirm what is so', () => {
  const answered: Record<string, { name: Name; input: object; want: object }> = {
    'no password': { name: 'GetPasswordData', input: { InstanceId: RUNNING }, want: { InstanceId: RUNNING, Timestamp: new Date('2026-01-02T03:04:05Z'), PasswordData: '' } },
    'automatic recovery': {
      name: 'ModifyInstanceMaintenanceOptions',
      input: { InstanceId: RUNNING, AutoRecovery: 'default' },
      want: { InstanceId: RUNNING, AutoRecovery: 'default' },
    },
    'reboot migration': {
      name: 'ModifyInstanceMaintenanceOptions',
      input: { InstanceId: STOPPED, RebootMigration: 'default' },
      want: { InstanceId: STOPPED, AutoRecovery: 'default', RebootMigration: 'default' },
    },
    'the cores of the type': { name: 'ModifyInstanceCpuOptions', input: { InstanceId: STOPPED, CoreCount: 2 }, want: { InstanceId: STOPPED, CoreCount: 2, ThreadsPerCore: 1 } },
    'the name with its A record': {
      name: 'ModifyPrivateDnsNameOptions',
      input: { InstanceId: RUNNING, PrivateDnsHostnameType: 'resource-name', EnableResourceNameDnsARecord: true, EnableResourceNameDnsAAAARecord: false },
      want: { Return: true },
    },
  };
  for (const [name, { name: operation, input, want }] of Object.entries(answered)) {
    it(`${operation}: ${name}`, async () => assert.deepEqual(await run(operation, input), want));
  }

  const inputs: Partial<Record<Name, object>> = {
    ModifyInstanceCpuOptions: { CoreCount: 2 },
    ModifyInstanceMaintenanceOptions: { AutoRecovery: 'default' },
    ModifyPrivateDnsNameOptions: { EnableResourceNameDnsARecord: true },
    ResetInstanceAttribute: { Attribute: 'sourceDestCheck' },
    GetPasswordData: {},
  };
  for (const [operation, input] of Object.entries(inputs) as [Name, object][]) {
    it(`${operation} is about own instances that are not over`, async () => {
      await assert.rejects(run(operation, { ...input, InstanceId: FOREIGN }), { code: 'InvalidInstanceID.NotFound' });
      await assert.rejects(run(operation, { ...input, InstanceId: 'web-1' }), { code: 'InvalidInstanceID.Malformed' });
      if (operation !== 'GetPasswordData') await assert.rejects(run(operation, { ...input, InstanceId: TERMINATED }), { code: 'IncorrectInstanceState' });
    });
  }

  const refused: Record<string, { name: Name; input: object; want: string }> = {
    'recovery switched off': { name: 'ModifyInstanceMaintenanceOptions', input: { InstanceId: RUNNING, AutoRecovery: 'disabled' }, want: 'UnsupportedOperation' },
    'reboot migration switched off': { name: 'ModifyInstanceMaintenanceOptions', input: { InstanceId: RUNNING, RebootMigration: 'disabled' }, want: 'UnsupportedOperation' },
    'no maintenance option': { name: 'ModifyInstanceMaintenanceOptions', input: { InstanceId: RUNNING }, want: 'InvalidParameterCombination' },
    'other cores': { name: 'ModifyInstanceCpuOptions', input: { InstanceId: STOPPED, CoreCount: 1 }, want: 'Unsupported' },
    'two threads': { name: 'ModifyInstanceCpuOptions', input: { InstanceId: STOPPED, ThreadsPerCore: 2 }, want: 'Unsupported' },
    'nested virtualization': { name: 'ModifyInstanceCpuOptions', input: { InstanceId: STOPPED, NestedVirtualization: 'enabled' }, want: 'Unsupported' },
    'cores of a running instance': { name: 'ModifyInstanceCpuOptions', input: { InstanceId: RUNNING, CoreCount: 2 }, want: 'IncorrectInstanceState' },
    'no CPU option': { name: 'ModifyInstanceCpuOptions', input: { InstanceId: STOPPED }, want: 'InvalidParameterCombination' },
    'a name made of the address': { name: 'ModifyPrivateDnsNameOptions', input: { InstanceId: RUNNING, PrivateDnsHostnameType: 'ip-name' }, want: 'UnsupportedOperation' },
    'no A record': { name: 'ModifyPrivateDnsNameOptions', input: { InstanceId: RUNNING, EnableResourceNameDnsARecord: false }, want: 'UnsupportedOperation' },
    'an AAAA record': { name: 'ModifyPrivateDnsNameOptions', input: { InstanceId: RUNNING, EnableResourceNameDnsAAAARecord: true }, want: 'UnsupportedOperation' },
    'no DNS option': { name: 'ModifyPrivateDnsNameOptions', input: { InstanceId: RUNNING }, want: 'InvalidParameterCombination' },
    'the kernel reset': { name: 'ResetInstanceAttribute', input: { InstanceId: RUNNING, Attribute: 'kernel' }, want: 'UnsupportedOperation' },
    'the type reset': { name: 'ResetInstanceAttribute', input: { InstanceId: RUNNING, Attribute: 'instanceType' }, want: 'InvalidParameterValue' },
  };
  for (const [name, { name: operation, input, want }] of Object.entries(refused)) {
    it(`${operation} refuses ${name}`, async () => {
      const cluster = clusterOf();
      await assert.rejects(run(operation, input, cluster), { code: want });
      assert.deepEqual(cluster.writes, []);
    });
  }

  it('ResetInstanceAttribute turns the source check on again', async () => {
    const cluster = clusterOf();
    await run('ResetInstanceAttribute', { InstanceId: RUNNING, Attribute: 'sourceDestCheck' }, cluster);
    assert.equal(cluster.get(Instance, { namespace: NAMESPACE, name: RUNNING })?.spec.sourceDestCheck, true);
  });
});
