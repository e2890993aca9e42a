import type { AnyObject } from './kubernetes-client.ts';

const GROUP = 'cdi.kubevirt.io';

/** Group and version of CDI's kinds. */
export const CDI_API_VERSION = `${GROUP}/v1beta1`;

/**
 * The kinds of KubeVirt's Containerized Data Importer that KubeVirt's own controllers and the product look at, with as much schema as they need: CDI's module
 * does not resolve, so its definitions cannot be generated. The node agent plays its controllers. They must be there before KubeVirt is started, whose
 * processes end when CDI comes or goes.
 */
export function importDefinitions(): AnyObject[] {
  return [
    definition('DataVolume', 'datavolumes', 'Namespaced', ['dv']),
    definition('DataSource', 'datasources', 'Namespaced'),
    definition('CDI', 'cdis', 'Cluster'),
    definition('CDIConfig', 'cdiconfigs', 'Cluster'),
    definition('StorageProfile', 'storageprofiles', 'Cluster'),
  ];
}

const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

function definition(kind: string, plural: string, scope: 'Namespaced' | 'Cluster', shortNames: string[] = []): AnyObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}`, annotations: { 'api-approved.kubernetes.io': 'unapproved, a test double' } },
    spec: {
      group: GROUP,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List`, ...(shortNames.length > 0 && { shortNames }) },
      versions: [
        {
          name: 'v1beta1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: anything, status: anything } } },
        },
      ],
    },
  };
}
