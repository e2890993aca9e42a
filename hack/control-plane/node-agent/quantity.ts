const factors: Readonly<Record<string, number>> = {
  '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50,
};

/** Bytes of a Kubernetes quantity such as `8Gi`; 0 of an absent one. */
export function bytesOf(quantity: string | undefined): number {
  const [, digits = '0', suffix = ''] = /^([0-9.]+)([A-Za-z]*)$/.exec(quantity ?? '0') ?? [];
  return Number(digits) * (factors[suffix] ?? NaN);
}
