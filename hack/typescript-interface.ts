/** Name of an interface. */
export type TypeName = string;

/** The part of an OpenAPI v2 schema that KubeVirt's document uses. */
export interface FieldSchema {
  /** A list of names stands for a union. */
  type?: string | string[];
  description?: string;
  $ref?: string;
  items?: FieldSchema;
  additionalProperties?: FieldSchema;
  enum?: string[];
}

/** Schema of an object. */
export interface ObjectSchema extends FieldSchema {
  properties?: Record<string, FieldSchema>;
  required?: string[];
}

/** Longest doc of a field, in characters: a reminder, not the reference. */
const DOC_LIMIT = 160;

/**
 * An exported interface for a schema, with the first sentence of each description.
 * @param typeOf - turns a `$ref` into the name of its type
 */
export function interfaceFrom(name: TypeName, schema: ObjectSchema, typeOf: (reference: string) => string): string {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  const doc = docFrom(schema.description ?? `${name} of KubeVirt's API.`, '');
  if (fields.length === 0) return `${doc}export type ${name} = Record<string, never>;\n`;
  const lines = fields.map(([field, type]) => {
    const optional = required.has(field) ? '' : '?';
    return `${docFrom(type.description, '  ')}  ${keyFrom(field)}${optional}: ${typeFrom(type, typeOf)};`;
  });
  return `${doc}export interface ${name} {\n${lines.join('\n')}\n}\n`;
}

function typeFrom(schema: FieldSchema, typeOf: (reference: string) => string): string {
  if (schema.$ref !== undefined) return typeOf(schema.$ref);
  if (schema.enum) return schema.enum.map((value) => `'${value}'`).join(' | ');
  if (Array.isArray(schema.type)) return [...new Set(schema.type.map((type) => typeFrom({ type }, typeOf)))].join(' | ');
  switch (schema.type) {
    case 'null':
    case 'string':
    case 'boolean':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return arrayOf(typeFrom(schema.items ?? {}, typeOf));
    case 'object':
      return `Record<string, ${schema.additionalProperties ? typeFrom(schema.additionalProperties, typeOf) : 'unknown'}>`;
    default:
      return 'unknown';
  }
}

function arrayOf(type: string): string {
  return type.includes(' ') && !type.startsWith('Record<') ? `(${type})[]` : `${type}[]`;
}

function keyFrom(field: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(field) ? field : `'${field}'`;
}

function docFrom(description: string | undefined, indent: string): string {
  const text = (description ?? '').replace(/\s+/g, ' ').replaceAll('*/', '* /').trim();
  if (text === '') return '';
  const [sentence = text] = /^.*?(?<!e\.g|i\.e)\.(?=\s[A-Z]|$)/.exec(text) ?? [];
  const short = sentence.length <= DOC_LIMIT ? sentence : `${sentence.slice(0, sentence.lastIndexOf(' ', DOC_LIMIT))} ...`;
  return `${indent}/** ${short} */\n`;
}
