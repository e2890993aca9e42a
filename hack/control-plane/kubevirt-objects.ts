import { execFileSync } from 'node:child_process';
import type { Identities } from './identities.ts';
import type { AnyObject } from './kubernetes-client.ts';
import type { Ports } from './ports.ts';

const NAMESPACE = 'kubevirt';

/**
 * Gates of 1.8 that are off unless listed. Not HotplugVolumes: beside DeclarativeHotplugVolumes it would switch declarative hot-plug off.
 */
const featureGates = ['DeclarativeHotplugVolumes', 'Snapshot', 'VMExport', 'ExpandDisks', 'PanicDevices', 'VideoConfig'];

/** What KubeVirt's operator would install, in two steps: the second needs the kinds and the namespace of the first. */
export interface KubevirtObjects {
  definitions: AnyObject[];
  rest: AnyObject[];
}

/** Lets KubeVirt's own generators print its objects and points webhooks and API services at the local virt-api. */
export function kubevirtObjects(manifestsBinary: string, identities: Identities, ports: Ports): KubevirtObjects {
  const printed = execFileSync(manifestsBinary, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const objects = (JSON.parse(printed) as AnyObject[]).map(withoutServerFields);
  const isDefinition = (object: AnyObject): boolean => object.kind === 'CustomResourceDefinition';
  const authority = identities.cluster.certificate;
  return {
    definitions: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }, ...objects.filter(isDefinition)],
    rest: [
      ...objects.filter((object) => !isDefinition(object)).map((object) => pointedAt(object, ports.virtApi, authority)),
      virtApiService(),
      certificateBundle(authority),
      handlerDaemonSet(),
      kubevirtConfiguration(),
    ],
  };
}

/** Status that KubeVirt's operator writes and without which virt-api reads no configuration at all. */
export const kubevirtStatus = { phase: 'Deployed', defaultArchitecture: 'amd64' };

/** Path of the KubeVirt object. */
export const kubevirtPath = `/apis/kubevirt.io/v1/namespaces/${NAMESPACE}/kubevirts/kubevirt`;

function withoutServerFields(object: AnyObject): AnyObject {
  const { status: _status, ...rest } = object;
  const { creationTimestamp: _creation, ...metadata } = object.metadata;
  return { ...rest, metadata };
}

/** Adds port and CA to every reference to the service virt-api. */
function pointedAt(object: AnyObject, port: number, authority: string): AnyObject {
  const caBundle = Buffer.from(authority).toString('base64');
  if (object.kind === 'APIService') {
    const spec = object['spec'] as { service: object };
    const { insecureSkipTLSVerify: _skip, ...rest } = spec as Record<string, unknown>;
    return { ...object, spec: { ...rest, service: { ...spec.service, port }, caBundle } };
  }
  const webhooks = object['webhooks'] as { clientConfig: { service: object } }[] | undefined;
  if (!webhooks) return object;
  return {
    ...object,
    webhooks: webhooks.map((webhook) => ({
      ...webhook,
      clientConfig: { service: { ...webhook.clientConfig.service, port }, caBundle },
    })),
  };
}

/** The API server resolves the service by this name: the local process. */
function virtApiService(): AnyObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'virt-api', namespace: NAMESPACE },
    spec: { type: 'ExternalName', externalName: 'localhost' },
  };
}

function certificateBundle(authority: string): AnyObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kubevirt-ca', namespace: NAMESPACE }, data: { 'ca-bundle': authority } };
}

/** Puts a pod on every node by which virt-api finds that node's handler; the node agent gives these pods the address 127.0.0.1. */
function handlerDaemonSet(): AnyObject {
  const labels = { 'kubevirt.io': 'virt-handler' };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'virt-handler', namespace: NAMESPACE, labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: 'OnDelete' },
      template: {
        metadata: { labels },
        spec: {
          priorityClassName: 'system-node-critical',
          tolerations: [{ operator: 'Exists' }],
          automountServiceAccountToken: false,
          containers: [{ name: 'virt-handler', image: 'virt-handler:simulated' }],
        },
      },
    },
  };
}

function kubevirtConfiguration(): AnyObject {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'KubeVirt',
    metadata: { name: 'kubevirt', namespace: NAMESPACE },
    spec: { configuration: { developerConfiguration: { useEmulation: true, featureGates } } },
  };
}
