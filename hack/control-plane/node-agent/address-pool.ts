/** Hands out the IPv4 addresses of one node's part of the pod network, those freed longest ago last. */
export class AddressPool {
  readonly #first: number;
  readonly #size: number;
  readonly #taken = new Set<number>();
  #next = 0;

  /** `cidr` like `10.244.2.0/23`; its network and broadcast addresses are never handed out. */
  constructor(cidr: string) {
    const [address = '', bits = '24'] = cidr.split('/');
    this.#first = numberOf(address) + 1;
    this.#size = 2 ** (32 - Number(bits)) - 2;
  }

  /** A free address. @throws Error - if there is none */
  take(): string {
    for (let tried = 0; tried < this.#size; tried += 1) {
      const candidate = this.#first + this.#next;
      this.#next = (this.#next + 1) % this.#size;
      if (this.#taken.has(candidate)) continue;
      this.#taken.add(candidate);
      return textOf(candidate);
    }
    throw new Error(`all ${String(this.#size)} addresses of the node are in use`);
  }

  /** Marks an address that a pod has already; others are ignored. */
  mark(address: string): void {
    const number = numberOf(address);
    if (number >= this.#first && number < this.#first + this.#size) this.#taken.add(number);
  }

  release(address: string): void {
    this.#taken.delete(numberOf(address));
  }
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
