import type { UserBucket } from '@aws-sdk/client-ec2';
import { importSources, type ImportSource } from '../../../api/compute/import-source.ts';
import { outboundHostOf } from '../../../kubernetes/outbound-policy.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';

/** What ImportImage and ImportSnapshot say about a disk. */
export interface SdkDisk {
  Format?: string | undefined;
  Url?: string | undefined;
  UserBucket?: UserBucket | undefined;
}

/** Formats that CDI reads. */
const FORMATS = ['raw', 'qcow2', 'vmdk', 'vhd', 'vhdx', 'vdi'];

/**
 * Where the disk is, as an ImportTask has it: an http, https, s3 or docker URL, or an object in a bucket of the configured S3 server.
 * @throws AwsError MissingParameter, InvalidParameterValue, UnsupportedOperation
 */
export function diskSourceFrom({ Format, Url, UserBucket: bucket }: SdkDisk, parameter: string, { imports }: Pick<OperationContext, 'imports'>): ImportSource {
  if (Format && !FORMATS.includes(Format.toLowerCase())) throw invalidParameterValue(`${parameter}.Format`, Format, `It must be one of ${FORMATS.join(', ')}.`);
  if (Url && bucket) throw new AwsError('InvalidParameterCombination', `The parameters ${parameter}.Url and ${parameter}.UserBucket cannot be used together`);
  if (bucket && (!bucket.S3Bucket || !bucket.S3Key)) throw new AwsError('MissingParameter', `The request must contain the parameters ${parameter}.UserBucket.S3Bucket and ${parameter}.UserBucket.S3Key`);
  const url = bucket ? `s3://${bucket.S3Bucket ?? ''}/${bucket.S3Key ?? ''}` : Url;
  if (!url) throw new AwsError('MissingParameter', `The request must contain the parameter ${parameter}.Url or ${parameter}.UserBucket`);
  const source = sourceOf(url, parameter);
  if (source.s3) {
    if (imports.s3Endpoint !== undefined) return source;
    throw new AwsError('UnsupportedOperation', 'There is no S3 server in the configuration. Give the https address of the object.');
  }
  const found = outboundHostOf(url, imports.policy);
  if ('refusal' in found) throw invalidParameterValue(`${parameter}.Url`, withoutCredentials(url), `It is refused: ${found.refusal}.`);
  return source;
}

function sourceOf(url: string, parameter: string): ImportSource {
  const source: ImportSource = url.startsWith('s3://') ? { s3: { url } } : url.startsWith('docker://') ? { registry: { url } } : { http: { url } };
  const [[kind, value]] = Object.entries(source) as [[keyof typeof importSources, unknown]];
  const parsed = importSources[kind].safeParse(value);
  if (parsed.success) return source;
  throw invalidParameterValue(`${parameter}.Url`, withoutCredentials(url), parsed.error.issues[0]?.message ?? 'It is malformed.');
}

/** Passwords are not repeated, neither in answers nor in logs. */
function withoutCredentials(url: string): string {
  return url.slice(0, 200).replace(/\/\/[^/@]*@/, '//...@');
}
