import { AccountDefinition, type Account } from '../../operator/api/identity/account.ts';
import { AmiDefinition, type Ami, type AmiStatus } from '../../operator/api/compute/ami.ts';
import { KeyPairDefinition, type KeyPair } from '../../operator/api/compute/key-pair.ts';
import type { Node, StorageClass, VirtualMachineClusterInstancetype } from '../../operator/kubernetes/resources.ts';
import { ACCOUNT_ID, NAMESPACE } from './operation-context.ts';

/** An Account whose namespace has its own name. */
export function anAccount(name: string, accountId: string, spec: Partial<Account['spec']> = {}): Account {
  const { apiVersion, kind } = AccountDefinition;
  return { apiVersion, kind, metadata: { name, uid: `uid-${name}` }, spec: AccountDefinition.spec.parse({ accountId, ...spec }) };
}

/** The account that calls. */
export function theAccount(spec: Partial<Account['spec']> = {}): Account {
  return anAccount(NAMESPACE, ACCOUNT_ID, spec);
}

/** An available AMI with a container disk; `name` may be an id. */
export function anAmi(name: string, { namespace = NAMESPACE, status = {}, creationTimestamp = '2026-01-01T00:00:00Z', ...spec }: AmiOptions = {}): Ami {
  const { apiVersion, kind } = AmiDefinition;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, uid: `uid-${name}`, creationTimestamp },
    spec: AmiDefinition.spec.parse({ source: { containerDisk: { image: 'registry.local/disk' } }, ...spec }),
    status: { state: 'available', ...status },
  };
}

type AmiOptions = Partial<Ami['spec']> & { namespace?: string; status?: AmiStatus; creationTimestamp?: string };

/** A KeyPair as somebody makes it with kubectl. */
export function aKeyPair(name: string, publicKeyMaterial: string, spec: Partial<KeyPair['spec']> & { namespace?: string } = {}): KeyPair {
  const { namespace = NAMESPACE, ...rest } = spec;
  const { apiVersion, kind } = KeyPairDefinition;
  const metadata = { name, namespace, uid: `uid-${name}`, creationTimestamp: '2026-01-01T00:00:00Z' };
  return { apiVersion, kind, metadata, spec: KeyPairDefinition.spec.parse({ publicKeyMaterial, ...rest }) };
}

/** What a test says about a node; a ready amd64 one with 4 CPUs and 16 GiB that KubeVirt sees to, if it says nothing. */
export interface NodeOptions {
  zone?: string;
  arch?: string;
  cpu?: string;
  memory?: string;
  isReady?: boolean;
  unschedulable?: boolean;
  taint?: string;
  isServedByKubevirt?: boolean;
}

/** A node. */
export function aNode(name: string, options: NodeOptions = {}): Node {
  const { zone, arch = 'amd64', cpu = '4', memory = '16Gi', isReady = true, unschedulable, taint, isServedByKubevirt = true } = options;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/arch': arch,
        'kubevirt.io/schedulable': String(isServedByKubevirt),
        ...(zone !== undefined && { 'topology.kubernetes.io/zone': zone }),
      },
    },
    spec: { ...(unschedulable !== undefined && { unschedulable }), ...(taint !== undefined && { taints: [{ key: 'dedicated', effect: taint }] }) },
    status: { allocatable: { cpu, memory }, conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
  };
}

/** A VirtualMachineClusterInstancetype. */
export function anInstanceType(
  name: string,
  { cpu = 2, memory = '1Gi', labels = {}, annotations = {} }: { cpu?: number; memory?: string; labels?: Record<string, string>; annotations?: Record<string, string> } = {},
): VirtualMachineClusterInstancetype {
  return {
    apiVersion: 'instancetype.kubevirt.io/v1beta1',
    kind: 'VirtualMachineClusterInstancetype',
    metadata: { name, labels, annotations },
    spec: { cpu: { guest: cpu }, memory: { guest: memory } },
  };
}

/** A StorageClass whose claims wait for their first user and can grow. */
export function aStorageClass(name: string, annotations: Record<string, string> = {}): StorageClass {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, annotations },
    provisioner: 'csi.example',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
  };
}
