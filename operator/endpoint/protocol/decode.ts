import type { AwsError } from '../errors.ts';
import type { Dialect } from './dialect.ts';
import { abbreviated } from './form.ts';
import type { FormNode } from './form.ts';
import { parseScalar } from './parse-scalar.ts';
import type { ListPlan, MapPlan, MemberPlan, Plan, ScalarPlan, StructurePlan } from './plan.ts';

/** A request's parameters as the operation's input, and what was wrong with them without making them unreadable. */
export interface Decoded {
  input: Record<string, unknown>;
  /** Wire names of required members that are absent, in the order of the model. */
  missing: string[];
  /** Wire names of parameters that the model does not have. */
  unknown: string[];
}

const indexPattern = /^\d{1,9}$/;

/**
 * Reads the parameters below `tree` as the structure says. Absent members stay absent; gaps in list indexes are closed.
 * @throws AwsError of the dialect for a value of the wrong form
 */
export function decode(tree: FormNode, structure: StructurePlan | undefined, dialect: Dialect): Decoded {
  const decoder = new Decoder(dialect);
  const input = structure ? decoder.structure(tree, structure, '') : {};
  if (!structure) decoder.unknown.push(...(tree.children?.keys() ?? []));
  return { input, missing: decoder.missing, unknown: decoder.unknown };
}

class Decoder {
  readonly missing: string[] = [];
  readonly unknown: string[] = [];
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  structure(node: FormNode, plan: StructurePlan, path: string): Record<string, unknown> {
    if (node.value) throw this.#wrongForm(path, 'It must not have a value of its own, only members.');
    const result: Record<string, unknown> = {};
    for (const member of plan.members) {
      const child = node.children?.get(member.requestName);
      const value = child && this.#member(child, plan, member, join(path, member.requestName));
      if (value !== undefined) result[member.name] = value;
      if (value === undefined && member.required) this.missing.push(join(path, member.requestName));
    }
    for (const name of node.children?.keys() ?? []) {
      if (!plan.membersByRequestName.has(name)) this.unknown.push(abbreviated(join(path, name)));
    }
    return result;
  }

  #member(node: FormNode, owner: StructurePlan, { name, plan, sensitive }: MemberPlan, path: string): unknown {
    const isBlank = node.value === '' && !node.children;
    if (isBlank && plan.kind === 'string') {
      const isMeaningful = !this.#dialect.blankStringIsAbsent || this.#dialect.meaningfulBlanks.has(`${owner.name}.${name}`);
      // A page token is never empty: an old client sends `NextToken=` when it asks for the first page.
      return isMeaningful && name !== 'NextToken' ? '' : undefined;
    }
    if (isBlank && plan.kind === 'list' && !this.#dialect.blankIsEmptyList) return undefined;
    return this.#value(node, plan, path, sensitive);
  }

  #value(node: FormNode, plan: Plan, path: string, sensitive: boolean): unknown {
    switch (plan.kind) {
      case 'structure':
        return this.structure(node, plan, path);
      case 'list':
        return this.#list(node, plan, path, sensitive);
      case 'map':
        return this.#map(node, plan, path, sensitive);
      default:
        return this.#scalar(node, plan, path, sensitive);
    }
  }

  #scalar({ value, children }: FormNode, plan: ScalarPlan, path: string, sensitive: boolean): unknown {
    if (children) throw this.#wrongForm(path, 'It is a single value.');
    const result = parseScalar(value ?? '', plan.kind);
    if ('problem' in result) throw this.#dialect.invalidValue(path, sensitive ? '' : abbreviated(value ?? ''), result.problem);
    return result.value;
  }

  #list(node: FormNode, plan: ListPlan, path: string, sensitive: boolean): unknown[] {
    if (node.value) throw this.#wrongForm(path, `It is a list: write ${path}.1.`);
    return this.#items(node, path, plan.itemName).map(([item, itemPath]) =>
      this.#value(item, plan.item, itemPath, sensitive || plan.sensitive));
  }

  #map(node: FormNode, plan: MapPlan, path: string, sensitive: boolean): Record<string, unknown> {
    if (node.value) throw this.#wrongForm(path, `It is a map: write ${path}.entry.1.`);
    const entries = this.#items(node, path, 'entry').map(([entry, entryPath]): [string, unknown] => {
      const valueNode = entry.children?.get(plan.valueName) ?? { value: '' };
      return [
        entry.children?.get(plan.keyName)?.value ?? '',
        this.#value(valueNode, plan.value, join(entryPath, plan.valueName), sensitive || plan.sensitive),
      ];
    });
    // fromEntries defines own properties, so that a key like __proto__ is just a key.
    return Object.fromEntries(entries);
  }

  /** The children of a list in the order of their numbers. Numbers only sort: a huge one costs nothing. */
  #items(node: FormNode, path: string, itemName: string): [FormNode, string][] {
    const itemPrefixes = this.#dialect.flatRequestLists ? [''] : ['member', itemName];
    const items: [number, FormNode, string][] = [];
    for (const prefix of new Set(itemPrefixes)) {
      const list = prefix ? node.children?.get(prefix) : node;
      if (prefix && list?.value !== undefined) throw this.#wrongForm(join(path, prefix), `Write ${join(path, prefix)}.1.`);
      for (const [index, item] of list?.children ?? []) {
        const itemPath = join(join(path, prefix), index);
        if (!indexPattern.test(index)) throw this.#wrongForm(itemPath, 'The items of a list are numbered.');
        items.push([Number(index), item, itemPath]);
      }
    }
    if (!this.#dialect.flatRequestLists) this.#reportStrangers(node, path, itemPrefixes);
    items.sort(([left], [right]) => left - right);
    return items.map(([, item, itemPath]) => [item, itemPath]);
  }

  #reportStrangers(node: FormNode, path: string, known: readonly string[]): void {
    for (const name of node.children?.keys() ?? []) {
      if (!known.includes(name)) this.unknown.push(abbreviated(join(path, name)));
    }
  }

  #wrongForm(path: string, reason: string): AwsError {
    return this.#dialect.invalidValue(abbreviated(path), '', reason);
  }
}

function join(path: string, name: string): string {
  if (!path) return name;
  return name ? `${path}.${name}` : path;
}
