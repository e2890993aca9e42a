import { isNotFound, type AnyObject } from '../control-plane/kubernetes-client.ts';

/** Root access key of an account. */
export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
  /** The account's namespace. */
  namespace: string;
}

/** Reads one object by its path; rejects with KubernetesError. */
export type ReadObject = (path: string) => Promise<AnyObject>;

/** The root access key that the operator made for the account; `undefined` as long as there is none. */
export async function accessKeyOf(account: string, read: ReadObject): Promise<AccessKey | undefined> {
  const object = await orUndefined(read(`/apis/kube-ec2.io/v1alpha1/accounts/${account}`));
  const status = object?.['status'] as { namespace?: string; rootAccessKeySecret?: string } | undefined;
  if (status?.namespace === undefined || status.rootAccessKeySecret === undefined) return undefined;
  const secret = await orUndefined(read(`/api/v1/namespaces/${status.namespace}/secrets/${status.rootAccessKeySecret}`));
  const data = secret?.['data'] as Record<string, string | undefined> | undefined;
  const accessKeyId = textOf(data?.['accessKeyId']);
  const secretAccessKey = textOf(data?.['secretAccessKey']);
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey, namespace: status.namespace } : undefined;
}

async function orUndefined(reading: Promise<AnyObject>): Promise<AnyObject | undefined> {
  return reading.catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
}

function textOf(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('utf8');
}
