import { ApiError } from '../../operator/kubernetes/errors.ts';
import { groupOf, type ResourceKind } from '../../operator/kubernetes/resource-type.ts';
import type { Permission } from '../../operator/kubernetes/permission.ts';

type Verb = Permission['verbs'][number];

/** Refuses as RBAC would what was not declared; with no declaration everything is allowed. */
export class FakePermissions {
  #declared: readonly Permission[] | undefined;

  constructor(declared: readonly Permission[] | undefined) {
    this.#declared = declared;
  }

  /** Runs `act` (its synchronous part) with other permissions. */
  during<Result>(declared: readonly Permission[], act: () => Result): Result {
    const before = this.#declared;
    this.#declared = declared;
    try {
      return act();
    } finally {
      this.#declared = before;
    }
  }

  /** A cached read needs list and watch. @throws Error - a missing declaration is a programming error, the caller would never see it at run time */
  requireRead(type: ResourceKind): void {
    for (const verb of ['list', 'watch'] as const) {
      if (!this.#allows(groupOf(type), type.plural, verb)) throw new Error(`permission not declared: ${verb} ${type.plural} (group '${groupOf(type)}')`);
    }
  }

  /** @throws ApiError Forbidden */
  requireVerb(type: ResourceKind, verb: Verb, name: string, subresource?: string): void {
    this.#require(groupOf(type), subresource === undefined ? type.plural : `${type.plural}/${subresource}`, verb, name);
  }

  /** KubeVirt's subresources are authorised in their own group, most by update (they are PUTs). @throws ApiError Forbidden */
  requireSubresource(type: ResourceKind, name: string, subresource: string, verb: Verb = 'update'): void {
    this.#require('subresources.kubevirt.io', `${type.plural}/${subresource}`, verb, name);
  }

  #require(group: string, resource: string, verb: Verb, name: string): void {
    if (this.#allows(group, resource, verb, name)) return;
    throw new ApiError({ code: 403, reason: 'Forbidden', message: `${resource} is forbidden: cannot ${verb} resource "${resource}" in API group "${group}"` });
  }

  #allows(group: string, resource: string, verb: Verb, name?: string): boolean {
    if (this.#declared === undefined) return true;
    return this.#declared.some(
      ({ resourceNames, ...permission }) =>
        permission.group === group &&
        permission.resource === resource &&
        permission.verbs.includes(verb) &&
        (name === undefined || resourceNames === undefined || resourceNames.includes(name)),
    );
  }
}
