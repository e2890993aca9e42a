import type { Filter } from '@aws-sdk/client-ec2';
import { Instance } from '../../../kubernetes/resources.ts';
import { defineIndex } from '../../../kubernetes/read.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { literalFilterValues } from '../filters.ts';
import { withinNamespace } from '../indexes.ts';
import { tagsOf } from './sdk-instance.ts';

const instancesByTag = defineIndex(Instance, 'tag', (instance) => tagsOf(instance).map(({ key, value }) => indexed(instance.metadata.namespace, `tag:${key}`, value)));

/**
 * The caller's instances that a filter such as `tag:team` leaves, by the filter that leaves fewest; undefined where no such filter is without wildcards. Other filters
 * are still to be applied, and so is this one.
 */
export function instancesWithTags(filters: readonly Filter[] | undefined, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): readonly Instance[] | undefined {
  const names = (filters ?? []).flatMap(({ Name }) => (Name?.startsWith('tag:') ? [Name] : []));
  return names
    .flatMap((name) => {
      const values = literalFilterValues(filters, name);
      return values ? [[...new Set(values)].flatMap((value) => read.byIndex(instancesByTag, indexed(caller.namespace, name, value)))] : [];
    })
    .toSorted((left, right) => left.length - right.length)[0];
}

function indexed(namespace: string | undefined, name: string, value: string): string {
  return withinNamespace(namespace, JSON.stringify([name, value]));
}
