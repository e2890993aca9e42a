import { ruleIdsOf, directions, type Direction } from '../../../api/network/security-group-rule.ts';
import type { SecurityGroupRule } from '../../../api/network/security-group.ts';
import type { Tag } from '../../../api/shared.ts';
import { SecurityGroup } from '../../../kubernetes/resources.ts';
import type { ResourceType as KubernetesType } from '../../../kubernetes/resource-type.ts';
import { AwsError } from '../../errors.ts';
import { IdKinds } from '../ids.ts';
import { securityGroupsByRule, withinNamespace } from '../indexes.ts';
import type { TaggableKind, TaggedObject } from './taggable-kind.ts';

interface Place {
  direction: Direction;
  position: number;
  rule: SecurityGroupRule;
}

/** Where a rule stands in its group. @throws AwsError InvalidSecurityGroupRuleId.NotFound - it was taken away meanwhile */
function placeOf(group: SecurityGroup, id: string): Place {
  for (const direction of directions) {
    const position = ruleIdsOf(group, direction).indexOf(id);
    const rule = group.spec[direction][position];
    if (rule) return { direction, position, rule };
  }
  throw new AwsError(IdKinds.securityGroupRule.notFoundCode, IdKinds.securityGroupRule.notFound([id]));
}

function tagsOf(object: TaggedObject, id: string): readonly Tag[] {
  return placeOf(object as SecurityGroup, id).rule.tags ?? [];
}

/** Rules of security groups: resources that are parts of another object. The casts are safe: `find` and `type` give security groups only. */
export const securityGroupRuleKind: TaggableKind = {
  resourceType: 'security-group-rule',
  idKind: IdKinds.securityGroupRule,
  type: SecurityGroup as unknown as KubernetesType<TaggedObject>,
  find: (id, read, namespace) => read.byIndex(securityGroupsByRule, withinNamespace(namespace, id))[0],
  idsOf: (object) => directions.flatMap((direction) => ruleIdsOf(object as SecurityGroup, direction)),
  shownTags: tagsOf,
  storedTags: tagsOf,
  specWith: (object, id, tags) => {
    const group = object as SecurityGroup;
    const { direction, position } = placeOf(group, id);
    const rules = group.spec[direction].map((rule, index) => (index === position ? { ...rule, ruleId: id, tags: tags.map(({ key, value }) => ({ key, value })) } : rule));
    return { [direction]: rules };
  },
};
