import { z } from 'zod';

/** Lengths of the prefixes that a VPC or subnet may have. @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
export const SHORTEST_PREFIX = 16;
/** See {@link SHORTEST_PREFIX}. */
export const LONGEST_PREFIX = 28;

const BLOCK_RULES = [
  { rule: 'isCIDR(self) && cidr(self).ip().family() == 4', message: 'must be an IPv4 block of /16 to /28 such as 10.0.0.0/16' },
  { rule: '!isCIDR(self) || cidr(self) == cidr(self).masked()', message: 'bits are set behind the prefix: write the first address of the block' },
];

/** An IPv4 block of a VPC or subnet: /16 to /28, and no bit set behind the prefix; with further rules of its field. */
export function networkBlock(...rules: { rule: string; message: string }[]): z.ZodString {
  return z
    .string()
    .regex(/^[0-9]{1,3}(\.[0-9]{1,3}){3}\/(1[6-9]|2[0-8])$/, 'must be an IPv4 block of /16 to /28 such as 10.0.0.0/16')
    .max(18)
    .meta({ 'x-kubernetes-validations': [...BLOCK_RULES, ...rules] });
}

/** An IPv4 block as numbers: `first` is its first address, `size` the count of its addresses. */
export interface Block {
  first: number;
  size: number;
}

/** The block that the text stands for; undefined if it is no IPv4 block (host bits may be set). */
export function blockFrom(cidr: string): Block | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  if (!match) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((byte) => byte > 255) || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return { first: address - (address % size), size };
}

/** The block in its usual spelling, without bits behind the prefix. */
export function cidrOf({ first, size }: Block): string {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${bytes.join('.')}/${32 - Math.log2(size)}`;
}

/** The prefix of a block: 16 for 10.0.0.0/16. */
export function prefixOf({ size }: Block): number {
  return 32 - Math.log2(size);
}

/** Whether two blocks have an address in common. */
export function doOverlap(left: Block, right: Block): boolean {
  return left.first < right.first + right.size && right.first < left.first + left.size;
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: Block, inner: Block): boolean {
  return outer.first <= inner.first && inner.first + inner.size <= outer.first + outer.size;
}

/** The first part of `whole`, of this prefix, that overlaps with none of `taken`; undefined if there is none. */
export function freeBlockIn(whole: Block, prefix: number, taken: readonly Block[]): Block | undefined {
  const size = 2 ** (32 - prefix);
  for (let first = whole.first; first + size <= whole.first + whole.size; first += size) {
    const candidate = { first, size };
    if (!taken.some((block) => doOverlap(block, candidate))) return candidate;
  }
  return undefined;
}
