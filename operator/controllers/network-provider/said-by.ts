/**
 * Whether an object in Kube-OVN says what we want. Kube-OVN fills in more fields, also within lists, and when it writes an object it leaves out what is
 * empty or false. Pure.
 */
export function isSaidBy(present: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    const list: unknown[] = Array.isArray(present) ? present : [];
    return list.length === wanted.length && wanted.every((each, position) => isSaidBy(list[position], each));
  }
  if (typeof wanted === 'object' && wanted !== null) {
    const fields = (typeof present === 'object' ? present : null) as Record<string, unknown> | null;
    return Object.entries(wanted).every(([field, value]) => isSaidBy(fields?.[field], value));
  }
  return (present ?? '') === wanted || (present === undefined && wanted === false);
}
