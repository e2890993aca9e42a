import type { AwsError } from '../errors.ts';
import { escapeXml } from './escape-xml.ts';
import type { ListPlan, MapPlan, MemberPlan, Plan, ScalarPlan, StructurePlan } from './plan.ts';
import type { OperationPlan, Service } from './registry.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Characters gathered before a chunk is handed on. */
const chunkLength = 64 * 1024;

/**
 * Writes an operation's output as XML, in chunks so that a large answer neither sits in memory twice nor blocks other requests.
 * Unset lists at the top become empty elements, since botocore's users index them; an empty page token is left out, since some clients
 * would ask for ever.
 * @throws TypeError if a value is not what the model says: a mistake of ours
 */
export function* encode(
  service: Pick<Service, 'dialect' | 'xmlNamespace'>,
  operation: OperationPlan,
  output: unknown,
  requestId: string,
): Generator<string, void> {
  const envelope = { action: operation.name, xmlNamespace: service.xmlNamespace, requestId, hasOutput: operation.output !== undefined };
  let text = declaration + service.dialect.open(envelope);
  for (const part of operation.output ? topLevelParts(operation.output, output) : []) {
    text += part;
    if (text.length < chunkLength) continue;
    yield text;
    text = '';
  }
  yield text + service.dialect.close(envelope);
}

/** An error as a whole document. */
export function encodeError(service: Pick<Service, 'dialect' | 'xmlNamespace'>, error: AwsError, requestId: string): string {
  return declaration + service.dialect.error(error, service.xmlNamespace, requestId);
}

/** Unset lists are there all the same. */
function* topLevelParts(structure: StructurePlan, output: unknown): Generator<string, void> {
  const record = recordFrom(output ?? {}, structure.name);
  for (const member of structure.members) {
    const value = record[member.name];
    if (member.plan.kind !== 'list') {
      if (!(member.name === 'NextToken' && value === '')) yield element(member, value);
      continue;
    }
    yield `<${member.elementName}>`;
    for (const item of listFrom(value ?? [], member.name)) yield* listItemParts(member.plan, item);
    yield `</${member.elementName}>`;
  }
}

/** What is listed in a listed structure comes one by one too: a reservation may hold thousands of instances. */
function* listItemParts(plan: ListPlan, item: unknown): Generator<string, void> {
  if (plan.item.kind !== 'structure' || item === undefined || item === null) {
    yield listItem(plan, item);
    return;
  }
  const record = recordFrom(item, plan.item.name);
  yield `<${plan.itemName}>`;
  for (const member of plan.item.members) {
    const value = record[member.name];
    if (member.plan.kind !== 'list' || value === undefined || value === null) {
      yield element(member, value);
      continue;
    }
    yield `<${member.elementName}>`;
    for (const inner of listFrom(value, member.name)) yield listItem(member.plan, inner);
    yield `</${member.elementName}>`;
  }
  yield `</${plan.itemName}>`;
}

function element({ name, elementName, plan }: MemberPlan, value: unknown): string {
  if (value === undefined || value === null) return '';
  return `<${elementName}>${content(plan, value, name)}</${elementName}>`;
}

function content(plan: Plan, value: unknown, name: string): string {
  switch (plan.kind) {
    case 'structure':
      return structureContent(plan, value);
    case 'list':
      return listContent(plan, value, name);
    case 'map':
      return mapContent(plan, value, name);
    default:
      return scalarText(plan, value, name);
  }
}

function structureContent(plan: StructurePlan, value: unknown): string {
  const record = recordFrom(value, plan.name);
  let text = '';
  for (const member of plan.members) text += element(member, record[member.name]);
  return text;
}

function listContent(plan: ListPlan, value: unknown, name: string): string {
  let text = '';
  for (const item of listFrom(value, name)) text += listItem(plan, item);
  return text;
}

function listItem(plan: ListPlan, item: unknown): string {
  if (item === undefined || item === null) return '';
  return `<${plan.itemName}>${content(plan.item, item, plan.itemName)}</${plan.itemName}>`;
}

function mapContent({ keyName, valueName, value: valuePlan }: MapPlan, value: unknown, name: string): string {
  let text = '';
  for (const [key, item] of Object.entries(recordFrom(value, name))) {
    if (item === undefined || item === null) continue;
    text += `<entry><${keyName}>${escapeXml(key)}</${keyName}><${valueName}>${content(valuePlan, item, name)}</${valueName}></entry>`;
  }
  return text;
}

function scalarText({ kind }: ScalarPlan, value: unknown, name: string): string {
  if (kind === 'string' && typeof value === 'string') return escapeXml(value);
  if (kind === 'number' && typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (kind === 'boolean' && typeof value === 'boolean') return String(value);
  if (kind === 'timestamp' && value instanceof Date) return value.toISOString();
  if (kind === 'blob' && value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  throw new TypeError(`${name} must be a ${kind}, not ${describe(value)}`);
}

function recordFrom(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new TypeError(`${name} must be an object, not ${describe(value)}`);
}

function listFrom(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError(`${name} must be an array, not ${describe(value)}`);
}

/** The kind of a value and never the value: it may be a secret. */
function describe(value: unknown): string {
  if (typeof value === 'number') return 'a number that is not finite or not wanted';
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
