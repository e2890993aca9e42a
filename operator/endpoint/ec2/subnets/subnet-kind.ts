import { Subnet } from '../../../kubernetes/resources.ts';
import { IdKinds } from '../ids.ts';
import type { NetworkKind } from '../network-object.ts';

/** Subnets, to change and to remove. */
export const subnetKind: NetworkKind<Subnet> = { type: Subnet, idKind: IdKinds.subnet };
