import { matchesAction } from '../api/identity/action-pattern.ts';
import type { Caller } from './operation.ts';
import type { ServiceName } from './protocol/registry.ts';

/** STS judges by itself: who may know himself is everybody, and AssumeRole depends on the role. */
const judgesByItself: ReadonlySet<ServiceName> = new Set(['sts']);

/** CloudWatch is the one service whose actions go by another name in policies than in signatures. */
const actionPrefixes: Readonly<Partial<Record<ServiceName, string>>> = { monitoring: 'cloudwatch' };

/** What the actions of a service begin with in policies: `ec2`, `cloudwatch` ... Pure. */
export function actionPrefixOf(serviceName: ServiceName): string {
  return actionPrefixes[serviceName] ?? serviceName;
}

/** Whether the caller's policies allow an action; Kubernetes' permissions are another matter. True for callers without policies. Pure. */
export function mayCall({ allowedActions }: Caller, serviceName: ServiceName, action: string): boolean {
  return judgesByItself.has(serviceName) || allowsAction(allowedActions, `${actionPrefixOf(serviceName)}:${action}`);
}

/** Whether one of the patterns is the action (`ec2:RunInstances`); upper and lower case are the same, as in IAM. Undefined patterns allow everything. Pure. */
export function allowsAction(patterns: readonly string[] | undefined, action: string): boolean {
  return patterns === undefined || patterns.some((pattern) => matchesAction(pattern, action));
}
