import ipaddr from 'ipaddr.js';

/** Which hosts users may have the operator connect to beside those of the public internet: to import disk images from, or to send notifications to. */
export interface OutboundPolicy {
  /** Networks, by CIDR, whose addresses are let in although they are private. */
  networks: readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[];
  /** Names of hosts that are let in whatever they resolve to; `*.` at the beginning stands for one or more labels. */
  hosts: readonly string[];
}

/** What an administrator decides about imports that both who asks and who carries out must know. */
export interface ImportLimits {
  policy: OutboundPolicy;
  /** Address of the S3 server that s3://bucket/key is at; without one only addresses of objects are taken. */
  s3Endpoint: string | undefined;
}

/** Nothing but the public internet. */
export const publicOnly: OutboundPolicy = { networks: [], hosts: [] };

/**
 * Reads a list of CIDRs and host names, as the configuration has it.
 * @throws Error - for an entry that is neither
 */
export function outboundPolicyFrom(entries: readonly string[]): OutboundPolicy {
  const networks = entries.filter((entry) => entry.includes('/')).map((entry) => ipaddr.parseCIDR(entry));
  const hosts = entries.filter((entry) => !entry.includes('/')).map((entry) => entry.toLowerCase());
  for (const host of hosts) {
    if (!/^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(host)) throw new Error(`${host} is neither a CIDR nor the name of a host`);
  }
  return { networks, hosts };
}

/** Names that mean something within a network only: they are not asked about, since whatever they resolve to is nobody's business outside. */
const INTERNAL_SUFFIXES = ['localhost', 'local', 'internal', 'intranet', 'lan', 'home.arpa', 'svc', 'cluster.local'];

/** What a user's URL names: a host to look at, or why nobody may be sent there. */
export type OutboundHost = { host: string; isAllowed: boolean } | { refusal: string };

/**
 * The host of a user's URL. Refuses user names and passwords, private addresses in whatever spelling, and names that only a network of its own knows.
 * A name that passes must still be resolved (`refusalOfAddresses`). That binds only who connects to those very addresses and follows no redirect, as
 * webhooks do; an importer resolves the name once more. What keeps an importer out for sure is a network policy on its pods.
 */
export function outboundHostOf(url: string, policy: OutboundPolicy): OutboundHost {
  let parsed: URL;
  try {
    // The WHATWG parser knows hosts of special schemes only; it turns 0x7f.1 and 2130706433 into 127.0.0.1.
    parsed = new URL(url.replace(/^(docker|s3):/, 'https:'));
  } catch {
    return { refusal: 'the URL is malformed' };
  }
  if (parsed.username !== '' || parsed.password !== '') return { refusal: 'the URL must not hold a user name or password; name a Secret' };
  const host = parsed.hostname.toLowerCase().replace(/\.$/, '').replace(/^\[(.*)\]$/, '$1');
  if (policy.hosts.some((pattern) => isMatch(host, pattern))) return { host, isAllowed: true };
  if (ipaddr.isValid(host)) {
    const refusal = refusalOfAddresses([host], policy);
    return refusal === undefined ? { host, isAllowed: true } : { refusal };
  }
  const isInternal = !host.includes('.') || INTERNAL_SUFFIXES.some((suffix) => host === suffix || host.endsWith(`.${suffix}`));
  if (isInternal) return { refusal: `the host ${host} is within the cluster or its network` };
  return { host, isAllowed: false };
}

/** Why the addresses of a host are off limits, naming the first that is; undefined if none is. */
export function refusalOfAddresses(addresses: readonly string[], { networks }: OutboundPolicy): string | undefined {
  const bad = addresses.find((address) => {
    // An IPv4 address in an IPv6 one is what it is about.
    const parsed = ipaddr.process(address);
    if (parsed.range() === 'unicast') return false;
    return !networks.some((network) => network[0].kind() === parsed.kind() && parsed.match(network as [ipaddr.IPv4, number] & [ipaddr.IPv6, number]));
  });
  return bad === undefined ? undefined : `the address ${bad} is private, local or reserved`;
}

function isMatch(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1 : host === pattern;
}
