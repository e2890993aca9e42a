import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { ManagedPrefixList, SecurityGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { prefixListsById, securityGroupsByPrefixList, withinNamespace } from '../indexes.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** The lists of these ids. @throws AwsError InvalidPrefixListID.Malformed, InvalidPrefixListID.NotFound */
export function requirePrefixLists(ids: readonly string[], { read, caller }: Lookup): ManagedPrefixList[] {
  return requireEach(IdKinds.prefixList, ids, (id) => read.byIndex(prefixListsById, withinNamespace(caller.namespace, id))[0]);
}

/** The one list that a request names. @throws AwsError InvalidPrefixListID.Malformed, InvalidPrefixListID.NotFound */
export function requirePrefixList(id: string | undefined, context: Lookup): ManagedPrefixList {
  return requirePrefixLists([id ?? ''], context)[0] as ManagedPrefixList;
}

/** Security groups with rules about a list. */
export function groupsWithRulesAbout(list: ManagedPrefixList, { read }: Pick<Lookup, 'read'>): SecurityGroup[] {
  const { namespace, name } = list.metadata;
  const references = new Set([name, ec2IdOf('pl', list)]);
  return [...new Set([...references].flatMap((reference) => read.byIndex(securityGroupsByPrefixList, withinNamespace(namespace, reference))))];
}

/** By age, those of one second by id; unique and the same for as long as the list lives. */
export function ageKeyOf(list: ManagedPrefixList): string {
  return `${list.metadata.creationTimestamp ?? ''}/${ec2IdOf('pl', list)}`;
}
