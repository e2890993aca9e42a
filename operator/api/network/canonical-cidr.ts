import ipaddr from 'ipaddr.js';

/** Family of an address. */
export type AddressFamily = 4 | 6;

/** An address block in the one spelling that EC2 shows. */
export interface CanonicalCidr {
  family: AddressFamily;
  /** Without bits behind the prefix; IPv6 as RFC 5952 writes it. */
  text: string;
}

/**
 * The block that a text stands for: EC2 takes 100.68.0.18/18 for 100.68.0.0/18. Undefined for what is no block; an address without a prefix is none.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
 */
export function canonicalCidrFrom(text: string): CanonicalCidr | undefined {
  const [, address = '', prefix = ''] = /^([0-9a-fA-F.:]{2,45})\/([0-9]{1,3})$/.exec(text) ?? [];
  const length = Number(prefix);
  if (prefix !== String(length)) return undefined;
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) {
    if (length > 32) return undefined;
    return { family: 4, text: `${ipaddr.IPv4.networkAddressFromCIDR(`${address}/${prefix}`).toString()}/${prefix}` };
  }
  if (!address.includes(':') || length > 128 || !ipaddr.IPv6.isValid(address)) return undefined;
  return { family: 6, text: `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/${prefix}`).toRFC5952String()}/${prefix}` };
}

/** Whether every address of `inner` is in `outer`; both must be blocks. */
export function isWithin(inner: string, outer: string): boolean {
  const [innerAddress, innerPrefix] = ipaddr.parseCIDR(inner);
  const [outerAddress, outerPrefix] = ipaddr.parseCIDR(outer);
  if (innerAddress.kind() !== outerAddress.kind() || innerPrefix < outerPrefix) return false;
  return innerAddress.match(outerAddress, outerPrefix);
}
