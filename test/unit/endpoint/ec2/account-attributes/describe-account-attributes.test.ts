import assert from 'node:assert/strict';
import type { AccountAttributeName } from '@aws-sdk/client-ec2';
import { describeAccountAttributes } from '../../../../../operator/endpoint/ec2/account-attributes/DescribeAccountAttributes.ts';
import { theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { operationContext } from '../../../../support/operation-context.ts';

describe('DescribeAccountAttributes', () => {
  const cases: Record<string, { quota?: number; names?: string[]; want: Record<string, string> }> = {
    'tells all attributes, a limit on instances only where there is one': {
      want: {
        'default-vpc': 'none',
        'max-elastic-ips': '5',
        'supported-platforms': 'VPC',
        'vpc-max-elastic-ips': '5',
        'vpc-max-security-groups-per-interface': '16',
      },
    },
    'tells the quota of the account': { quota: 7, names: ['max-instances'], want: { 'max-instances': '7' } },
    'tells each attribute once': { names: ['default-vpc', 'default-vpc'], want: { 'default-vpc': 'none' } },
  };
  for (const [name, { quota, names, want }] of Object.entries(cases)) {
    it(name, async () => {
      const cluster = new FakeCluster({ objects: [theAccount({ quotas: { ...(quota !== undefined && { instances: quota }) } })] });
      const { AccountAttributes } = await describeAccountAttributes({ AttributeNames: names as AccountAttributeName[] | undefined }, operationContext(cluster));
      const told = (AccountAttributes ?? []).map(({ AttributeName, AttributeValues }) => [AttributeName, AttributeValues?.map(({ AttributeValue }) => AttributeValue).join()]);
      assert.deepEqual(Object.fromEntries(told), want);
      assert.equal(told.length, Object.keys(want).length);
    });
  }

  it('refuses an attribute that EC2 does not have', () =>
    assert.rejects(describeAccountAttributes({ AttributeNames: ['constructor' as AccountAttributeName] }, operationContext(new FakeCluster())), {
      code: 'InvalidParameterValue',
      message: /constructor/,
    }));
});
