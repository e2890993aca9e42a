import type { NormalizedSchema } from '@smithy/core/schema';
import type { Dialect } from '../../operator/endpoint/protocol/dialect.ts';

interface Expressed {
  /** Whether the value puts any parameter into the request. */
  isOnWire: boolean;
  value: unknown;
}

/** What must come out of the decoder: the input without what no form can say (empty structures, in EC2 empty lists and most empty strings). */
export function expectedInput(schema: NormalizedSchema, input: Record<string, unknown>, dialect: Dialect): unknown {
  return expressed(schema, input, dialect).value ?? {};
}

function expressed(schema: NormalizedSchema, value: unknown, dialect: Dialect): Expressed {
  if (schema.isStructSchema()) return expressedStructure(schema, value as Record<string, unknown>, dialect);
  if (schema.isListSchema()) return expressedList(schema, value as unknown[], dialect);
  if (schema.isMapSchema()) {
    const entries = Object.entries(value as object).map(([key, item]): [string, unknown] => [key, expressed(schema.getValueSchema(), item, dialect).value]);
    return { isOnWire: entries.length > 0, value: Object.fromEntries(entries) };
  }
  return { isOnWire: true, value };
}

function expressedStructure(schema: NormalizedSchema, value: Record<string, unknown>, dialect: Dialect): Expressed {
  const result: Record<string, unknown> = {};
  let isOnWire = false;
  for (const [name, member] of schema.structIterator()) {
    if (value[name] === undefined) continue;
    const memberValue = expressed(member, value[name], dialect);
    isOnWire ||= memberValue.isOnWire;
    const isAbsent = memberValue.value === '' && (name === 'NextToken' || (dialect.blankStringIsAbsent && !dialect.meaningfulBlanks.has(`${schema.getName()}.${name}`)));
    if (memberValue.isOnWire && !isAbsent) result[name] = memberValue.value;
  }
  return { isOnWire, value: result };
}

function expressedList(schema: NormalizedSchema, value: unknown[], dialect: Dialect): Expressed {
  const items = value.map((item) => expressed(schema.getValueSchema(), item, dialect)).filter(({ isOnWire }) => isOnWire);
  const isOnWire = items.length > 0 || (value.length === 0 && dialect.blankIsEmptyList);
  return { isOnWire, value: items.map((item) => item.value) };
}

/** What must come out of the reader of JSON and CBOR, which can say everything: the input, without empty page tokens. */
export function expectedDocument(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isListSchema()) return (value as unknown[]).map((item) => expectedDocument(schema.getValueSchema(), item));
  if (schema.isMapSchema()) {
    return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, expectedDocument(schema.getValueSchema(), item)]));
  }
  if (!schema.isStructSchema()) return value;
  const fields = value as Record<string, unknown>;
  const members = [...schema.structIterator()].filter(([name]) => fields[name] !== undefined && !(name === 'NextToken' && fields[name] === ''));
  return Object.fromEntries(members.map(([name, member]) => [name, expectedDocument(member, fields[name])]));
}

/** What must come out of the SDK's parser: the output, with the lists at the top that every answer has, and without an empty page token. */
export function expectedOutput(schema: NormalizedSchema, output: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    if (output[name] !== undefined && !(name === 'NextToken' && output[name] === '')) result[name] = output[name];
    if (output[name] === undefined && member.isListSchema()) result[name] = [];
  }
  return result;
}
