import assert from 'node:assert/strict';
import fc from 'fast-check';
import { InstanceDefinition } from '../../../../operator/api/compute/instance.ts';
import { sliceChangesFor } from '../../../../operator/controllers/instance-names/slices.ts';
import type { EndpointSlice, Instance, Service } from '../../../../operator/kubernetes/resources.ts';

const service: Service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'instances', namespace: 'acme', uid: 'uid-service' } };

function anInstance(number: number, address = `10.0.${String(Math.floor(number / 250))}.${String(number % 250)}`, hostname?: string): Instance {
  const id = `i-${number.toString(16).padStart(17, '0')}`;
  const spec = InstanceDefinition.spec.parse({ imageId: 'debian', instanceType: 't3.micro', ...(hostname && { hostname }) });
  return { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'Instance', metadata: { name: id, namespace: 'acme' }, spec, status: { instanceId: id, ...(address !== '' && { privateIpAddress: address }) } };
}

/** What is there after the changes. */
function after(existing: readonly EndpointSlice[], instances: readonly Instance[]): { slices: EndpointSlice[]; writes: number } {
  const { apply, remove } = sliceChangesFor(service, instances, existing);
  const byName = new Map(existing.map((slice) => [slice.metadata?.name ?? '', slice]));
  for (const slice of apply) byName.set(slice.metadata?.name ?? '', slice);
  for (const name of remove) assert.ok(byName.delete(name), `${name} is there to be removed`);
  return { slices: [...byName.values()], writes: apply.length + remove.length };
}

const leadsOf = (slices: readonly EndpointSlice[]): string[] => slices.flatMap(({ endpoints }) => (endpoints ?? []).map(({ hostname, addresses }) => `${hostname ?? ''} ${addresses.join()}`)).sort();

describe('names of instances', () => {
  it('lead to the addresses of those that have one, by host name or id', () => {
    const { slices } = after([], [anInstance(1), anInstance(2, ''), anInstance(3, '10.9.9.9', 'ip-10-9-9-9')]);
    assert.deepEqual(leadsOf(slices), ['i-00000000000000001 10.0.0.1', 'ip-10-9-9-9 10.9.9.9']);
    assert.equal(slices[0]?.metadata?.labels?.['kubernetes.io/service-name'], 'instances');
    assert.equal(slices[0].metadata.ownerReferences?.[0]?.uid, 'uid-service');
  });

  it('of either address family are in slices of their own', () => {
    const { slices } = after([], [anInstance(1), anInstance(2, 'fd00::2')]);
    assert.deepEqual(slices.map(({ addressType, endpoints }) => [addressType, endpoints?.[0]?.addresses[0]]), [['IPv4', '10.0.0.1'], ['IPv6', 'fd00::2']]);
  });

  it('are written again only where something changed', () => {
    const instances = Array.from({ length: 250 }, (_, number) => anInstance(number));
    const { slices } = after([], instances);
    assert.deepEqual(slices.map(({ endpoints }) => endpoints?.length), [100, 100, 50]);
    assert.equal(after(slices, instances.toReversed()).writes, 0);
    assert.equal(after(slices, instances.with(120, anInstance(120, '10.7.7.7'))).writes, 1);
    assert.equal(after(slices, [...instances, anInstance(250)]).writes, 1);
    assert.equal(after(slices, instances.slice(100)).slices.length, 2);
  });

  it('are all there, each once, whatever comes and goes', () => {
    const number = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(number, { maxLength: 350 }), { minLength: 1, maxLength: 6 }), (steps) => {
        let slices: EndpointSlice[] = [];
        for (const numbers of steps) {
          const instances = numbers.map((each) => anInstance(each));
          slices = after(slices, instances).slices;
          assert.deepEqual(leadsOf(slices), instances.map(({ status }) => `${status?.instanceId ?? ''} ${status?.privateIpAddress ?? ''}`).sort());
          assert.ok(slices.every(({ endpoints = [] }) => endpoints.length > 0 && endpoints.length <= 100));
          assert.equal(after(slices, instances).writes, 0);
        }
      }),
      { numRuns: 60 },
    );
  });
});
