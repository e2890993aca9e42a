import { createLogger, format, transports, type Logger } from 'winston';

/** Field names whose values never reach a log, in lower case and without separators. */
const SECRET_FIELDS = new Set([
  'secretaccesskey',
  'secretkey',
  'sessiontoken',
  'token',
  'bearertoken',
  'password',
  'authorization',
  'xamzsignature',
  'xamzsecuritytoken',
  'userdata',
  'userdatabase64',
  'networkdata',
  'keymaterial',
  'privatekey',
  'clientkeydata',
  'stringdata',
]);
const REDACTED = '[redacted]';
/** Deeper values are cut off: a log line is no dump. */
const MAX_DEPTH = 6;

function isSecret(field: string): boolean {
  return SECRET_FIELDS.has(field.toLowerCase().replace(/[-_.]/g, ''));
}

/** An error as fields; its stack only for those that nobody expected to see (ApiErrors and the like say enough by their code). */
function errorFields(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause, ...rest } = error as Error & Record<string, unknown>;
  return {
    name,
    message,
    ...(redacted(rest, depth + 1) as object),
    ...('code' in rest ? {} : { stack }),
    ...(cause === undefined ? {} : { cause: redacted(cause, depth + 1) }),
  };
}

/** A copy of a value for the log: secrets by field name replaced, errors as fields, what is too deep cut off. */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth > MAX_DEPTH) return '[deeper]';
  if (value instanceof Error) return errorFields(value, depth);
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redacted(item, depth + 1));
  const fields = Object.entries(value).map(([name, inner]) => {
    // A Secret's `data` holds whatever its owner put there.
    const hide = isSecret(name) || (name === 'data' && (value as { kind?: unknown }).kind === 'Secret');
    return [name, hide && inner !== undefined ? REDACTED : redacted(inner, depth + 1)] as const;
  });
  return Object.fromEntries(fields);
}

const redaction = format((info) => {
  for (const field of Object.keys(info)) info[field] = isSecret(field) ? REDACTED : redacted(info[field]);
  return info;
});

/**
 * The process's logger: one JSON object per line on standard output, with time, level and message. Child loggers carry the controller or operation, the
 * object and the request id. Fields with a secret's name are redacted wherever they stand.
 */
export function createProcessLogger(level: 'error' | 'warn' | 'info' | 'debug', stream?: NodeJS.WritableStream): Logger {
  const transport = stream === undefined ? new transports.Console({ stderrLevels: [] }) : new transports.Stream({ stream });
  return createLogger({ level, format: format.combine(redaction(), format.timestamp(), format.json()), transports: [transport] });
}

/** Says nothing; for tests and tools. */
export function silentLogger(): Logger {
  return createLogger({ silent: true });
}
