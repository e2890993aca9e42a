const DIRECTIONS: Readonly<Record<string, string>> = {
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  central: 'c',
};

/**
 * Id of an availability zone: a pure function of its name, so that it stays when zones come and go. Zones named as AWS names them have ids as AWS has
 * them (us-east-1a: use1-az1); any other name stands in the id itself (rack-7 in us-east-1: use1-az-rack-7). AWS maps names to ids at random per
 * account; here all accounts see the same.
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html
 */
export function zoneIdOf(zoneName: string, region: string): string {
  const suffix = zoneName.startsWith(region) ? zoneName.slice(region.length) : '';
  const prefix = `${shortRegion(region)}-az`;
  return /^[a-z]$/.test(suffix) ? `${prefix}${suffix.charCodeAt(0) - 'a'.charCodeAt(0) + 1}` : `${prefix}-${zoneName}`;
}

// us-east-1 -> use1, ap-southeast-2 -> apse2, us-gov-west-1 -> usgw1.
function shortRegion(region: string): string {
  const [area = '', ...rest] = region.split('-');
  return area + rest.map((part) => DIRECTIONS[part] ?? (/^\d+$/.test(part) ? part : part.slice(0, 1))).join('');
}
