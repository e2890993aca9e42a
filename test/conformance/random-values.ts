import type { NormalizedSchema } from '@smithy/core/schema';

/** Numbers in [0, 1) that are the same for the same seed. */
export type Random = () => number;

/** A small seeded generator: quality hardly matters here, repeatability does. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How a value is filled. */
export interface Filling {
  random: Random;
  /** Chance of each optional member to be set. */
  density: number;
  /** Texts that strings are taken from, beside random ones. */
  texts: readonly string[];
  /** Keys that maps may have. */
  mapKeys?: readonly string[];
}

const usualKeys = ['a', 'key two', '__proto__', 'ключ'];

const deepest = 6;

/** A random value of the schema. Deep below, lists are empty and structures hold only scalars, so that recursion ends. */
export function randomValue(schema: NormalizedSchema, filling: Filling, depth = 0): unknown {
  const { random } = filling;
  if (schema.isStructSchema()) return randomStructure(schema, filling, depth);
  if (schema.isListSchema()) {
    const length = depth >= deepest ? 0 : Math.floor(random() * 3.5);
    return Array.from({ length }, () => randomValue(schema.getValueSchema(), filling, depth + 1));
  }
  if (schema.isMapSchema()) {
    const keys = (filling.mapKeys ?? usualKeys).filter(() => random() < 0.5);
    return Object.fromEntries(keys.map((key) => [key, randomValue(schema.getValueSchema(), filling, depth + 1)]));
  }
  if (schema.isNumericSchema()) return randomNumber(random);
  if (schema.isBooleanSchema()) return random() < 0.5;
  if (schema.isTimestampSchema()) return new Date(Math.floor(random() * 4e12));
  if (schema.isBlobSchema()) return Uint8Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256));
  if (schema.isStringSchema()) return randomText(filling);
  throw new Error(`no random value for ${schema.getName(true)}`);
}

function randomStructure(schema: NormalizedSchema, filling: Filling, depth: number): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const members = [...schema.structIterator()];
  const chosen = schema.isUnionSchema() ? members.slice(0, 1) : members;
  for (const [name, member] of chosen) {
    if (depth >= deepest && (member.isStructSchema() || member.isListSchema())) continue;
    if (schema.isUnionSchema() || filling.random() < filling.density) result[name] = randomValue(member, filling, depth + 1);
  }
  return result;
}

function randomNumber(random: Random): number {
  const choices = [0, 1, -1, 65535, 2147483647, 1234567890123, 0.5, -3.25, 1e-9, 1e21];
  return random() < 0.5 ? Math.floor(random() * 1000) : (choices[Math.floor(random() * choices.length)] ?? 0);
}

function randomText({ random, texts }: Filling): string {
  if (random() < 0.5) return texts[Math.floor(random() * texts.length)] ?? '';
  return Array.from({ length: 1 + Math.floor(random() * 12) }, () => String.fromCharCode(33 + Math.floor(random() * 94))).join('');
}
