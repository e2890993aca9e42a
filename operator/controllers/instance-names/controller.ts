import { ACCOUNT_ID_LABEL, INSTANCES_SERVICE } from '../../api/identity/account.ts';
import { isNotFound } from '../../kubernetes/errors.ts';
import { EndpointSlice, Instance, Service } from '../../kubernetes/resources.ts';
import { defineController, gathered, watching, type AnyController, type ReconcileContext } from '../../runtime/reconcile.ts';
import { isOfNames, sliceChangesFor } from './slices.ts';

/**
 * How long changes of instances gather. Kubernetes' own controllers write slices and Endpoints anew for every pod that comes, is ready, ends and goes, each
 * with up to a thousand addresses: for some hundred instances at a time that is more work than the instances are.
 */
const GATHER_MILLISECONDS = 1000;

/** Leads the names of instances to their addresses: EndpointSlices of an account's headless Service, which has no selector. */
export function instanceNamesController(): AnyController {
  return defineController({
    name: 'instance-names',
    type: Service,
    isStatusForeign: true,
    watches: [
      gathered(watching(Instance, ({ metadata }) => [{ namespace: metadata.namespace, name: INSTANCES_SERVICE }]), GATHER_MILLISECONDS),
      watching(EndpointSlice, (slice) => (isOfNames(slice) ? [{ namespace: slice.metadata?.namespace, name: INSTANCES_SERVICE }] : [])),
    ],
    permissions: [
      { group: 'discovery.k8s.io', resource: 'endpointslices', verbs: ['create', 'patch', 'delete'], reason: 'names of instances' },
      { group: '', resource: 'services/finalizers', verbs: ['update'], reason: 'owner reference of the slices' },
    ],
    concurrency: 2,
    reconcile,
  });
}

async function reconcile(service: Service, { read, write }: ReconcileContext): Promise<undefined> {
  const { namespace, name, labels, deletionTimestamp } = service.metadata ?? {};
  if (name !== INSTANCES_SERVICE || labels?.[ACCOUNT_ID_LABEL] === undefined || deletionTimestamp !== undefined) return;
  const existing = read.list(EndpointSlice, namespace).filter(isOfNames);
  const changes = sliceChangesFor(service, read.list(Instance, namespace), existing);
  for (const slice of changes.apply) await write.apply(EndpointSlice, slice);
  for (const gone of changes.remove) {
    await write.remove(EndpointSlice, { namespace, name: gone }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error; // gone already is what we want
    });
  }
}
