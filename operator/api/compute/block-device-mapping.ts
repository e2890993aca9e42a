import { z } from 'zod';

/** EC2's volume types. */
export const VOLUME_TYPES = ['standard', 'gp2', 'gp3', 'io1', 'io2', 'st1', 'sc1'] as const;
export type VolumeType = (typeof VOLUME_TYPES)[number];

/** EBS-like volume of a mapping. Units as in EC2: GiB, IOPS, MiB/s. */
export const EbsBlockDevice = z.object({
  volumeSize: z.int().min(1).max(65536).optional().describe('Size in GiB; by default the size of the image or snapshot.'),
  volumeType: z.enum(VOLUME_TYPES).optional().describe('EC2 volume type; mapped to a StorageClass by configuration.'),
  iops: z.int().min(100).max(256000).optional().describe('Provisioned IOPS; recorded, enforced only where the StorageClass does.'),
  throughput: z.int().min(125).max(2000).optional().describe('Throughput in MiB/s; recorded, enforced only where the StorageClass does.'),
  encrypted: z.boolean().optional().describe('Whether the volume must be encrypted.'),
  kmsKeyId: z.string().max(2048).optional().describe('Key for the encryption.'),
  snapshotId: z.string().max(253).optional().describe('Snapshot to make the volume from.'),
  deleteOnTermination: z.boolean().optional().describe('Whether the volume goes with the instance; by default true.'),
});

/**
 * One device of an image or instance.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_BlockDeviceMapping.html
 */
export const BlockDeviceMapping = z
  .object({
    deviceName: z
      .string()
      .regex(/^(\/dev\/(sd|xvd)[a-z]{1,2}[0-9]{0,2}|xvd[a-z]{1,2})$/, 'deviceName must look like /dev/xvda, /dev/sdf or xvdb')
      .max(16)
      .describe('Device name, such as /dev/xvda or /dev/sdf.'),
    virtualName: z.string().regex(/^ephemeral([0-9]|1[0-9]|2[0-3])$/, 'virtualName must be ephemeral0 to ephemeral23').max(11).optional().describe('Instance store volume: ephemeral0 to ephemeral23.'),
    noDevice: z.boolean().optional().describe('Leaves out the device that the image maps under this name.'),
    ebs: EbsBlockDevice.optional().describe('EBS-like volume to attach under this name.'),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: '[has(self.ebs), has(self.virtualName), has(self.noDevice) && self.noDevice].exists_one(x, x)',
        message: 'set exactly one of ebs, virtualName and noDevice: true',
      },
    ],
  });
export type BlockDeviceMapping = z.infer<typeof BlockDeviceMapping>;

/** Mappings keyed by device name. */
export const BlockDeviceMappings = z
  .array(BlockDeviceMapping)
  .max(40)
  .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['deviceName'] });
