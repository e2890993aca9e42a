import { randomBytes } from 'node:crypto';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import type { Tag } from '../../operator/api/shared.ts';
import type { Cloud } from '../support/cloud.ts';
import { inParallel } from './statistics.ts';

const PARALLEL = 64;
/** Instances of one call of RunInstances. */
const RESERVATION = 10;

/** Puts copies of the sample onto the API server, under ids and addresses of their own and with its status: two writes each, many at a time. */
export async function seed({ controlPlane: { client } }: Cloud, sample: AnyObject, count: number, tagsOf: (index: number) => readonly Tag[]): Promise<void> {
  const path = `/apis/kube-ec2.io/v1alpha1/namespaces/${sample.metadata.namespace ?? ''}/instances`;
  await inParallel(Array.from({ length: count }, (_, index) => index), PARALLEL, async (index) => {
    const name = `i-${randomBytes(9).toString('hex').slice(0, 17)}`;
    const address = `10.99.${String(Math.floor(index / 250))}.${String((index % 250) + 1)}`;
    const renamed = JSON.parse(JSON.stringify(sample).replaceAll(sample.metadata.name ?? '', name)) as AnyObject & { spec: { launch?: object }; status: object };
    const launch = { ...renamed.spec.launch, reservationId: `r-${String(Math.floor(index / RESERVATION)).padStart(17, '0')}`, launchIndex: index % RESERVATION };
    await client.create(path, { apiVersion: sample.apiVersion, kind: sample.kind, metadata: { name }, spec: { ...renamed.spec, launch, tags: tagsOf(index) } });
    await client.patch(`${path}/${name}/status`, 'merge', { status: { ...renamed.status, privateIpAddress: address } });
  });
}
