import { createHash } from 'node:crypto';
import type { ObjectMeta } from './shared.ts';

/** Prefixes of EC2 resource ids. */
export type Ec2IdPrefix =
  | 'acl'
  | 'aclassoc'
  | 'ami'
  | 'dopt'
  | 'eipalloc'
  | 'eipassoc'
  | 'eni'
  | 'eni-attach'
  | 'i'
  | 'igw'
  | 'iip-assoc'
  | 'import-ami'
  | 'import-snap'
  | 'key'
  | 'lt'
  | 'nat'
  | 'pg'
  | 'pl'
  | 'r'
  | 'rtb'
  | 'rtbassoc'
  | 'sg'
  | 'sgr'
  | 'snap'
  | 'subnet'
  | 'vol'
  | 'vpc'
  | 'vpc-cidr-assoc';

/**
 * EC2 id that is a pure function of `seed`: the prefix, a dash and 17 hexadecimal digits of its SHA-256.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
 */
export function ec2IdFrom(prefix: Ec2IdPrefix, seed: string): string {
  return `${prefix}-${createHash('sha256').update(seed).digest('hex').slice(0, 17)}`;
}

/**
 * EC2 id of an object: its name if that already is an id (objects made through the API), else derived from its uid (objects made with kubectl).
 * Stable for the object's life, so it may be used before a controller has written it to the status.
 */
export function ec2IdOf(prefix: Ec2IdPrefix, object: { metadata: ObjectMeta & { name: string } }): string {
  const { name, uid } = object.metadata;
  if (isEc2Id(prefix, name)) return name;
  return ec2IdFrom(prefix, uid ?? name);
}

/** Whether the text has the form of an id with this prefix: 8 (old) or 17 hexadecimal digits. */
export function isEc2Id(prefix: Ec2IdPrefix, text: string): boolean {
  return text.startsWith(`${prefix}-`) && /^([0-9a-f]{8}|[0-9a-f]{17})$/.test(text.slice(prefix.length + 1));
}
