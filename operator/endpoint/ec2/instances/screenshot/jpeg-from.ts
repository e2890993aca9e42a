import { Worker } from 'node:worker_threads';
import { inTurn } from '../../in-turn.ts';

/** PNG signature, then the header chunk with width and height. @see https://www.w3.org/TR/png-3/#11IHDR */
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** 4096 x 2160: more is no screen of a machine here, and a small file can hold a huge picture. */
const PIXELS_LIMIT = 4096 * 2160;
const MEGABYTES_LIMIT = 256;
const CONVERSION_MILLISECONDS = 15_000;

/**
 * The same picture as JPEG. Done in a thread of its own, one after another: it takes tenths of a second, in which the endpoint would answer nobody.
 * @throws Error - it is no PNG, is too large, or takes too long
 */
export async function jpegFrom(png: Buffer): Promise<Buffer> {
  const { width, height } = sizeOf(png);
  if (width * height > PIXELS_LIMIT) throw new Error(`a screenshot of ${String(width)} x ${String(height)} pixels is too large`);
  return inTurn('screenshot/jpeg', () => convert(png));
}

function sizeOf(png: Buffer): { width: number; height: number } {
  if (png.length < 24 || !png.subarray(0, 8).equals(PNG_SIGNATURE)) throw new Error('the screenshot is no PNG');
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}

async function convert(png: Buffer): Promise<Buffer> {
  const worker = new Worker(new URL('./jpeg-worker.ts', import.meta.url), { workerData: png, resourceLimits: { maxOldGenerationSizeMb: MEGABYTES_LIMIT } });
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the screenshot could not be converted in time')), CONVERSION_MILLISECONDS);
      worker.once('message', (jpeg: Uint8Array) => {
        clearTimeout(timer);
        resolve(Buffer.from(jpeg));
      });
      worker.once('error', (error: Error) => {
        clearTimeout(timer);
        reject(error);
      });
    });
  } finally {
    await worker.terminate();
  }
}
