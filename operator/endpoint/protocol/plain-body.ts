import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AwsError } from '../errors.ts';
import type { SignedRequest } from '../signature/signed-request.ts';

const inflate = promisify(gunzip);

/** As much as an uncompressed body may have. */
const largestPlainBody = 2 * 1024 * 1024;

/**
 * A verified request with its body decompressed: the SDKs gzip the data of PutMetricData from 10 KB on, and sign the compressed bytes.
 * @throws AwsError InvalidRequest - another coding, or a service whose clients do not compress; RequestEntityTooLarge
 */
export async function withPlainBody(request: SignedRequest, isGzipKnown: boolean): Promise<SignedRequest> {
  const coding = request.headers['content-encoding']?.join(',').trim().toLowerCase() ?? '';
  if (coding === '' || coding === 'identity') return request;
  if (!isGzipKnown) throw new AwsError('InvalidRequest', 'The request body must not be compressed.', { status: 415 });
  if (coding !== 'gzip') throw new AwsError('InvalidRequest', 'The request body must be compressed by gzip or not at all.', { status: 415 });
  const body = await inflate(request.body, { maxOutputLength: largestPlainBody }).catch((cause: unknown) => {
    const isTooLarge = cause instanceof RangeError;
    throw isTooLarge
      ? new AwsError('RequestEntityTooLarge', 'The request is too large.', { status: 413, cause })
      : new AwsError('InvalidRequest', 'The request body is not valid gzip.', { cause });
  });
  return { ...request, body };
}
