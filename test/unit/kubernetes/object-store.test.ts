import assert from 'node:assert/strict';
import { ObjectStore, storeKeyOf, type NamedObject } from '../../../operator/kubernetes/object-store.ts';
import { defineIndex } from '../../../operator/kubernetes/read.ts';
import type { ResourceKind } from '../../../operator/kubernetes/resource-type.ts';
import { Pod } from '../../../operator/kubernetes/resources.ts';

function pod(namespace: string, name: string, node?: string): NamedObject {
  return { metadata: { namespace, name, ...(node === undefined ? {} : { labels: { node } }) } };
}

const byNode = defineIndex<NamedObject>(Pod as ResourceKind, 'node', (object) => (object.metadata.labels?.['node'] ?? '').split('+').filter((node) => node !== ''));

function names(objects: readonly NamedObject[]): string[] {
  return objects.map(({ metadata }) => metadata.name).sort();
}

function storeOf(...objects: NamedObject[]): ObjectStore {
  const store = new ObjectStore();
  for (const object of objects) store.set(storeKeyOf(object), object);
  return store;
}

describe('ObjectStore', () => {
  it('finds by name and by namespace', () => {
    const store = storeOf(pod('n', 'a'), pod('m', 'a'), pod('n', 'b'));
    assert.equal(store.get('n/a')?.metadata.namespace, 'n');
    assert.deepEqual(names(store.list('n')), ['a', 'b']);
    assert.equal(store.list().length, 3);
    assert.deepEqual(store.list('gone'), []);
  });

  const asIndex = byNode as unknown as Parameters<ObjectStore['byIndex']>[0];
  const cases: Record<string, { act: (store: ObjectStore) => void; want: Record<string, string[]> }> = {
    'as it was': { act: () => undefined, want: { x: ['a', 'b'], y: ['b'], z: [] } },
    'after an addition': { act: (store) => void store.set('n/c', pod('n', 'c', 'z')), want: { x: ['a', 'b'], y: ['b'], z: ['c'] } },
    'after a move': { act: (store) => void store.set('n/a', pod('n', 'a', 'y')), want: { x: ['b'], y: ['a', 'b'], z: [] } },
    'after a removal': { act: (store) => void store.delete('n/b'), want: { x: ['a'], y: [], z: [] } },
    'after the value is gone': { act: (store) => void store.set('n/a', pod('n', 'a')), want: { x: ['b'], y: ['b'], z: [] } },
  };
  for (const [name, { act, want }] of Object.entries(cases)) {
    it(`finds by index ${name}, whether the index was built before or after`, () => {
      for (const isBuiltBefore of [true, false]) {
        const store = storeOf(pod('n', 'a', 'x'), pod('n', 'b', 'x+y'));
        if (isBuiltBefore) store.byIndex(asIndex, 'x');
        act(store);
        for (const [value, wanted] of Object.entries(want)) assert.deepEqual(names(store.byIndex(asIndex, value)), wanted);
      }
    });
  }

  it('an index that throws for one object loses that object only, and tells', () => {
    const told: string[] = [];
    const store = new ObjectStore((index) => told.push(index));
    const picky = { ...asIndex, keys: ({ metadata }: { metadata?: { name?: string } }) => {
      if (metadata?.name === 'bad') throw new Error('bug');
      return ['all'];
    } };
    for (const object of [pod('n', 'a'), pod('n', 'bad')]) store.set(storeKeyOf(object), object);
    assert.deepEqual(names(store.byIndex(picky, 'all')), ['a']);
    store.set('n/bad', pod('n', 'bad', 'x'));
    store.delete('n/bad');
    assert.deepEqual([names(store.byIndex(picky, 'all')), store.size], [['a'], 1]);
    assert.ok(told.every((index) => index === 'node') && told.length >= 2);
  });

  it('refuses a second index of the same name', () => {
    const store = storeOf();
    store.byIndex(asIndex, 'x');
    assert.throws(() => store.byIndex({ ...asIndex }, 'x'), /two indexes/);
  });
});
