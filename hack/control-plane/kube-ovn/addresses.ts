/** The address that a machine gets: the lowest of the block that is neither taken nor excluded, nor the first or last. Undefined if there is none. */
export function freeAddress(subnet: { cidrBlock: string; excludeIps?: readonly string[] }, taken: ReadonlySet<string>): string | undefined {
  const [network = '', bits = '32'] = subnet.cidrBlock.split('/');
  const first = numberOf(network);
  const excluded = (subnet.excludeIps ?? []).map(rangeOf);
  for (let number = first + 1; number < first + 2 ** (32 - Number(bits)) - 1; number += 1) {
    if (excluded.some(([low, high]) => number >= low && number <= high)) continue;
    const address = textOf(number);
    if (!taken.has(address)) return address;
  }
  return undefined;
}

/** `10.0.1.1..10.0.1.3` or one address. */
function rangeOf(range: string): [number, number] {
  const [low = '', high = low] = range.split('..');
  return [numberOf(low), numberOf(high)];
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
