import type { KubernetesObject } from '../../operator/api/shared.ts';
import type { Cluster } from '../../operator/kubernetes/cluster.ts';
import { isAlreadyExists, isNotFound } from '../../operator/kubernetes/errors.ts';
import { controllerReferenceTo } from '../../operator/kubernetes/owner-reference.ts';
import type { ResourceType } from '../../operator/kubernetes/resource-type.ts';
import { ConfigMap } from '../../operator/kubernetes/resources.ts';
import { defineController, watchingOwned, type AnyController } from '../../operator/runtime/reconcile.ts';
import { until } from './until.ts';

/** What a widget's controller says about it. */
export interface WidgetStatus {
  /** The size that was made. */
  size: number;
  /** Name of the ConfigMap that was made. */
  part: string;
  /** Identity of the process that made it. */
  by: string;
}

/** A kind for tests of the runtime on a real API server: the smallest thing that a controller can have work with. */
export interface Widget extends KubernetesObject {
  metadata: KubernetesObject['metadata'] & { name: string; namespace: string };
  spec: { size: number };
  status?: WidgetStatus;
}

/** Token of Widget. */
export const Widget: ResourceType<Widget> = { apiVersion: 'test.kube-ec2.io/v1', kind: 'Widget', plural: 'widgets', namespaced: true };

const CustomResourceDefinition: ResourceType<KubernetesObject & { spec: object; status?: { conditions?: { type: string; status: string }[] } }> = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

const openAPIV3Schema = {
  type: 'object',
  properties: {
    spec: { type: 'object', properties: { size: { type: 'integer' } } },
    status: { type: 'object', properties: { size: { type: 'integer' }, part: { type: 'string' }, by: { type: 'string' } } },
  },
};

/** Makes the API server know widgets. */
export async function installWidgets(cluster: Cluster): Promise<void> {
  const name = 'widgets.test.kube-ec2.io';
  await cluster.write.apply(CustomResourceDefinition, {
    metadata: { name },
    spec: {
      group: 'test.kube-ec2.io',
      names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList' },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, subresources: { status: {} }, schema: { openAPIV3Schema } }],
    },
  });
  await until('the API server serves widgets', async () => {
    const definition = await cluster.fetch(CustomResourceDefinition, { name });
    const isEstablished = definition?.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') ?? false;
    if (!isEstablished) return false;
    return cluster.listPage(Widget, {}, 1).then(() => true, (error: unknown) => {
      if (isNotFound(error)) return false;
      throw error;
    });
  });
}

/** Makes one ConfigMap per widget, named by the widget's uid, and keeps its size. */
export function widgetController(identity: string, concurrency = 8): AnyController {
  return defineController<Widget, WidgetStatus>({
    name: 'widgets',
    type: Widget,
    watches: [watchingOwned(ConfigMap, Widget)],
    permissions: [],
    concurrency,
    reconcile: async (widget, { read, write }) => {
      const { namespace, uid } = widget.metadata;
      if (widget.metadata.deletionTimestamp !== undefined) return undefined;
      const key = { namespace, name: `part-${uid ?? ''}` };
      const size = String(widget.spec.size);
      const part = read.get(ConfigMap, key);
      if (part === undefined) {
        const metadata = { ...key, ownerReferences: [controllerReferenceTo(Widget, widget)] };
        await write.create(ConfigMap, { metadata, data: { size } }).catch((error: unknown) => {
          if (!isAlreadyExists(error)) throw error;
        });
      } else if (part.data?.['size'] !== size) {
        await write.patch(ConfigMap, key, { data: { size } });
      }
      const by = widget.status?.size === widget.spec.size ? widget.status.by : identity;
      return { status: { size: widget.spec.size, part: key.name, by } };
    },
  });
}
