import type { AmiStatus } from '../../../api/compute/ami.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { isSharedWith } from '../../../api/compute/launch-permission.ts';
import { ofId } from '../../../api/of-id.ts';
import { defineIndex, type Read } from '../../../kubernetes/read.ts';
import { Ami } from '../../../kubernetes/resources.ts';
import type { Caller } from '../../operation.ts';
import { accountsByNamespace, amisById } from '../indexes.ts';

/** An AMI that the caller may see, with what the caller sees of its owner. */
export interface VisibleImage {
  imageId: string;
  ami: Ami;
  /** 12 digits. */
  ownerId: string;
  /** `amazon` and the like, if the owner has one. */
  ownerAlias: string | undefined;
  isOwn: boolean;
}

/** What the index below holds for images that everybody may launch. */
const EVERYBODY = 'all';

/** AMIs of all namespaces by who may launch them beside their owner: an account id, or everybody. */
const amisByAudience = defineIndex(Ami, 'audience', ({ spec }) => [
  ...(spec.public ? [EVERYBODY] : []),
  ...(spec.launchPermissionAccountIds ?? []),
]);

/** All images that the caller may see: own ones in any state, and those of others that are available and public or shared with the caller. */
export function visibleImages(read: Read, caller: Caller): VisibleImage[] {
  const candidates = new Set([
    ...read.list(Ami, caller.namespace),
    ...read.byIndex(amisByAudience, EVERYBODY),
    ...read.byIndex(amisByAudience, caller.accountId),
  ]);
  const isMeant = (ami: Ami): boolean => ofId(read.byIndex(amisById, ec2IdOf('ami', ami)), caller.namespace) === ami;
  return [...candidates].filter(isMeant).flatMap((ami) => visibleImageFrom(ami, read, caller) ?? []);
}

/** The image of this id if the caller may see it: to others it does not exist. It may be pending or failed: look at `ami.status.state` before a launch. */
export function findVisibleImage(read: Read, caller: Caller, imageId: string): VisibleImage | undefined {
  const ami = ofId(read.byIndex(amisById, imageId), caller.namespace);
  return ami && visibleImageFrom(ami, read, caller);
}

/** The state that the API shows: what was asked for and the controllers have not seen yet already counts. */
export function shownImageStateOf({ spec, status }: Ami): NonNullable<AmiStatus['state']> {
  if (spec.disabled) return 'disabled';
  return status?.state === undefined || status.state === 'disabled' ? 'pending' : status.state;
}

function visibleImageFrom(ami: Ami, read: Read, caller: Caller): VisibleImage | undefined {
  const { metadata, status } = ami;
  if (metadata.deletionTimestamp !== undefined || status?.state === 'deregistered') return undefined;
  const isOwn = metadata.namespace === caller.namespace;
  if (!isOwn && !(isSharedWith(ami, caller.accountId) && shownImageStateOf(ami) === 'available')) return undefined;
  const owner = read.byIndex(accountsByNamespace, metadata.namespace ?? '')[0];
  const ownerId = isOwn ? caller.accountId : owner?.spec.accountId;
  // A namespace that belongs to no account has nobody whose images these could be.
  if (ownerId === undefined) return undefined;
  return { imageId: ec2IdOf('ami', ami), ami, ownerId, ownerAlias: owner?.spec.imageOwnerAlias, isOwn };
}
