import assert from 'node:assert/strict';
import * as ec2 from '@aws-sdk/client-ec2';
import * as sts from '@aws-sdk/client-sts';
import { ResponseChecker } from '../../support/response-violations.ts';

describe('ResponseChecker', () => {
  const checker = new ResponseChecker('@aws-sdk/client-ec2', ec2);
  const describeInstances = (instance: object): string[] => checker.violations('DescribeInstances', { $metadata: {}, Reservations: [{ Instances: [instance] }] });
  const at = 'DescribeInstances.Reservations[0].Instances[0]';

  const cases: Record<string, { instance: object; want: string[] }> = {
    'accepts an instance as it should be': { instance: { InstanceId: 'i-1', State: { Code: 16, Name: 'running' }, LaunchTime: new Date(), Tags: [{ Key: 'a', Value: '' }] }, want: [] },
    'refuses a value that the enum does not have': {
      instance: { State: { Name: 'gone' } },
      want: [`${at}.State.Name: gone is not one of pending, running, shutting-down, stopped, stopping, terminated`],
    },
    'refuses text for a number': { instance: { State: { Code: '16' } }, want: [`${at}.State.Code: 16 is not a number`] },
    'refuses a time that is none': { instance: { LaunchTime: new Date(NaN) }, want: [`${at}.LaunchTime: Invalid Date is not a time`] },
    'refuses one item for a list': { instance: { Tags: { Key: 'a' } }, want: [`${at}.Tags: [object Object] is not a list`] },
    'refuses a member that the model does not have': { instance: { Colour: 'red' }, want: [`${at}.Colour is not in the model`] },
  };
  for (const [name, { instance, want }] of Object.entries(cases)) it(name, () => assert.deepEqual(describeInstances(instance), want));

  it('checks the items of a list of enum values', () => {
    const found = checker.violations('DescribeInstanceTypes', { InstanceTypes: [{ SupportedUsageClasses: ['spot', 'rented'] }] });
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', /SupportedUsageClasses\[1\]: rented is not one of .*spot/);
  });

  it('accepts nothing else of an operation without output', () => {
    assert.deepEqual(checker.violations('RebootInstances', { $metadata: {} }), []);
    assert.deepEqual(checker.violations('RebootInstances', { Return: true }), ['RebootInstances has no output, and an answer has Return']);
  });

  it('refuses an operation that the SDK does not know', () => {
    assert.deepEqual(checker.violations('DescribeNothing', {}), ['DescribeNothing: the SDK does not know the operation']);
  });

  it("has read the enums of the package's declarations", () => {
    assert.ok(checker.knownEnumMembers > 1000, String(checker.knownEnumMembers));
  });

  it('serves packages without enums in answers too', () => {
    assert.deepEqual(new ResponseChecker('@aws-sdk/client-sts', sts).violations('GetCallerIdentity', { Account: '1', Arn: 'a', UserId: 'u' }), []);
  });
});
