import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeSecretFile } from './kubeconfig.ts';

/** Tokens of users, in a file as the API server reads it. */
export interface Tokens {
  file: string;
  /** By user. */
  of: ReadonlyMap<string, string>;
}

/**
 * Opens the tokens of a folder, `<folder>/tokens.csv`: those of before are kept, new users get new ones.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#static-token-file
 */
export function openTokens(folder: string, users: readonly { user: string; groups: readonly string[] }[]): Tokens {
  const file = join(folder, 'tokens.csv');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const known = new Map(lines.map((line) => line.split(',')).map(([token = '', user = '']) => [user, token]));
  const of = new Map(users.map(({ user }) => [user, known.get(user) ?? randomBytes(32).toString('hex')]));
  writeSecretFile(file, users.map(({ user, groups }) => `${of.get(user) ?? ''},${user},${user},"${groups.join(',')}"\n`).join(''));
  return { file, of };
}
