import type { Credentials } from '@aws-sdk/client-sts';
import { AwsError } from '../errors.ts';
import type { ReadOnlyContext } from '../operation.ts';
import { newSession, type SessionSubject } from '../sessions.ts';

/** Bounds of a session's length, in seconds. */
export interface DurationBounds {
  fallback: number;
  maximum: number;
}

/** The shortest session of STS, in seconds. */
const minimumSeconds = 900;

/** Makes temporary credentials for the account. @throws AwsError ValidationError (duration), ServiceUnavailable (the account has no session key yet) */
export function sessionAnswer(
  accountId: string,
  subject: SessionSubject,
  durationSeconds: number | undefined,
  { fallback, maximum }: DurationBounds,
  { read, clock }: Pick<ReadOnlyContext, 'read' | 'clock'>,
): Credentials {
  const seconds = durationSeconds ?? Math.min(fallback, maximum);
  if (seconds < minimumSeconds || seconds > maximum) {
    const bound = seconds < minimumSeconds ? `greater than or equal to ${String(minimumSeconds)}` : `less than or equal to ${String(maximum)}`;
    throw new AwsError('ValidationError', `1 validation error detected: Value '${String(seconds)}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`);
  }
  // Whole seconds: that is what the answer can say.
  const expiresAt = Math.floor(clock.now() / 1000) * 1000 + seconds * 1000;
  const session = newSession(accountId, subject, expiresAt, read);
  if (session === undefined) throw new AwsError('ServiceUnavailable', 'The account has no session key yet. Try again.', { status: 503 });
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = session;
  return { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken, Expiration: expiration };
}

/** Refuses parameters that would have to be enforced and are not. @throws AwsError ValidationError */
export function refuseParameters(input: object, names: readonly string[]): void {
  const given = names.find((name) => (input as Readonly<Record<string, unknown>>)[name] !== undefined);
  if (given !== undefined) throw new AwsError('ValidationError', `The parameter ${given} is not supported here: it could not be enforced.`);
}
