import type { Clock } from '../kubernetes/clock.ts';
import { groupOf } from '../kubernetes/resource-type.ts';
import { SubjectAccessReview } from '../kubernetes/resources.ts';
import type { Write } from '../kubernetes/write.ts';
import type { Access, Caller } from './operation.ts';
import type { Authorize } from './pipeline.ts';

/** How long an answer is believed, in milliseconds. A grant may be used that much longer than it holds; a new grant is seen that much later. */
export interface AuthorizeTimes {
  allowedMilliseconds: number;
  refusedMilliseconds: number;
}

interface Verdict {
  isAllowed: Promise<boolean>;
  /** Infinity while the question is open. */
  expiresAt: number;
}

const defaultTimes: AuthorizeTimes = { allowedMilliseconds: 30_000, refusedMilliseconds: 5_000 };
const maximumVerdicts = 10_000;

/**
 * Asks Kubernetes RBAC by SubjectAccessReview, as ourselves, and remembers the answers for a while. A question that fails is not remembered
 * and rejects with the ApiError. Reading cluster-scoped kinds (instance types, nodes) is everybody's: EC2 shows them to every account too.
 */
export function authorizeBy(write: Pick<Write, 'create'>, clock: Clock, times: AuthorizeTimes = defaultTimes): Authorize {
  const verdicts = new Map<string, Verdict>();
  return (caller, access) => {
    if (!access.resource.namespaced && (access.verb === 'get' || access.verb === 'list')) return Promise.resolve(true);
    const question = [caller.kubernetesUser, caller.namespace, access.verb, groupOf(access.resource), access.resource.plural].join(' ');
    const known = verdicts.get(question);
    if (known && known.expiresAt > clock.now()) return known.isAllowed;
    const verdict: Verdict = { isAllowed: review(write, caller, access), expiresAt: Infinity };
    verdicts.delete(question);
    verdicts.set(question, verdict);
    verdict.isAllowed.then(
      (isAllowed) => (verdict.expiresAt = clock.now() + (isAllowed ? times.allowedMilliseconds : times.refusedMilliseconds)),
      () => verdicts.get(question) === verdict && verdicts.delete(question),
    );
    forgetOldest(verdicts);
    return verdict.isAllowed;
  };
}

async function review(write: Pick<Write, 'create'>, caller: Caller, { verb, resource }: Access): Promise<boolean> {
  const answer = await write.create(SubjectAccessReview, {
    apiVersion: SubjectAccessReview.apiVersion,
    kind: SubjectAccessReview.kind,
    spec: {
      user: caller.kubernetesUser,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${caller.namespace}`, 'system:authenticated'],
      resourceAttributes: {
        verb,
        group: groupOf(resource),
        resource: resource.plural,
        ...(resource.namespaced && { namespace: caller.namespace }),
      },
    },
  });
  return answer.status?.allowed === true;
}

/** A map keeps the order in which it was filled. */
function forgetOldest(verdicts: Map<string, Verdict>): void {
  for (const question of verdicts.keys()) {
    if (verdicts.size <= maximumVerdicts) return;
    verdicts.delete(question);
  }
}
