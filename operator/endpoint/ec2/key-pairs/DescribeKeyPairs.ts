import type { DescribeKeyPairsRequest, DescribeKeyPairsResult } from '@aws-sdk/client-ec2';
import { keyNameOf, type KeyPairFacts } from '../../../api/compute/key-pair-facts.ts';
import { KeyPair } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { keyPairsById, keyPairsByName, withinNamespace } from '../indexes.ts';
import { sdkKeyPairFrom, usableFactsOf } from './sdk-key-pair.ts';

interface DescribedKeyPair {
  keyPair: KeyPair;
  facts: KeyPairFacts;
}

const filterTable: FilterTable<DescribedKeyPair> = {
  'key-pair-id': ({ facts }) => [facts.keyPairId],
  fingerprint: ({ facts }) => [facts.fingerprint],
  'key-name': ({ facts }) => [facts.keyName],
};

/**
 * Lists key pairs by name, in EC2's one page.
 * @throws AwsError InvalidKeyPair.NotFound - for a name or id that does not exist
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeKeyPairs.html
 */
export async function describeKeyPairs(input: DescribeKeyPairsRequest, context: ReadOnlyContext): Promise<DescribeKeyPairsResult> {
  const { Filters, IncludePublicKey } = input;
  const matches = predicateFrom(Filters, filterTable, ({ keyPair }) => keyPair.spec.tags);
  const described = namedBy(input, context)
    .filter(matches)
    .sort((left, right) => (left.facts.keyName < right.facts.keyName ? -1 : 1));
  return {
    KeyPairs: described.map(({ keyPair, facts }) => ({
      ...sdkKeyPairFrom(keyPair, facts),
      ...(IncludePublicKey && { PublicKey: facts.publicKey }),
    })),
  };
}

function namedBy({ KeyNames = [], KeyPairIds = [] }: DescribeKeyPairsRequest, { read, caller }: ReadOnlyContext): DescribedKeyPair[] {
  const { namespace } = caller;
  if (KeyNames.length === 0 && KeyPairIds.length === 0) return firstOfEachName(read.list(KeyPair, namespace));
  const byId = requireEach(IdKinds.keyPair, KeyPairIds, (id) => read.byIndex(keyPairsById, withinNamespace(namespace, id)).flatMap(usable)[0]);
  const named = [...new Set(KeyNames)].map((name) => ({ name, found: firstOfEachName(read.byIndex(keyPairsByName, withinNamespace(namespace, name))) }));
  const absent = named.filter(({ found }) => found.length === 0).map(({ name }) => name);
  if (absent.length > 0) throw new AwsError(IdKinds.keyPair.notFoundCode, IdKinds.keyPair.notFound(absent));
  const byName = named.flatMap(({ found }) => found);
  return [...new Map([...byId, ...byName].map((described) => [described.facts.keyPairId, described])).values()];
}

/** Of KeyPairs that were given the same name with kubectl the oldest is the one that instances get, as its controller says; the others have no use. */
function firstOfEachName(keyPairs: readonly KeyPair[]): DescribedKeyPair[] {
  const youngestFirst = keyPairs.toSorted((left, right) => (ageKey(left) < ageKey(right) ? 1 : -1));
  return [...new Map(youngestFirst.map((keyPair) => [keyNameOf(keyPair), keyPair])).values()].flatMap(usable);
}

function ageKey({ metadata }: KeyPair): string {
  return `${metadata.creationTimestamp ?? ''}/${metadata.name}`;
}

function usable(keyPair: KeyPair): DescribedKeyPair[] {
  const facts = usableFactsOf(keyPair);
  return facts ? [{ keyPair, facts }] : [];
}
