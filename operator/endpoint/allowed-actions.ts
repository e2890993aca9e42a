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

/** Whether the pattern, with the wildcards * and ?, is the action. Takes time in the length of the pattern times that of the action, however many * there are. Pure. */
export function matchesAction(pattern: string, action: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), action.toLowerCase()];
  let [at, star, resume] = [0, -1, 0];
  for (let index = 0; index < given.length; ) {
    if (at < wanted.length && wanted[at] !== '*' && (wanted[at] === '?' || wanted[at] === given[index])) {
      at += 1;
      index += 1;
    } else if (wanted[at] === '*') {
      star = at;
      resume = index;
      at += 1;
    } else if (star >= 0) {
      // Lets the last star take one character more.
      at = star + 1;
      resume += 1;
      index = resume;
    } else {
      return false;
    }
  }
  return /^\**$/.test(wanted.slice(at));
}
