import type { IncomingMessage } from 'node:http';
import type { Connection } from './connection.ts';
import { isNotFound } from './errors.ts';
import type { ObjectKey } from './read.ts';
import { kubevirtSubresourcePath } from './resource-path.ts';
import { VirtualMachineInstance } from './resources.ts';

/** A screen of 4096 x 2160 compresses to less, unless it shows noise. */
const SCREENSHOT_BYTES_LIMIT = 16 * 1024 * 1024;

/**
 * What a machine shows on its screen, as PNG; undefined if there is no such machine or it does not run.
 * @throws ApiError - Forbidden, or KubeVirt or the node cannot be reached
 * @see https://kubevirt.io/user-guide/user_workloads/accessing_virtual_machines/
 */
export async function readScreenshot(connection: Connection, headers: Readonly<Record<string, string | string[]>>, key: ObjectKey): Promise<Buffer | undefined> {
  const path = kubevirtSubresourcePath(VirtualMachineInstance, key, 'vnc/screenshot');
  try {
    return await contentOf(await connection.stream({ verb: 'get', kind: 'VirtualMachineInstance/vnc', method: 'GET', path, headers, isRepeatable: true }));
  } catch (error) {
    if (isNotFound(error) || isNotRunning(error)) return undefined;
    throw error;
  }
}

/** KubeVirt answers 400 for a machine that does not run; with the status of its inner error inside, that may arrive as 500. */
function isNotRunning(error: unknown): boolean {
  return error instanceof Error && error.message.includes('is not running');
}

async function contentOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > SCREENSHOT_BYTES_LIMIT) throw new Error(`a screenshot of more than ${String(SCREENSHOT_BYTES_LIMIT)} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
