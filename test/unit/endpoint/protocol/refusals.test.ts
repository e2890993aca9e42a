import assert from 'node:assert/strict';
import { ec2Query } from '../../../../operator/endpoint/protocol/ec2.ts';
import { awsQuery } from '../../../../operator/endpoint/protocol/query.ts';

describe('what a session whose time is over is told', () => {
  const refusal = { reason: 'expired token', message: 'x' } as const;

  it('is RequestExpired by EC2, which SDKs take for a reason to renew it', () => {
    const { code, status } = ec2Query.unauthenticated(refusal);
    assert.deepEqual([code, status], ['RequestExpired', 400]);
  });

  it('is ExpiredToken by STS and IAM', () => {
    const { code, status } = awsQuery.unauthenticated(refusal);
    assert.deepEqual([code, status], ['ExpiredToken', 403]);
  });
});
