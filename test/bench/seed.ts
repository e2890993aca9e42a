import { randomBytes } from 'node:crypto';
import type { AnyObject, KubernetesClient } from '../../hack/control-plane/kubernetes-client.ts';
import type { Tag } from '../../operator/api/shared.ts';
import type { Cloud } from '../support/cloud.ts';
import { inParallel } from './statistics.ts';

const PARALLEL = 64;
/** Instances of one call of RunInstances. */
const RESERVATION = 10;

/** What a copy has that its sample does not; fields that are undefined go. */
export interface Copy {
  /** What the sample's ids become. */
  renamed: ReadonlyMap<string, string>;
  spec: Readonly<Record<string, unknown>>;
  status: Readonly<Record<string, unknown>>;
}

/** A new EC2 id. */
export function newId(prefix: string): string {
  return `${prefix}-${randomBytes(9).toString('hex').slice(0, 17)}`;
}

/** Puts copies of a sample onto the API server with its status: two writes each, many at a time. */
export async function seed({ controlPlane: { client } }: Cloud, sample: AnyObject, copies: readonly Copy[]): Promise<void> {
  await inParallel(copies, PARALLEL, async (copy) => putCopy(client, sample, copy));
}

async function putCopy(client: KubernetesClient, sample: AnyObject, { renamed, spec, status }: Copy): Promise<void> {
  const path = `/apis/${sample.apiVersion ?? ''}/namespaces/${sample.metadata.namespace ?? ''}/${(sample.kind ?? '').toLowerCase()}s`;
  const text = [...renamed].reduce((former, [id, other]) => former.replaceAll(id, other), JSON.stringify(sample));
  const copy = JSON.parse(text) as AnyObject & { spec: object; status: object };
  const name = copy.metadata.name ?? '';
  await client.create(path, { apiVersion: sample.apiVersion, kind: sample.kind, metadata: { name }, spec: { ...copy.spec, ...spec } });
  await client.patch(`${path}/${name}/status`, 'merge', { status: { ...copy.status, ...status } });
}

/** Instances under ids and addresses of their own; answers with the ids. */
export async function seedInstances(cloud: Cloud, sample: AnyObject, count: number, tagsOf: (index: number) => readonly Tag[]): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId('i'));
  const { launch: sampleLaunch } = sample['spec'] as { launch?: object };
  const copies = ids.map((id, index): Copy => {
    const privateIpAddress = `10.99.${String(Math.floor(index / 250))}.${String((index % 250) + 1)}`;
    const launch = { ...sampleLaunch, reservationId: `r-${String(Math.floor(index / RESERVATION)).padStart(17, '0')}`, launchIndex: index % RESERVATION };
    return { renamed: new Map([[sample.metadata.name ?? '', id]]), spec: { launch, tags: tagsOf(index) }, status: { privateIpAddress } };
  });
  await seed(cloud, sample, copies);
  return ids;
}
