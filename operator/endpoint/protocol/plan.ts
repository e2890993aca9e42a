import type { NormalizedSchema } from '@smithy/core/schema';
import type { Dialect, Traits } from './dialect.ts';

/** A value's shape with its wire names worked out for one dialect. */
export type Plan = ScalarPlan | ListPlan | MapPlan | StructurePlan;

/** A value that is one text on the wire. */
export interface ScalarPlan {
  readonly kind: 'string' | 'number' | 'boolean' | 'timestamp' | 'blob';
}

/** A list; `itemName` is the element of one item in answers, and in requests where the dialect has one. */
export interface ListPlan {
  readonly kind: 'list';
  readonly itemName: string;
  readonly item: Plan;
  readonly sensitive: boolean;
}

/** A map from strings, sent as a list of entries. */
export interface MapPlan {
  readonly kind: 'map';
  readonly keyName: string;
  readonly valueName: string;
  readonly value: Plan;
  readonly sensitive: boolean;
}

/** One member of a structure. */
export interface MemberPlan {
  /** Name in the SDK's types. */
  readonly name: string;
  /** Name in a request's parameters. */
  readonly requestName: string;
  /** Name of the XML element in an answer. */
  readonly elementName: string;
  readonly required: boolean;
  /** Must not reach a log. */
  readonly sensitive: boolean;
  readonly plan: Plan;
}

type StructureSchema = readonly [number, string, string, unknown, readonly string[], readonly unknown[], number?];

/** A structure (or union). Its members are compiled at first use: structures contain each other, and most are never needed. */
export class StructurePlan {
  readonly kind = 'structure';
  readonly name: string;
  readonly #schema: NormalizedSchema;
  readonly #dialect: Dialect;
  #members: readonly MemberPlan[] | undefined;
  #membersByRequestName: ReadonlyMap<string, MemberPlan> | undefined;

  constructor(schema: NormalizedSchema, dialect: Dialect) {
    this.#schema = schema;
    this.#dialect = dialect;
    this.name = schema.getName() ?? '';
  }

  /** In the order of the model: the required ones first. */
  get members(): readonly MemberPlan[] {
    this.#members ??= this.#compile();
    return this.#members;
  }

  get membersByRequestName(): ReadonlyMap<string, MemberPlan> {
    this.#membersByRequestName ??= new Map(this.members.map((member) => [member.requestName, member]));
    return this.#membersByRequestName;
  }

  #compile(): MemberPlan[] {
    const requiredCount = (this.#schema.getSchema() as StructureSchema)[6] ?? 0;
    return Array.from(this.#schema.structIterator(), ([name, member], index) => {
      const traits = member.getMergedTraits() as Traits;
      return {
        name,
        requestName: this.#dialect.requestName(name, traits),
        elementName: (member.getMemberTraits() as Traits).xmlName ?? name,
        // The SDKs fill in idempotency tokens on their own, older ones not for every operation: the model's "required" means nothing here.
        required: index < requiredCount && !traits.idempotencyToken,
        sensitive: isSensitive(traits),
        plan: planFor(member, this.#dialect),
      };
    });
  }
}

const plansByDialect = new WeakMap<Dialect, WeakMap<object, StructurePlan>>();

/**
 * The plan of a schema in a dialect; structures are compiled once and shared.
 * @throws Error for a kind of shape that none of our services has; the conformance test walks them all.
 */
export function planFor(schema: NormalizedSchema, dialect: Dialect): Plan {
  if (schema.isStructSchema()) return structurePlanFor(schema, dialect);
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const traits = item.getMergedTraits() as Traits;
    return { kind: 'list', itemName: traits.xmlName ?? 'member', item: planFor(item, dialect), sensitive: isSensitive(traits) };
  }
  if (schema.isMapSchema()) {
    const value = schema.getValueSchema();
    const keyTraits = schema.getKeySchema().getMergedTraits() as Traits;
    const valueTraits = value.getMergedTraits() as Traits;
    return {
      kind: 'map',
      keyName: keyTraits.xmlName ?? 'key',
      valueName: valueTraits.xmlName ?? 'value',
      value: planFor(value, dialect),
      sensitive: isSensitive(keyTraits) || isSensitive(valueTraits),
    };
  }
  return scalarPlanFor(schema);
}

/** Like planFor, for a schema that is known to be a structure. */
export function structurePlanFor(schema: NormalizedSchema, dialect: Dialect): StructurePlan {
  let plans = plansByDialect.get(dialect);
  if (!plans) plansByDialect.set(dialect, (plans = new WeakMap()));
  const key = schema.getSchema() as unknown as object;
  let plan = plans.get(key);
  if (!plan) plans.set(key, (plan = new StructurePlan(schema, dialect)));
  return plan;
}

function scalarPlanFor(schema: NormalizedSchema): ScalarPlan {
  if (schema.isStringSchema()) return { kind: 'string' };
  if (schema.isNumericSchema()) return { kind: 'number' };
  if (schema.isBooleanSchema()) return { kind: 'boolean' };
  if (schema.isBlobSchema()) return { kind: 'blob' };
  // 4 leaves the format to the protocol, 5 is date-time: the same in both dialects.
  if (schema.isTimestampSchema() && Number(schema.getSchema()) <= 5) return { kind: 'timestamp' };
  throw new Error(`Shape ${schema.getName(true)} has a kind that the query protocols do not know`);
}

function isSensitive(traits: Traits): boolean {
  return Boolean(traits.sensitive);
}
