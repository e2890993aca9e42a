import type { ScalarPlan } from './plan.ts';

/** A parsed value, or a sentence that says what would have been right. */
export type ParsedScalar = { value: string | number | boolean | Date | Uint8Array } | { problem: string };

const numberPattern = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const epochPattern = /^-?\d{1,13}(\.\d{1,9})?$/;
const datePattern = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?(Z|[+-]\d{2}:?\d{2})?$/i;
const base64Pattern = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Reads the text of one parameter. */
export function parseScalar(text: string, kind: ScalarPlan['kind']): ParsedScalar {
  switch (kind) {
    case 'string':
      return { value: text };
    case 'number':
      return parseNumber(text);
    case 'boolean':
      return parseBoolean(text);
    case 'timestamp':
      return parseTimestamp(text);
    case 'blob':
      return parseBlob(text);
    default:
      return kind satisfies never;
  }
}

function parseNumber(text: string): ParsedScalar {
  const value = Number(text);
  return text.length <= 64 && numberPattern.test(text) && Number.isFinite(value) ? { value } : { problem: 'It must be a number.' };
}

function parseBoolean(text: string): ParsedScalar {
  const lower = text.toLowerCase();
  return lower === 'true' || lower === 'false' ? { value: lower === 'true' } : { problem: 'It must be true or false.' };
}

/** ISO 8601 with or without time, fraction and offset (none is UTC), or seconds since the epoch: clients send both. */
function parseTimestamp(text: string): ParsedScalar {
  const problem = { problem: 'It must be a time in the format YYYY-MM-DDThh:mm:ss.sssZ.' };
  if (epochPattern.test(text)) return validDate(new Date(Number(text) * 1000)) ?? problem;
  const match = datePattern.exec(text);
  if (!match) return problem;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [number, number, number, number, number, number];
  const milliseconds = Number(`${match[7] ?? ''}000`.slice(0, 3));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // Dates run over: 30 February would silently be 1 March.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 60) return problem;
  date.setUTCHours(hour, minute, second, milliseconds);
  const offsetMinutes = offsetFrom(match[8]);
  return offsetMinutes === undefined ? problem : (validDate(new Date(date.getTime() - offsetMinutes * 60_000)) ?? problem);
}

function offsetFrom(text: string | undefined): number | undefined {
  if (text === undefined || text.toUpperCase() === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function validDate(value: Date): ParsedScalar | undefined {
  return Number.isNaN(value.getTime()) ? undefined : { value };
}

/** Line breaks are allowed: people paste what `base64` prints. */
function parseBlob(text: string): ParsedScalar {
  const compact = /\s/.test(text) ? text.replaceAll(/\s/g, '') : text;
  return base64Pattern.test(compact) ? { value: new Uint8Array(Buffer.from(compact, 'base64')) } : { problem: 'It must be base64.' };
}
