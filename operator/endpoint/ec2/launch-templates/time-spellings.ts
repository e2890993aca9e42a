/** A time as a filter may spell it: with milliseconds, as it is shown, and without. */
export function timeSpellings(time: string | undefined): string[] {
  if (time === undefined) return [];
  const shown = new Date(time).toISOString();
  return [shown, shown.replace(/\.\d{3}Z$/, 'Z')];
}
