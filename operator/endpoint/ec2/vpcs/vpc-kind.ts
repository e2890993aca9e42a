import { Vpc } from '../../../kubernetes/resources.ts';
import { IdKinds } from '../ids.ts';
import type { NetworkKind } from '../network-object.ts';

/** VPCs, to change and to remove. */
export const vpcKind: NetworkKind<Vpc> = { type: Vpc, idKind: IdKinds.vpc };
