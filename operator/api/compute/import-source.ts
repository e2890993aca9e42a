import { z } from 'zod';

const secretRef = z.string().min(1).max(253).optional();
const certConfigMap = z.string().min(1).max(253).optional().describe('ConfigMap of this namespace with the certificate authority of the server.');

// User names and passwords in a URL end up in logs and statuses, so none is taken: they belong into a Secret.
const HttpSource = z.object({
  url: z
    .string()
    .regex(/^https?:\/\/[^/@?#\s]+([/?#][^\s]*)?$/, 'url must be http or https, without user name and password')
    .max(2048)
    .describe('Address of the disk image: raw or qcow2, as it is or compressed with gzip or xz.'),
  checksum: z
    .string()
    .regex(/^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/, 'checksum must look like sha256:<64 hexadecimal digits>')
    .max(135)
    .optional()
    .describe('Digest that the download must have. Needs a CDI that checks it; without one the import is refused.'),
  secretRef: secretRef.describe('Secret with accessKeyId (user name) and secretKey (password).'),
  certConfigMap,
});

const S3Source = z.object({
  url: z
    .string()
    .regex(/^(s3:\/\/[a-z0-9][a-z0-9.-]+\/[^\s]+|https?:\/\/[^/@?#\s]+\/[^\s]+)$/, 'url must be s3://bucket/key, or the http or https address of the object')
    .max(2048)
    .describe('Object that holds the disk image. s3://bucket/key is at the S3 server of the configuration.'),
  secretRef: secretRef.describe('Secret with accessKeyId and secretKey.'),
  certConfigMap,
});

const RegistrySource = z.object({
  url: z
    .string()
    .regex(/^docker:\/\/[^/@\s]+\/[^\s]+$/, 'url must be docker://host/repository, with a tag or a digest')
    .max(2048)
    .describe('Container image with one disk image under /disk. With a digest (@sha256:...) the content is checked.'),
  secretRef: secretRef.describe('Secret with accessKeyId (user name) and secretKey (password).'),
  certConfigMap,
});

/** Where a disk image can be imported from: exactly one member is set. Addresses within the cluster and its networks are refused unless the configuration lets them in. */
export const importSources = {
  http: HttpSource.optional().describe('Disk image at an HTTP or HTTPS address.'),
  s3: S3Source.optional().describe('Disk image in an S3 bucket.'),
  registry: RegistrySource.optional().describe('Disk image in a container image of an OCI registry, copied into a volume once.'),
  upload: z
    .object({ timeoutHours: z.int().min(1).max(168).default(24).describe('How long the upload is waited for.') })
    .optional()
    .describe('Disk image that is uploaded: with virtctl image-upload to the DataVolume that the ImportTask names.'),
};
export type ImportSource = z.infer<z.ZodObject<typeof importSources>>;

/** Whether something is to be imported. */
export function isImport(source: ImportSource): boolean {
  return Object.keys(importSources).some((name) => source[name as keyof ImportSource] !== undefined);
}
