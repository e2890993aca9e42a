import type { InstanceMetadataDefaults } from '../identity/account-settings.ts';
import { Refusal } from '../refusal.ts';

interface Asked {
  httpTokens?: string | undefined;
}

/**
 * Metadata options of a launch: what it says itself, by request or template, before what its account decided. What comes after that on EC2, an image with
 * ImdsSupport v2.0, asks for the defaults that there are here anyway: tokens, and two hops. Pure.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
 */
export function launchedMetadataOptions<Options extends object>(asked: Options | undefined, defaults: InstanceMetadataDefaults | undefined): Options | undefined {
  if (defaults === undefined) return asked;
  const { httpTokensEnforced: _enforced, ...options } = defaults;
  const named = Object.entries(asked ?? {}).filter(([, value]) => value !== undefined && value !== '');
  return { ...options, ...Object.fromEntries(named) } as Options;
}

/** Whether an account refuses instances that answer metadata requests without tokens, and these options would make one. Pure. */
export function isRefusedFor({ httpTokens }: Asked, defaults: InstanceMetadataDefaults | undefined): boolean {
  return defaults?.httpTokensEnforced === 'enabled' && httpTokens === 'optional';
}

/** What EC2 answers where tokens are enforced and somebody wants an instance that does without; `what` is how its sentence begins. */
export function tokensEnforced(what: string): Refusal {
  const remedy = 'Use httpTokens=required, or disable httpTokensEnforced by ModifyInstanceMetadataDefaults.';
  return new Refusal('UnsupportedOperation', `${what} IMDSv1 because httpTokensEnforced is enabled for this account. ${remedy}`);
}
