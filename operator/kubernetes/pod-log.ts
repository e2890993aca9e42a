import type { IncomingMessage } from 'node:http';
import type { Connection } from './connection.ts';
import { isNotFound } from './errors.ts';
import { collectionPath, objectPath } from './resource-path.ts';
import { Pod } from './resources.ts';

/** Which log: that of a container in the newest pod with these labels. */
export interface PodLogSelection {
  namespace: string;
  /** `name=value`, comma-separated. */
  labelSelector: string;
  container: string;
}

/** Of a log's end, what is fetched at most: the kubelet can only count lines from the end, and bytes from the start. */
const TAIL_LINES = 5000;
const FETCHED_BYTES = 4 * 1024 * 1024;

/**
 * The log of a container; undefined if there is no such pod, or its container has not begun. The last 5000 lines at most.
 * @throws ApiError - Forbidden, or the kubelet cannot be reached
 */
export async function readPodLog(
  connection: Connection,
  headers: Readonly<Record<string, string | string[]>>,
  { namespace, labelSelector, container }: PodLogSelection,
): Promise<Buffer | undefined> {
  const path = collectionPath(Pod, namespace, { labelSelector });
  const { items = [] } = (await connection.json({ verb: 'list', kind: Pod.kind, method: 'GET', path, headers, isRepeatable: true })) as { items?: Pod[] };
  const pod = items.toSorted((left, right) => (ageKey(left) < ageKey(right) ? 1 : -1))[0];
  if (pod?.metadata?.name === undefined) return undefined;
  const query = { container, tailLines: TAIL_LINES, limitBytes: FETCHED_BYTES };
  const logPath = objectPath(Pod, { namespace, name: pod.metadata.name }, query, 'log');
  try {
    return await contentOf(await connection.stream({ verb: 'get', kind: 'Pod/log', method: 'GET', path: logPath, headers, isRepeatable: true }));
  } catch (error) {
    // Gone meanwhile, or (400) the container waits to start.
    if (isNotFound(error) || isNotStarted(error)) return undefined;
    throw error;
  }
}

function ageKey({ metadata }: Pod): string {
  return `${metadata?.creationTimestamp ?? ''}/${metadata?.name ?? ''}`;
}

function isNotStarted(error: unknown): boolean {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  return code === 400 && /waiting to start|is not valid for pod|PodInitializing|ContainerCreating/.test(message);
}

async function contentOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
