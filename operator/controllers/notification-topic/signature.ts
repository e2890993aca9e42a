import { createHmac } from 'node:crypto';
import { WEBHOOK_KEY_SECRET_TYPE } from '../../api/notification/notification-topic.ts';
import type { Secret } from '../../kubernetes/resources.ts';
import type { Objection } from '../instance/objection.ts';

/** Keys of one Secret: two while one takes the other's place. */
const KEYS_LIMIT = 4;
/** Shorter ones could be guessed. */
const KEY_BYTES = 24;
/** Marks a key that is written in base64. */
const BASE64_PREFIX = 'whsec_';

/**
 * The keys that a Secret holds: each value is one, as it is, or in base64 behind `whsec_`.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signingKeysFrom(secret: Secret, name: string): Buffer[] | Objection {
  if (secret.type !== WEBHOOK_KEY_SECRET_TYPE) return unusable(`Secret ${name} is not of type ${WEBHOOK_KEY_SECRET_TYPE}: only such Secrets sign`);
  const keys = Object.values(secret.data ?? {}).map((value) => keyFrom(Buffer.from(value, 'base64')));
  if (keys.length === 0 || keys.length > KEYS_LIMIT) return unusable(`Secret ${name} must hold one to ${KEYS_LIMIT} keys`);
  if (keys.some(({ length }) => length < KEY_BYTES)) {
    return unusable(`a key of Secret ${name} is shorter than ${KEY_BYTES} bytes; make one with: openssl rand -base64 32`);
  }
  return keys;
}

function unusable(message: string): Objection {
  return { reason: 'KeyUnusable', message };
}

function keyFrom(value: Buffer): Buffer {
  const text = value.toString('latin1').trimEnd();
  return text.startsWith(BASE64_PREFIX) ? Buffer.from(text.slice(BASE64_PREFIX.length), 'base64') : value;
}

/** The header `webhook-signature`: one signature for each key, with a blank between; a receiver takes the message if one of them is right. */
export function signatureOf(id: string, unixSeconds: number, body: string, keys: readonly Buffer[]): string {
  return keys.map((key) => `v1,${createHmac('sha256', key).update(`${id}.${unixSeconds}.${body}`).digest('base64')}`).join(' ');
}
