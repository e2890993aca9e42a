import { loadService } from '../../operator/endpoint/protocol/registry.ts';
import type { Plan, StructurePlan } from '../../operator/endpoint/protocol/plan.ts';
import type { Random } from '../conformance/random-values.ts';

const { operations } = await loadService('ec2');

const oddTexts = [
  '', ' ', '0', '-1', '1', '5', '1000', '1e999', 'NaN', 'true', 'false', 'TRUE', 'null', 'undefined', '*', '?*?*?*', '\\', '%', '../..', '__proto__',
  'constructor', 'i-0123456789abcdef0', 'ami-1', 'sg-00000000', 'i-', 'default', 't3.micro', 'us-east-1a', '2026-11-24T00:00:00Z', '<a>&"\'', 'ключ 🔑', '\u0000',
  '\ud800', 'a'.repeat(5000), '{"a":1}', 'aws:tag', 'self', 'tag:Name', 'instance-state-name', 'instance-type',
];

/** Whether the operation changes anything, so that mutated requests for it must be dry runs. */
export function isDryRunnable(action: string): boolean {
  return !/^Describe|^Get/.test(action);
}

/**
 * Parameters for an action that look much like real ones and are wrong somewhere: names from the model with values that may not fit, lists where
 * none are, structures given as texts, gaps, odd names. Requests that could change something are dry runs. `ids` exist.
 */
export function mutated(action: string, random: Random, ids: readonly string[]): Record<string, string> {
  const input = operations.get(action)?.input;
  if (!input) throw new Error(`${action} has no input`);
  const texts = [...oddTexts, ...ids, ...ids, ...ids];
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const parameters: Record<string, string> = {};
  for (let count = 1 + Math.floor(random() * 6); count > 0; count -= 1) {
    parameters[nameIn(input, random)] = pick(texts) ?? '';
  }
  if (random() < 0.2) parameters[pick(['', '.', 'A.', '.1', 'Filter.0.Name', 'Filter.-1', 'toString', 'X'.repeat(300)]) ?? ''] = pick(texts) ?? '';
  // Half of them with what is required, to get further.
  if (random() < 0.5) for (const member of input.members) if (member.required) parameters[nameOf(member.requestName, member.plan, random)] = pick(texts) ?? '';
  if (isDryRunnable(action)) parameters['DryRun'] = 'true';
  else delete parameters['DryRun'];
  delete parameters['Action'];
  delete parameters['Version'];
  return parameters;
}

function nameIn(structure: StructurePlan, random: Random): string {
  const member = structure.members[Math.floor(random() * structure.members.length)];
  return member ? nameOf(member.requestName, member.plan, random) : 'Nothing';
}

/** The parameter's name down to a scalar; now and then it stops early or goes on too far. */
function nameOf(name: string, plan: Plan, random: Random): string {
  if (random() < 0.05) return name;
  if (random() < 0.05) return `${name}.1.Name.2`;
  if (plan.kind === 'list') return nameOf(`${name}.${String(1 + Math.floor(random() * 3))}`, plan.item, random);
  if (plan.kind !== 'structure') return name;
  const member = plan.members[Math.floor(random() * plan.members.length)];
  return member ? nameOf(`${name}.${member.requestName}`, member.plan, random) : name;
}
