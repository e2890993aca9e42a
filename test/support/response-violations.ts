import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NormalizedSchema } from '@smithy/core/schema';

/** A client package of the AWS SDK, as `import * as` gives it. */
type SdkModule = Readonly<Record<string, unknown>>;

type StructureSchema = readonly [number, string, string, unknown, readonly string[], readonly unknown[], number?];

/**
 * Checks answers that an SDK client has parsed against the SDK's own schema: members that the model requires, kinds of values, and enum values,
 * which the SDK itself passes through unchecked. The schemas do not hold enums, so they are read from the package's type declarations.
 */
export class ResponseChecker {
  readonly #module: SdkModule;
  readonly #enumsByMember: ReadonlyMap<string, ReadonlySet<unknown>>;

  /** `packageName` such as `@aws-sdk/client-ec2`, `module` its exports. */
  constructor(packageName: string, module: SdkModule) {
    this.#module = module;
    this.#enumsByMember = enumsFrom(packageName, module);
  }

  /** Number of members with an enum that are known, to see that the declarations were understood. */
  get knownEnumMembers(): number {
    return this.#enumsByMember.size;
  }

  /** What is wrong with the answer of an operation, a line each; `$metadata` is left out of account. */
  violations(operationName: string, response: object): string[] {
    const operation = this.#module[`${operationName}$`] as readonly unknown[] | undefined;
    if (!operation) return [`${operationName}: the SDK does not know the operation`];
    const found: string[] = [];
    const { $metadata: _, ...output } = response as Record<string, unknown>;
    const schema = NormalizedSchema.of(operation[5] as never);
    if (!schema.isUnitSchema()) this.#check(schema, output, operationName, found);
    else if (Object.keys(output).length > 0) found.push(`${operationName} has no output, and an answer has ${Object.keys(output).join(', ')}`);
    return found;
  }

  #check(schema: NormalizedSchema, value: unknown, path: string, found: string[], allowed?: ReadonlySet<unknown>): void {
    if (schema.isStructSchema()) return this.#checkStructure(schema, value, path, found);
    if (schema.isListSchema()) {
      if (!Array.isArray(value)) return void found.push(`${path}: ${String(value)} is not a list`);
      return value.forEach((item, index) => this.#check(schema.getValueSchema(), item, `${path}[${String(index)}]`, found, allowed));
    }
    if (schema.isMapSchema()) return;
    const want = kindOf(schema);
    if (!hasKind(value, want)) return void found.push(`${path}: ${String(value)} is not a ${want}`);
    if (allowed && !allowed.has(value)) found.push(`${path}: ${String(value)} is not one of ${[...allowed].join(', ')}`);
  }

  #checkStructure(schema: NormalizedSchema, value: unknown, path: string, found: string[]): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return void found.push(`${path}: ${String(value)} is not a structure`);
    const values = value as Readonly<Record<string, unknown>>;
    const members = [...schema.structIterator()];
    const required = (schema.getSchema() as StructureSchema)[6] ?? 0;
    for (const [index, [name, member]] of members.entries()) {
      const memberValue = values[name];
      if (memberValue === undefined && index < required) found.push(`${path}.${name} is required and absent`);
      if (memberValue === undefined) continue;
      this.#check(member, memberValue, `${path}.${name}`, found, this.#enumsByMember.get(`${schema.getName() ?? ''}.${name}`));
    }
    const known = new Set(members.map(([name]) => name));
    for (const name of Object.keys(values)) if (!known.has(name)) found.push(`${path}.${name} is not in the model`);
  }
}

function kindOf(schema: NormalizedSchema): 'text' | 'number' | 'flag' | 'time' | 'blob' {
  if (schema.isNumericSchema()) return 'number';
  if (schema.isBooleanSchema()) return 'flag';
  if (schema.isTimestampSchema()) return 'time';
  return schema.isBlobSchema() ? 'blob' : 'text';
}

function hasKind(value: unknown, kind: ReturnType<typeof kindOf>): boolean {
  switch (kind) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'time':
      return value instanceof Date && !Number.isNaN(value.getTime());
    case 'blob':
      return value instanceof Uint8Array;
    default:
      return typeof value === 'string';
  }
}

/** `<structure>.<member>` to the values that its enum allows, from lines such as `    Name?: InstanceStateName | undefined;`. */
function enumsFrom(packageName: string, module: SdkModule): Map<string, ReadonlySet<unknown>> {
  const folder = join(dirname(fileURLToPath(import.meta.resolve(packageName))), '..', 'dist-types', 'models');
  const enums = new Map<string, ReadonlySet<unknown>>();
  for (const file of readdirSync(folder).filter((name) => /^models_\d+\.d\.ts$/.test(name))) {
    let structure = '';
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      structure = /^export interface (\w+)/.exec(line)?.[1] ?? structure;
      const [, member, type] = /^ {4}(\w+)\??: (\w+)(?:\[\])*(?: \| undefined)?;$/.exec(line) ?? [];
      const values = type === undefined ? undefined : module[type];
      if (member !== undefined && isEnum(values)) enums.set(`${structure}.${member}`, new Set(Object.values(values)));
    }
  }
  return enums;
}

function isEnum(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((item) => typeof item === 'string');
}
