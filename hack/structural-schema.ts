import { z } from 'zod';

/** A JSON schema as Kubernetes takes it in a CustomResourceDefinition. */
export interface StructuralSchema {
  type: string;
  properties?: Record<string, StructuralSchema>;
  items?: StructuralSchema;
  additionalProperties?: StructuralSchema;
  'x-kubernetes-validations'?: { rule: string; message?: string; fieldPath?: string; reason?: string }[];
  [keyword: string]: unknown;
}

/** A zod schema that has no structural form; the message names the field and what is wrong with it. */
export class NotStructuralError extends Error {
  override readonly name = 'NotStructuralError';

  constructor(field: string, problem: string) {
    super(`${field}: ${problem}`);
  }
}

const PATTERN_MESSAGES = 'x-pattern-messages';
/** What a structural schema may say beside x-kubernetes-*, in the order in which it is written. */
const KEYWORDS = [
  'description', 'type', 'format', 'nullable', 'enum', 'default', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum',
  'exclusiveMaximum', 'multipleOf', 'minItems', 'maxItems', 'minProperties', 'maxProperties', 'required', 'properties', 'items', 'additionalProperties',
];
/** Checks that survive the translation. Others (refine, trim, superRefine ...) would silently be lost in the CRD. */
const TRANSLATED_CHECKS = new Set([
  'min_length', 'max_length', 'length_equals', 'greater_than', 'less_than', 'multiple_of', 'number_format', 'string_format',
]);
/** What Go's regular expressions lack: look-around and back references. */
const NOT_IN_RE2 = /\(\?(?:=|!|<=|<!)|\\[1-9]|\\k</;

/**
 * Translates a zod schema for a CustomResourceDefinition: zod's noise goes (bounds of 2^53, the date-time pattern), what no structural schema can
 * hold is refused. A regular expression with a message of its own becomes a CEL rule, because the API server cannot explain a `pattern`.
 * @param field - where the schema stands, for messages: `Instance.spec`
 * @throws NotStructuralError
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export function structuralSchemaFrom(schema: z.ZodType, field: string): StructuralSchema {
  const translated = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema, path }) => {
      const place = fieldAt(field, path);
      refuseLostChecks(zodSchema, place);
      const messages = patternMessagesOf(zodSchema);
      if (messages.length > 0) jsonSchema[PATTERN_MESSAGES] = messages;
    },
  });
  return structural(translated, field);
}

function fieldAt(field: string, path: readonly (string | number)[]): string {
  const names = path.filter((part, index) => part !== 'properties' || path[index - 1] === 'properties');
  return names.reduce<string>((place, part) => (part === 'items' ? `${place}[]` : part === 'additionalProperties' ? `${place}{}` : `${place}.${part}`), field);
}

function refuseLostChecks(zodSchema: z.core.$ZodTypes, field: string): void {
  const { type } = zodSchema._zod.def;
  if (type === 'transform' || type === 'pipe') throw new NotStructuralError(field, 'a transformation cannot be said in a CRD');
  if (type === 'record' && zodSchema._zod.def.keyType._zod.def.checks?.length) {
    throw new NotStructuralError(field, 'a CRD cannot restrict the keys of a map; use a list with x-kubernetes-list-type map');
  }
  for (const check of zodSchema._zod.def.checks ?? []) {
    const { check: kind } = check._zod.def;
    if (!TRANSLATED_CHECKS.has(kind)) throw new NotStructuralError(field, `the check "${kind}" would be lost in the CRD; use a CEL rule`);
  }
}

function patternMessagesOf(zodSchema: z.core.$ZodTypes): { pattern: string; message: string }[] {
  return (zodSchema._zod.def.checks ?? []).flatMap((check) => {
    const definition = check._zod.def as { check: string; format?: string; pattern?: RegExp; error?: (issue: object) => unknown };
    if (definition.check !== 'string_format' || definition.format !== 'regex' || !definition.pattern) return [];
    const message = definition.error?.({});
    return typeof message === 'string' ? [{ pattern: definition.pattern.source, message }] : [];
  });
}

function structural(node: unknown, field: string): StructuralSchema {
  if (typeof node !== 'object' || node === null) throw new NotStructuralError(field, 'has no schema');
  const source = withoutLooseness(node as Record<string, unknown>);
  refuseCombinations(source, field);
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(source).sort(([one], [other]) => rankOf(one) - rankOf(other))) {
    // zod's definitions belong to a $ref somewhere below, which is refused with the name of its field.
    if (keyword === PATTERN_MESSAGES || keyword === 'definitions' || isNoise(keyword, value, source)) continue;
    if (rankOf(keyword) < 0) throw new NotStructuralError(field, `the keyword "${keyword}" is not structural`);
    result[keyword] = value;
  }
  if (typeof result['pattern'] === 'string') result['pattern'] = goPattern(result['pattern'], field);
  addChildren(result, source, field);
  explainPatterns(result, source, field);
  return result as StructuralSchema;
}

/** A loose object that says `x-kubernetes-preserve-unknown-fields` means just that: unknown fields are kept beside the known ones. */
function withoutLooseness(source: Record<string, unknown>): Record<string, unknown> {
  const { additionalProperties, ...rest } = source;
  const isAnything = typeof additionalProperties === 'object' && additionalProperties !== null && Object.keys(additionalProperties).length === 0;
  return isAnything && source['x-kubernetes-preserve-unknown-fields'] === true ? rest : source;
}

function refuseCombinations(source: Record<string, unknown>, field: string): void {
  for (const keyword of ['anyOf', 'oneOf', 'allOf', 'not']) {
    if (keyword in source) throw new NotStructuralError(field, `"${keyword}" (a union, intersection or tuple); use one object with optional fields and a CEL rule`);
  }
  if ('$ref' in source) throw new NotStructuralError(field, '"$ref" (a recursive schema or .meta({ id })); CRDs are written out in full');
  if ('properties' in source && 'additionalProperties' in source) {
    throw new NotStructuralError(field, 'properties beside additionalProperties (a loose or strict object); use z.object() or z.record()');
  }
  const isOpen = source['x-kubernetes-preserve-unknown-fields'] === true || source['x-kubernetes-int-or-string'] === true;
  if (typeof source['type'] !== 'string' && !isOpen) throw new NotStructuralError(field, 'has no type (z.any, z.unknown or a type without a JSON form)');
  if (source['type'] === 'object' && Object.keys(source['properties'] ?? {}).length === 0 && source['additionalProperties'] === undefined && !isOpen) {
    throw new NotStructuralError(field, 'is an object without fields');
  }
}

function rankOf(keyword: string): number {
  return keyword.startsWith('x-kubernetes-') ? KEYWORDS.length : KEYWORDS.indexOf(keyword);
}

function isNoise(keyword: string, value: unknown, source: Record<string, unknown>): boolean {
  if (keyword === 'maximum' || keyword === 'minimum') return Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER;
  return keyword === 'pattern' && source['format'] === 'date-time';
}

function goPattern(pattern: string, field: string): string {
  if (NOT_IN_RE2.test(pattern)) throw new NotStructuralError(field, `the pattern ${pattern} uses what Go's regular expressions lack (look-around, back references)`);
  return pattern.replaceAll('\\/', '/');
}

function addChildren(result: Record<string, unknown>, source: Record<string, unknown>, field: string): void {
  if (typeof source['properties'] === 'object' && source['properties'] !== null) {
    result['properties'] = Object.fromEntries(
      Object.entries(source['properties']).map(([name, child]) => [name, structural(child, `${field}.${name}`)]),
    );
  }
  if (source['items'] !== undefined) result['items'] = structural(source['items'], `${field}[]`);
  if (source['additionalProperties'] !== undefined) result['additionalProperties'] = structural(source['additionalProperties'], `${field}{}`);
}

function explainPatterns(result: Record<string, unknown>, source: Record<string, unknown>, field: string): void {
  const explained = (source[PATTERN_MESSAGES] ?? []) as { pattern: string; message: string }[];
  if (explained.length === 0) return;
  if (result['maxLength'] === undefined) throw new NotStructuralError(field, 'a pattern with a message becomes a CEL rule, whose cost needs .max()');
  const rules = explained.map(({ pattern, message }) => ({ rule: `self.matches(${JSON.stringify(goPattern(pattern, field))})`, message }));
  result['x-kubernetes-validations'] = [...rules, ...((result['x-kubernetes-validations'] as object[] | undefined) ?? [])];
  delete result['pattern'];
}
