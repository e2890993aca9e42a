/** A timestamp of CBOR: seconds since the epoch under tag 1. */
export class CborTimestamp {
  readonly seconds: number;

  constructor(seconds: number) {
    this.seconds = seconds;
  }
}

/** The bytes are not CBOR, or not of the kind that AWS's protocol uses; the message says how. */
export class MalformedCbor extends Error {
  override readonly name = 'MalformedCbor';
}

const deepest = 32;
const breakMarker = 0xff;
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads one CBOR value: numbers, texts, flags, null, bytes, lists, maps with text keys, timestamps. The SDK's own reader reserves room for as many
 * items as a list claims to have and descends without end, which a server cannot afford: here a claim costs nothing.
 * @throws MalformedCbor
 * @see https://www.rfc-editor.org/rfc/rfc8949
 */
export function readCbor(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (!reader.isAtEnd) throw new MalformedCbor('there is something after the value');
  return value;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.byteLength;
  }

  value(depth: number): unknown {
    if (depth > deepest) throw new MalformedCbor('values are nested too deep');
    const first = this.#byte();
    const minor = first & 31;
    switch (first >> 5) {
      case 0:
        return this.#count(minor);
      case 1:
        return -1 - this.#count(minor);
      case 2:
        return this.#chunks(minor, 2);
      case 3:
        return this.#text(minor);
      case 4:
        return Array.from(this.#items(minor), () => this.value(depth + 1));
      case 5:
        return this.#map(minor, depth);
      case 6:
        return this.#tagged(minor, depth);
      default:
        return this.#simple(minor);
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new MalformedCbor('the value is cut off');
    this.#at += 1;
    return byte;
  }

  #advance(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.byteLength - start) throw new MalformedCbor('the value is cut off');
    this.#at += length;
    return start;
  }

  #count(minor: number): number {
    if (minor < 24) return minor;
    if (minor === 24) return this.#byte();
    if (minor === 25) return this.#view.getUint16(this.#advance(2));
    if (minor === 26) return this.#view.getUint32(this.#advance(4));
    if (minor === 27) return Number(this.#view.getBigUint64(this.#advance(8)));
    throw new MalformedCbor('a length has no meaning');
  }

  /** As many turns as the container has items; without a length, until its end marker. Each item takes a byte at least, so that the end of the bytes ends it too. */
  *#items(minor: number): Generator<void> {
    const count = minor === 31 ? Infinity : this.#count(minor);
    for (let index = 0; index < count; index += 1) {
      if (count === Infinity && this.#bytes[this.#at] === breakMarker) {
        this.#at += 1;
        return;
      }
      yield;
    }
  }

  #chunks(minor: number, major: number): Uint8Array {
    if (minor !== 31) {
      const start = this.#advance(this.#count(minor));
      return this.#bytes.subarray(start, this.#at);
    }
    const chunks = Array.from(this.#items(minor), () => {
      const first = this.#byte();
      if (first >> 5 !== major || (first & 31) === 31) throw new MalformedCbor('a piece of a text or of bytes is something else');
      return this.#chunks(first & 31, major);
    });
    return Buffer.concat(chunks);
  }

  #text(minor: number): string {
    try {
      return decoder.decode(this.#chunks(minor, 3));
    } catch (cause) {
      if (cause instanceof MalformedCbor) throw cause;
      throw new MalformedCbor('a text is not UTF-8', { cause });
    }
  }

  #map(minor: number, depth: number): Record<string, unknown> {
    const entries = Array.from(this.#items(minor), (): [string, unknown] => {
      const first = this.#byte();
      if (first >> 5 !== 3) throw new MalformedCbor('the key of a map is not a text');
      return [this.#text(first & 31), this.value(depth + 1)];
    });
    // fromEntries defines own properties, so that a key like __proto__ is just a key.
    return Object.fromEntries(entries);
  }

  #tagged(minor: number, depth: number): unknown {
    const tag = this.#count(minor);
    const value = this.value(depth + 1);
    if (tag !== 1 || typeof value !== 'number') throw new MalformedCbor('of tagged values only timestamps are known');
    return new CborTimestamp(value);
  }

  #simple(minor: number): unknown {
    if (minor === 20 || minor === 21) return minor === 21;
    if (minor === 22 || minor === 23) return null;
    if (minor === 25) return halfFloat(this.#view.getUint16(this.#advance(2)));
    if (minor === 26) return this.#view.getFloat32(this.#advance(4));
    if (minor === 27) return this.#view.getFloat64(this.#advance(8));
    throw new MalformedCbor('a simple value has no meaning');
  }
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * 2 ** -24 * fraction : sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}
