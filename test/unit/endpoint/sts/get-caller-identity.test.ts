import assert from 'node:assert/strict';
import { getCallerIdentity } from '../../../../operator/endpoint/sts/GetCallerIdentity.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { operationContext, rootCaller } from '../../../support/operation-context.ts';

describe('GetCallerIdentity', () => {
  const cases = {
    'names the root of an account': { caller: rootCaller, want: { Account: '123456789012', Arn: 'arn:aws:iam::123456789012:root', UserId: '123456789012' } },
    'names a user': {
      caller: { ...rootCaller, arn: 'arn:aws:iam::123456789012:user/ann', userId: 'AIDAABCDEFGHIJKLMNOP' },
      want: { Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/ann', UserId: 'AIDAABCDEFGHIJKLMNOP' },
    },
  };
  for (const [name, { caller, want }] of Object.entries(cases)) {
    it(name, async () => assert.deepEqual(await getCallerIdentity({}, operationContext(new FakeCluster(), { caller })), want));
  }
});
