import type { Plan, StructurePlan } from './plan.ts';

const redacted = '[redacted]';

/** A copy for logs: what the model marks sensitive (user data, private keys, passwords) is replaced, and so is binary data. */
export function redact(structure: StructurePlan, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const { name, plan, sensitive } of structure.members) {
    const member = value[name];
    if (member === undefined) continue;
    copy[name] = sensitive ? redacted : redactValue(plan, member);
  }
  return copy;
}

function redactValue(plan: Plan, value: unknown): unknown {
  if (plan.kind === 'structure') return redact(plan, value as Record<string, unknown>);
  if (plan.kind === 'blob') return redacted;
  if (plan.kind === 'list') return plan.sensitive ? redacted : (value as unknown[]).map((item) => redactValue(plan.item, item));
  if (plan.kind !== 'map') return value;
  if (plan.sensitive) return redacted;
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, redactValue(plan.value, item)]));
}
