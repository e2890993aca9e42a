import type { KubernetesObject } from '../api/shared.ts';
import { ApiError, type StatusDetails } from './errors.ts';
import { MalformedStreamError } from './line-stream.ts';
import type { NamedObject } from './object-store.ts';

/** One line of a watch. A bookmark carries no object, only the position. */
export type WatchEvent =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: NamedObject; resourceVersion: string }
  | { type: 'BOOKMARK'; resourceVersion: string };

interface Status {
  code?: number;
  reason?: string;
  message?: string;
  details?: StatusDetails;
}

/**
 * Reads one line of a watch.
 * @throws ApiError - for an ERROR event, e.g. Expired
 * @throws MalformedStreamError - for anything else that is not a watch event
 */
export function watchEventFrom(line: string): WatchEvent {
  const { type, object } = parsed(line);
  if (type === 'ERROR') {
    const { code = 500, reason = 'Unknown', message = 'the watch failed', details } = object as Status;
    throw new ApiError({ code, reason, message, details });
  }
  const { metadata } = object as KubernetesObject;
  const resourceVersion = metadata?.resourceVersion;
  if (typeof resourceVersion !== 'string') throw new MalformedStreamError('a watch event without a resourceVersion');
  if (type === 'BOOKMARK') return { type, resourceVersion };
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED') throw new MalformedStreamError(`a watch event of unknown type ${String(type)}`);
  if (typeof metadata?.name !== 'string') throw new MalformedStreamError('a watch event about an object without a name');
  return { type, object: object as NamedObject, resourceVersion };
}

function parsed(line: string): { type: unknown; object: object } {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (cause) {
    throw new MalformedStreamError('a line of a watch is not JSON', { cause });
  }
  const { type, object } = (event ?? {}) as { type?: unknown; object?: unknown };
  if (typeof object !== 'object' || object === null) throw new MalformedStreamError('a watch event without an object');
  return { type, object };
}
