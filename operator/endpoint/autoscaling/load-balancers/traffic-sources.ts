import type { TrafficSourceIdentifier } from '@aws-sdk/client-auto-scaling';
import type { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import type { SpecChange } from '../groups/change-group.ts';
import { validationError } from '../../model-constraints.ts';

/** The three ways in which requests name what traffic comes from. */
export interface TrafficParameters {
  TargetGroupARNs?: readonly string[] | undefined;
  LoadBalancerNames?: readonly string[] | undefined;
  TrafficSources?: readonly TrafficSourceIdentifier[] | undefined;
}

/** EC2's limit per group and kind. */
const SOURCES_LIMIT = 50;

/** What kind of source it is; the form of the identifier tells where the request does not. @throws AwsError ValidationError */
function kindOf({ Identifier = '', Type }: TrafficSourceIdentifier): 'elb' | 'elbv2' {
  const type = Type || (Identifier.startsWith('arn:') ? 'elbv2' : 'elb');
  if (type === 'elb' || type === 'elbv2') return type;
  throw validationError(`Traffic sources of the type ${type} are not supported.`);
}

function namesFrom({ TargetGroupARNs = [], LoadBalancerNames = [], TrafficSources = [] }: TrafficParameters): { targetGroups: string[]; loadBalancers: string[] } {
  const ofKind = (kind: string): string[] => TrafficSources.filter((source) => kindOf(source) === kind).map(({ Identifier = '' }) => Identifier);
  const targetGroups = [...TargetGroupARNs, ...ofKind('elbv2')];
  const wrong = targetGroups.find((arn) => !/^arn:[^:]+:elasticloadbalancing:[^:]*:[0-9]{12}:targetgroup\//.test(arn));
  if (wrong !== undefined) throw validationError(`Provided Target Groups may not be valid. Please ensure they exist and try again: ${wrong}`);
  return { targetGroups, loadBalancers: [...LoadBalancerNames, ...ofKind('elb')] };
}

/** The fields with sources added to those of the group, if there is one. @throws AwsError ValidationError */
export function trafficFieldsFrom(parameters: TrafficParameters, group: AutoScalingGroup | undefined): SpecChange {
  const { targetGroups, loadBalancers } = namesFrom(parameters);
  const fields = {
    targetGroupARNs: [...new Set([...(group?.spec.targetGroupARNs ?? []), ...targetGroups])],
    loadBalancerNames: [...new Set([...(group?.spec.loadBalancerNames ?? []), ...loadBalancers])],
  };
  if (fields.targetGroupARNs.length > SOURCES_LIMIT || fields.loadBalancerNames.length > SOURCES_LIMIT) throw validationError(`A group may have at most ${SOURCES_LIMIT} traffic sources of a type.`);
  return { ...(targetGroups.length > 0 && { targetGroupARNs: fields.targetGroupARNs }), ...(loadBalancers.length > 0 && { loadBalancerNames: fields.loadBalancerNames }) };
}

/** The fields without sources. @throws AwsError ValidationError - one of them is not attached */
export function trafficFieldsWithout(parameters: TrafficParameters, { spec }: AutoScalingGroup): SpecChange {
  const { targetGroups, loadBalancers } = namesFrom(parameters);
  const missingTarget = targetGroups.find((arn) => !spec.targetGroupARNs?.includes(arn));
  if (missingTarget !== undefined) throw validationError(`Trying to remove Target Groups that are not part of the group: ${missingTarget}`);
  const missingBalancer = loadBalancers.find((name) => !spec.loadBalancerNames?.includes(name));
  if (missingBalancer !== undefined) throw validationError(`Trying to remove Load Balancers that are not part of the group: ${missingBalancer}`);
  const without = (list: readonly string[] | undefined, removed: readonly string[]): string[] | null => {
    const rest = (list ?? []).filter((name) => !removed.includes(name));
    return rest.length > 0 ? rest : null;
  };
  return {
    ...(targetGroups.length > 0 && { targetGroupARNs: without(spec.targetGroupARNs, targetGroups) }),
    ...(loadBalancers.length > 0 && { loadBalancerNames: without(spec.loadBalancerNames, loadBalancers) }),
  };
}
