import { randomInt } from 'node:crypto';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { ControlPlane } from '../../hack/control-plane/control-plane.ts';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';

/** An account of the tests, with its root access key and an image of each kind. */
export interface TestAccount {
  accountId: string;
  namespace: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** AMI with an EBS-like root: its instances can be stopped. */
  ebsImageId: string;
  /** AMI from a container image: an instance-store root. */
  instanceStoreImageId: string;
  /** AMI of a container image that no registry has. */
  missingImageId: string;
}

const GOLDEN_CLAIM = 'golden';
const apiVersion = 'kube-ec2.io/v1alpha1';

/**
 * Creates an Account and waits until its access key and images are there. Each test file has one of its own, so that files do not see each
 * other's instances.
 */
export async function openAccount({ client, applier }: ControlPlane, prefix: string): Promise<TestAccount> {
  const number = randomInt(100_000_000_000);
  const accountId = String(100_000_000_000 + number);
  const name = `${prefix}-${number.toString(36)}`;
  const account: AnyObject = { apiVersion, kind: 'Account', metadata: { name }, spec: { accountId } };
  await applier.apply([account]);
  const secret = await eventually(`account ${name} has its access key`, 120, async () => {
    const { status } = await client.get<{ status?: { rootAccessKeySecret?: string } }>(`/apis/${apiVersion}/accounts/${name}`);
    if (!status?.rootAccessKeySecret) return undefined;
    return client.get<{ data: Record<string, string> }>(`/api/v1/namespaces/${name}/secrets/${status.rootAccessKeySecret}`);
  });
  await applier.apply([goldenClaim(name)]);
  const images = ['ebs', 'instance-store', 'missing'] as const;
  await applier.apply(images.map((image) => ami(name, image)));
  const [ebsImageId = '', instanceStoreImageId = '', missingImageId = ''] = await Promise.all(
    images.map(async (image) =>
      eventually(`Ami ${image} of account ${name} is available`, 120, async () => {
        const { status } = await client.get<{ status?: { imageId?: string; state?: string } }>(`/apis/${apiVersion}/namespaces/${name}/amis/${image}`);
        return status?.state === 'available' ? status.imageId : undefined;
      }),
    ),
  );
  const text = (key: string): string => Buffer.from(secret.data[key] ?? '', 'base64').toString('utf8');
  return {
    accountId,
    namespace: name,
    accessKeyId: text('accessKeyId'),
    secretAccessKey: text('secretAccessKey'),
    ebsImageId,
    instanceStoreImageId,
    missingImageId,
  };
}

/** Names a node, as nobody uses it; its clones are made where their instances may run, which a class that binds at once would not respect. */
function goldenClaim(namespace: string): AnyObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: GOLDEN_CLAIM, namespace, annotations: { 'volume.kubernetes.io/selected-node': 'node-1' } },
    spec: { storageClassName: 'standard', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
}

function ami(namespace: string, image: 'ebs' | 'instance-store' | 'missing'): AnyObject {
  const sources = {
    ebs: { persistentVolumeClaim: { claimName: GOLDEN_CLAIM } },
    'instance-store': { containerDisk: { image: 'containerdisks/debian:12' } },
    missing: { containerDisk: { image: 'unreachable.invalid/debian:12' } },
  };
  const spec = { name: `${image} image`, source: sources[image], guestAgent: true, rootVolumeSize: 2 };
  return { apiVersion, kind: 'Ami', metadata: { name: image, namespace }, spec };
}
