import { parentPort, workerData } from 'node:worker_threads';
import { encode } from 'jpeg-js';
import { PNG } from 'pngjs';

/** Good enough to read small text by. */
const QUALITY = 85;

/** Thread of jpeg-from.ts: turns the PNG that it is started with into JPEG, and says so. */
const { data, width, height } = PNG.sync.read(Buffer.from(workerData as Uint8Array));
parentPort?.postMessage(encode({ data, width, height }, QUALITY).data);
