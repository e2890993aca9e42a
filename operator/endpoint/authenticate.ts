import type { Clock } from '../kubernetes/clock.ts';
import type { Caller } from './operation.ts';
import { verifySignature, type SigningSecret } from './signature/verify-signature.ts';
import type { SignatureParts } from './signature/signature-parts.ts';
import type { Refusal, SignedRequest } from './signature/signed-request.ts';

/** An access key: the secret, and whom it stands for. */
export interface Credential extends SigningSecret {
  caller: Caller;
}

/** Where access keys are looked up. Undefined for an id that does not exist or is switched off. */
export interface Credentials {
  find(accessKeyId: string, sessionToken?: string): Promise<Credential | undefined>;
}

/** What authenticate needs beside the request. */
export interface AuthenticateOptions {
  credentials: Credentials;
  clock: Clock;
  /** The one region that requests may be signed for. */
  region: string;
}

/** What the signature claims; true only together with a caller. Absent if there is no readable signature. */
export interface Claim {
  accessKeyId: string;
  /** Service of the signature's scope, not necessarily one of ours: `ec2`, `sts`, `autoscaling`, `iam` ... */
  serviceName: string;
}

/** Who signed the request, or why nobody did. */
export type Authentication = { caller: Caller; claim: Claim } | { refusal: Refusal; claim?: Claim };

/** Clients sign for these services with the region of their one global endpoint, whatever region they are set to. */
const globalServices: ReadonlySet<string> = new Set(['iam', 'sts']);
const globalRegion = 'us-east-1';

/** Finds out who signed a request. Rejects only if access keys cannot be looked up. */
export async function authenticate(request: SignedRequest, { credentials, clock, region }: AuthenticateOptions): Promise<Authentication> {
  const verification = await verifySignature(request, (accessKeyId, sessionToken) => credentials.find(accessKeyId, sessionToken), clock.now());
  if (!verification.verified) {
    const { refusal, parts } = verification;
    return parts ? { refusal, claim: claimOf(parts) } : { refusal };
  }
  const { parts, secret } = verification;
  if (parts.region === region || (parts.region === globalRegion && globalServices.has(parts.service))) return { caller: secret.caller, claim: claimOf(parts) };
  const message = `Credential should be scoped to a valid region, not '${parts.region}'. This endpoint serves '${region}'.`;
  return { refusal: { reason: 'wrong scope', message }, claim: claimOf(parts) };
}

function claimOf({ accessKeyId, service }: SignatureParts): Claim {
  return { accessKeyId, serviceName: service };
}
