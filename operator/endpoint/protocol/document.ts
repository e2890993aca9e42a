import type { Decoded } from './decode.ts';
import type { Wording } from './dialect.ts';
import { abbreviated } from './form.ts';
import type { MemberPlan, Plan, ScalarPlan, StructurePlan } from './plan.ts';

/** How JSON or CBOR hold what they have no kind of value for; numbers, texts and flags are the same in both. */
export interface DocumentForm {
  /** Undefined if the value is no timestamp. */
  readTimestamp(value: unknown): Date | undefined;
  /** Undefined if the value holds no bytes. */
  readBlob(value: unknown): Uint8Array | undefined;
  timestamp(date: Date): unknown;
  blob(bytes: Uint8Array): unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a parsed JSON or CBOR document as the structure says. Null counts as absent; names in messages are those of the query form, so that an error
 * reads the same in every form.
 * @throws AwsError of the wording for a value of the wrong kind
 */
export function readDocument(document: unknown, structure: StructurePlan | undefined, form: DocumentForm, wording: Wording): Decoded {
  const reader = new DocumentReader(form, wording);
  if (!isFields(document)) throw wording.malformed('The request is not an object');
  const input = structure ? reader.structure(document, structure, '') : {};
  if (!structure) reader.unknown.push(...Object.keys(document).map(abbreviated));
  return { input, missing: reader.missing, unknown: reader.unknown };
}

class DocumentReader {
  readonly missing: string[] = [];
  readonly unknown: string[] = [];
  readonly #form: DocumentForm;
  readonly #wording: Wording;

  constructor(form: DocumentForm, wording: Wording) {
    this.#form = form;
    this.#wording = wording;
  }

  structure(value: unknown, plan: StructurePlan, path: string): Record<string, unknown> {
    if (!isFields(value)) throw this.#wrong(path, value, 'It must be an object.', true);
    const result: Record<string, unknown> = {};
    for (const member of plan.members) {
      const read = this.#member(value, member, join(path, member.name));
      if (read !== undefined) result[member.name] = read;
      if (read === undefined && member.required) this.missing.push(join(path, member.name));
    }
    const known = new Set(plan.members.map(({ name }) => name));
    for (const name of Object.keys(value)) if (!known.has(name)) this.unknown.push(abbreviated(join(path, name)));
    return result;
  }

  #member(fields: Fields, { name, plan, sensitive }: MemberPlan, path: string): unknown {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    // A page token is never empty, whatever an old client sends for the first page.
    if (value === undefined || value === null || (name === 'NextToken' && value === '')) return undefined;
    return this.#value(value, plan, path, sensitive);
  }

  #value(value: unknown, plan: Plan, path: string, sensitive: boolean): unknown {
    switch (plan.kind) {
      case 'structure':
        return this.structure(value, plan, path);
      case 'list':
        if (!Array.isArray(value)) throw this.#wrong(path, value, 'It must be a list.', sensitive);
        return value.flatMap((item, index) => {
          const isAbsent = item === null || item === undefined;
          return isAbsent ? [] : [this.#value(item, plan.item, `${path}.member.${String(index + 1)}`, sensitive || plan.sensitive)];
        });
      case 'map': {
        if (!isFields(value)) throw this.#wrong(path, value, 'It must be an object.', sensitive);
        const entries = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
        return Object.fromEntries(entries.map(([key, item]) => [key, this.#value(item, plan.value, join(path, abbreviated(key)), sensitive || plan.sensitive)]));
      }
      default:
        return this.#scalar(value, plan, path, sensitive);
    }
  }

  #scalar(value: unknown, { kind }: ScalarPlan, path: string, sensitive: boolean): unknown {
    switch (kind) {
      case 'string':
        if (typeof value === 'string') return value;
        throw this.#wrong(path, value, 'It must be a text.', sensitive);
      case 'number':
        if (typeof value === 'number' && Number.isFinite(value)) return value;
        throw this.#wrong(path, value, 'It must be a number.', sensitive);
      case 'boolean':
        if (typeof value === 'boolean') return value;
        throw this.#wrong(path, value, 'It must be true or false.', sensitive);
      case 'timestamp':
        return this.#form.readTimestamp(value) ?? this.#refuse(path, value, 'It must be a time.', sensitive);
      case 'blob':
        return this.#form.readBlob(value) ?? this.#refuse(path, value, 'It must be bytes.', sensitive);
      default:
        return kind satisfies never;
    }
  }

  #refuse(path: string, value: unknown, reason: string, sensitive: boolean): never {
    throw this.#wrong(path, value, reason, sensitive);
  }

  #wrong(path: string, value: unknown, reason: string, sensitive: boolean): Error {
    const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return this.#wording.invalidValue(abbreviated(path), isScalar && !sensitive ? abbreviated(String(value)) : '', reason);
  }
}

/**
 * An operation's output as a document. As in XML, unset lists at the top are empty ones, since botocore's users index them, and an empty page token is left out.
 * @throws TypeError if a value is not what the model says: a mistake of ours
 */
export function documentFrom(output: unknown, structure: StructurePlan | undefined, form: DocumentForm): Record<string, unknown> {
  if (!structure) return {};
  const fields = fieldsFrom(output ?? {}, structure.name);
  const document = structureDocument(fields, structure, form);
  for (const { name, plan } of structure.members) if (plan.kind === 'list') document[name] ??= [];
  if (document['NextToken'] === '') delete document['NextToken'];
  return document;
}

function structureDocument(fields: Fields, plan: StructurePlan, form: DocumentForm): Record<string, unknown> {
  const document: Record<string, unknown> = {};
  for (const member of plan.members) {
    const value = fields[member.name];
    if (value !== undefined && value !== null) document[member.name] = valueDocument(value, member.plan, member.name, form);
  }
  return document;
}

function valueDocument(value: unknown, plan: Plan, name: string, form: DocumentForm): unknown {
  switch (plan.kind) {
    case 'structure':
      return structureDocument(fieldsFrom(value, name), plan, form);
    case 'list':
      if (!Array.isArray(value)) throw new TypeError(`${name} must be an array`);
      return value.filter((item) => item !== undefined && item !== null).map((item) => valueDocument(item, plan.item, name, form));
    case 'map': {
      const entries = Object.entries(fieldsFrom(value, name)).filter(([, item]) => item !== undefined && item !== null);
      return Object.fromEntries(entries.map(([key, item]) => [key, valueDocument(item, plan.value, name, form)]));
    }
    default:
      return scalarDocument(value, plan, name, form);
  }
}

function scalarDocument(value: unknown, { kind }: ScalarPlan, name: string, form: DocumentForm): unknown {
  if (kind === 'timestamp' && value instanceof Date) return form.timestamp(value);
  if (kind === 'blob' && value instanceof Uint8Array) return form.blob(value);
  if (kind === 'number' && typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === kind && kind !== 'number') return value;
  // The kind and never the value: it may be a secret.
  throw new TypeError(`${name} must be a ${kind}`);
}

function fieldsFrom(value: unknown, name: string): Fields {
  if (isFields(value)) return value;
  throw new TypeError(`${name} must be an object`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function join(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}
