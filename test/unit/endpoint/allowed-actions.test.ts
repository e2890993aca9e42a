import assert from 'node:assert/strict';
import { matchesAction } from '../../../operator/api/identity/action-pattern.ts';
import { allowsAction } from '../../../operator/endpoint/allowed-actions.ts';

describe('patterns of actions', () => {
  const cases: readonly [pattern: string, action: string, matches: boolean][] = [
    ['*', 'ec2:RunInstances', true],
    ['ec2:*', 'ec2:RunInstances', true],
    ['ec2:Describe*', 'ec2:DescribeInstances', true],
    ['ec2:Describe*', 'ec2:RunInstances', false],
    ['EC2:describeINSTANCES', 'ec2:DescribeInstances', true],
    ['ec2:DescribeInstance', 'ec2:DescribeInstances', false],
    ['ec2:DescribeInstances', 'ec2:DescribeInstance', false],
    ['ec2:*Instances', 'ec2:RunInstances', true],
    ['ec2:*Instance', 'ec2:RunInstances', false],
    ['ec2:?unInstances', 'ec2:RunInstances', true],
    ['ec2:?RunInstances', 'ec2:RunInstances', false],
    ['ec2:**', 'ec2:RunInstances', true],
    ['iam:*', 'ec2:RunInstances', false],
    ['', 'ec2:RunInstances', false],
  ];
  for (const [pattern, action, matches] of cases) {
    it(`${pattern || '(nothing)'} ${matches ? 'allows' : 'does not allow'} ${action}`, () => assert.equal(matchesAction(pattern, action), matches));
  }

  it('allow nothing when there are none, and everything when they are not asked for', () => {
    assert.equal(allowsAction([], 'ec2:RunInstances'), false);
    assert.equal(allowsAction(undefined, 'ec2:RunInstances'), true);
  });
});
