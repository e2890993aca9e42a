import { AwsError } from '../../errors.ts';
import type { Caller } from '../../operation.ts';
import type { VisibleImage } from './visible-images.ts';

const OWNER_ALIASES: readonly string[] = ['amazon', 'aws-backup-vault', 'aws-marketplace'];

/**
 * The images of these owners: `self`, an account id, or an owner alias. No owners at all means any.
 * @throws AwsError InvalidUserID.Malformed
 */
export function isOwnedByOneOf(owners: readonly string[] | undefined): (image: VisibleImage) => boolean {
  if (!owners || owners.length === 0) return () => true;
  for (const owner of owners) requireUser(owner, ['self', ...OWNER_ALIASES]);
  return ({ ownerId, ownerAlias, isOwn }) => owners.includes(ownerId) || (isOwn && owners.includes('self')) || (ownerAlias !== undefined && owners.includes(ownerAlias));
}

/**
 * The images that one of these users was given permission to launch: `self` or an account id for those shared with it, `all` for public ones.
 * Owning an image is no such permission. No users at all means any.
 * @throws AwsError InvalidUserID.Malformed
 */
export function isExecutableByOneOf(users: readonly string[] | undefined, caller: Caller): (image: VisibleImage) => boolean {
  if (!users || users.length === 0) return () => true;
  for (const user of users) requireUser(user, ['self', 'all']);
  const accountIds = new Set(users.map((user) => (user === 'self' ? caller.accountId : user)));
  return ({ ami: { spec } }) =>
    (spec.public && users.includes('all')) || (spec.launchPermissionAccountIds ?? []).some((accountId) => accountIds.has(accountId));
}

function requireUser(user: string, words: readonly string[]): void {
  if (words.includes(user) || /^[0-9]{12}$/.test(user)) return;
  throw new AwsError('InvalidUserID.Malformed', `Invalid user id: "${user}"`);
}
