import type { Clock } from '../kubernetes/clock.ts';
import type { Caller } from './operation.ts';
import { dialectOf, isServiceName } from './protocol/registry.ts';
import { awsQuery } from './protocol/query.ts';
import type { Dialect } from './protocol/dialect.ts';
import { verifySignature } from './signature.ts';
import type { SignedRequest, SigningSecret } from './signature.ts';

/** An access key: the secret, and whom it stands for. */
export interface Credential extends SigningSecret {
  caller: Caller;
}

/** Where access keys are looked up. Undefined for an id that does not exist or is switched off. */
export interface Credentials {
  find(accessKeyId: string): Promise<Credential | undefined>;
}

/** What a valid signature tells. */
export interface Authenticated {
  caller: Caller;
  /** Service of the signature's scope, not necessarily one of ours: `ec2`, `sts`, `autoscaling`, `iam` ... */
  serviceName: string;
}

/** What authenticate needs beside the request. */
export interface AuthenticateOptions {
  credentials: Credentials;
  clock: Clock;
  region: string;
  /** Dialect of the answer while the signature does not name a service. */
  fallbackDialect: Dialect;
}

/**
 * Finds out who signed a request.
 * @throws AwsError of the dialect of the service that it was signed for
 */
export async function authenticate(request: SignedRequest, options: AuthenticateOptions): Promise<Authenticated> {
  const { credentials, clock, region, fallbackDialect } = options;
  const verification = await verifySignature(request, (accessKeyId) => credentials.find(accessKeyId), clock.now());
  const dialect = verification.parts ? dialectOfScope(verification.parts.service) : fallbackDialect;
  if (!verification.verified) throw dialect.unauthenticated(verification.refusal);
  const { parts, secret } = verification;
  if (parts.region !== region) {
    const message = `Credential should be scoped to a valid region, not '${parts.region}'. This endpoint serves '${region}'.`;
    throw dialect.unauthenticated({ reason: 'wrong scope', message });
  }
  return { caller: secret.caller, serviceName: parts.service };
}

function dialectOfScope(serviceName: string): Dialect {
  return isServiceName(serviceName) ? dialectOf(serviceName).dialect : awsQuery;
}
