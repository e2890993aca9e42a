import { listOf, type Part, type Row } from '../part.ts';
import { measureSecurityGroups, type SecurityGroupResult } from '../security-groups.ts';

function rowsOf(result: SecurityGroupResult): Row[] {
  const sizes = `${String(result.groups)} groups of ${String(result.rulesPerGroup)} rules, ${String(result.members)} members`;
  const time = ({ median, worst }: { median: number; worst: number }): string => `${median.toFixed(0)} ms, at worst ${worst.toFixed(0)} ms`;
  const writes = `${sizes}; made in ${result.creationSeconds.toFixed(1)} s; ${listOf(result.restartWritesByKind, 0)}`;
  return [
    ['security groups: restart of the operator, then quiet', `${result.restartSeconds.toFixed(1)} s, ${String(result.restartWrites)} writes  (aim: none)`, writes],
    ['security groups: from a call to the network', `rule ${time(result.rulePolicyMilliseconds)}  (aim: 2 s)`, `membership of a running machine ${time(result.membershipPodMilliseconds)}`],
  ];
}

/** Many groups with many rules and members. */
export const securityGroupsPart: Part = {
  name: 'security-groups',
  sizes: {
    groups: { default: 500, meaning: 'security groups' },
    rules: { default: 50, meaning: 'rules of each group' },
    members: { default: 1000, meaning: 'running members of the groups' },
  },
  withControllers: async ({ cloud, size, log }) => {
    const figures = await measureSecurityGroups(cloud, await cloud.open('bench-groups'), { groups: size('groups'), rulesPerGroup: size('rules'), members: size('members'), log });
    return { figures: { ...figures }, rows: rowsOf(figures) };
  },
};
