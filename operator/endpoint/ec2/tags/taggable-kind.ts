import type { ResourceType } from '@aws-sdk/client-ec2';
import type { KubernetesObject, ObjectMeta, Tag } from '../../../api/shared.ts';
import type { Read } from '../../../kubernetes/read.ts';
import type { ResourceType as KubernetesType } from '../../../kubernetes/resource-type.ts';
import type { Json } from '../../../kubernetes/write.ts';
import type { IdKind } from '../ids.ts';

/** An object whose spec holds EC2 tags. */
export interface TaggedObject extends KubernetesObject {
  metadata: ObjectMeta & { name: string };
  spec: { tags?: Tag[] | undefined };
}

/** A kind of resource that can be tagged. */
export interface TaggableKind {
  resourceType: ResourceType;
  idKind: IdKind;
  type: KubernetesType<TaggedObject>;
  find(id: string, read: Read, namespace: string): TaggedObject | undefined;
  /** Ids of the resources that an object holds: one, but for the rules of a security group. */
  idsOf(object: TaggedObject): readonly string[];
  /** Tags as they are shown, which may be more than are stored. */
  shownTags(object: TaggedObject, id: string): readonly Tag[];
  storedTags(object: TaggedObject, id: string): readonly Tag[];
  /** The part of the spec that gives a resource of the object these tags. */
  specWith(object: TaggedObject, id: string, tags: readonly Tag[]): { [field: string]: Json };
}

/** A resource that a request names. */
export interface Taggable {
  id: string;
  kind: TaggableKind;
  object: TaggedObject;
}
