import type { ResourceType } from '@aws-sdk/client-ec2';
import { ec2IdOf, isEc2Id, type Ec2IdPrefix } from '../../../api/ec2-id.ts';
import { importTaskIdOf } from '../../../api/compute/import-task.ts';
import { ownInterfaceIdOf } from '../../../api/network/network-interface.ts';
import type { Tag } from '../../../api/shared.ts';
import type { Index } from '../../../kubernetes/read.ts';
import {
  Ami,
  DhcpOptions,
  ElasticIp,
  ImportTask,
  Instance,
  InternetGateway,
  KeyPair,
  LaunchTemplate,
  ManagedPrefixList,
  NatGateway,
  NetworkAcl,
  NetworkInterface,
  PlacementGroup,
  RouteTable,
  SecurityGroup,
  Snapshot,
  Subnet,
  Volume,
  Vpc,
} from '../../../kubernetes/resources.ts';
import type { ResourceType as KubernetesType } from '../../../kubernetes/resource-type.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, type IdKind } from '../ids.ts';
import {
  amisById,
  dhcpOptionsById,
  elasticIpsById,
  importTasksById,
  instancesById,
  internetGatewaysById,
  keyPairsById,
  launchTemplatesById,
  natGatewaysById,
  networkAclsById,
  networkInterfacesById,
  placementGroupsById,
  prefixListsById,
  routeTablesById,
  securityGroupsById,
  snapshotsById,
  subnetsById,
  volumesById,
  vpcsById,
  withinNamespace,
} from '../indexes.ts';
import { tagsOf as tagsOfInstance } from '../instances/sdk-instance.ts';
import { shownStateOf } from '../instances/shown-state.ts';
import { findInterface } from '../network-interfaces/find-interface.ts';
import type { Taggable, TaggableKind, TaggedObject } from './taggable-kind.ts';
import { securityGroupRuleKind } from './security-group-rule-kind.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

const storedTags = ({ spec }: TaggedObject): readonly Tag[] => spec.tags ?? [];

/** Both kinds of import tasks are one kind of Kubernetes': their ids tell which tags are whose. */
function tagsOfTasks(prefix: Ec2IdPrefix): (task: ImportTask) => readonly Tag[] {
  return (task) => (isEc2Id(prefix, importTaskIdOf(task)) ? storedTags(task) : []);
}

// The casts are safe: each row holds the token and the index of one and the same kind, and every such kind has spec.tags.
function taggable<T extends TaggedObject>(
  resourceType: ResourceType,
  idKind: IdKind,
  type: KubernetesType<T>,
  index: Index<T>,
  shownTags: (object: T) => readonly Tag[] = storedTags,
): TaggableKind {
  return {
    resourceType,
    idKind,
    type: type as unknown as KubernetesType<TaggedObject>,
    find: (id, read, namespace) =>
      // Ids of images are looked up across accounts, but only the owner's tags are the owner's to change.
      [...read.byIndex(index, withinNamespace(namespace, id)), ...read.byIndex(index, id)].find(({ metadata }) => metadata.namespace === namespace),
    idsOf: (object) => [ec2IdOf(idKind.prefix, object)],
    shownTags: (object) => shownTags(object as T),
    storedTags,
    specWith: (_object, _id, tags) => ({ tags: tags.map(({ key, value }) => ({ key, value })) }),
  };
}

const ownInterfaceTags = (object: TaggedObject): readonly Tag[] => (object as Instance).spec.networkInterface?.tags ?? [];

/** The network interface that an instance is born with is a part of it, and so are its tags. */
const ownInterfaces: TaggableKind = {
  resourceType: 'network-interface',
  idKind: IdKinds.networkInterface,
  type: Instance as unknown as KubernetesType<TaggedObject>,
  find: (id, read, namespace) => {
    const found = findInterface(id, namespace, read);
    return found && !found.networkInterface ? found.instance : undefined;
  },
  idsOf: (object) => {
    const instance = object as Instance;
    return instance.spec.networkInterface?.networkInterfaceId === undefined && shownStateOf(instance) !== 'terminated' ? [ownInterfaceIdOf(instance)] : [];
  },
  storedTags: ownInterfaceTags,
  shownTags: ownInterfaceTags,
  specWith: (_object, _id, tags) => ({ networkInterface: { tags: tags.map(({ key, value }) => ({ key, value })) } }),
};

/** Every kind of resource that can be tagged. */
export const taggableKinds: readonly TaggableKind[] = [
  taggable('elastic-ip', IdKinds.elasticIp, ElasticIp, elasticIpsById),
  taggable('image', IdKinds.image, Ami, amisById),
  taggable('import-image-task', IdKinds.importImageTask, ImportTask, importTasksById, tagsOfTasks('import-ami')),
  taggable('import-snapshot-task', IdKinds.importSnapshotTask, ImportTask, importTasksById, tagsOfTasks('import-snap')),
  taggable('instance', IdKinds.instance, Instance, instancesById, tagsOfInstance),
  taggable('key-pair', IdKinds.keyPair, KeyPair, keyPairsById),
  taggable('launch-template', IdKinds.launchTemplate, LaunchTemplate, launchTemplatesById),
  taggable('network-interface', IdKinds.networkInterface, NetworkInterface, networkInterfacesById),
  ownInterfaces,
  taggable('placement-group', IdKinds.placementGroup, PlacementGroup, placementGroupsById),
  taggable('prefix-list', IdKinds.prefixList, ManagedPrefixList, prefixListsById),
  taggable('security-group', IdKinds.securityGroup, SecurityGroup, securityGroupsById),
  securityGroupRuleKind,
  taggable('snapshot', IdKinds.snapshot, Snapshot, snapshotsById),
  taggable('volume', IdKinds.volume, Volume, volumesById),
  taggable('dhcp-options', IdKinds.dhcpOptions, DhcpOptions, dhcpOptionsById),
  taggable('internet-gateway', IdKinds.internetGateway, InternetGateway, internetGatewaysById),
  taggable('natgateway', IdKinds.natGateway, NatGateway, natGatewaysById),
  taggable('network-acl', IdKinds.networkAcl, NetworkAcl, networkAclsById),
  taggable('route-table', IdKinds.routeTable, RouteTable, routeTablesById),
  taggable('subnet', IdKinds.subnet, Subnet, subnetsById),
  taggable('vpc', IdKinds.vpc, Vpc, vpcsById),
];

/** The resource of this id; undefined if there is none. */
export function findTaggable(id: string, { read, caller }: Lookup): Taggable | undefined {
  for (const kind of kindsOf(id)) {
    const object = kind.find(id, read, caller.namespace);
    if (object) return { id, kind, object };
  }
  return undefined;
}

/**
 * The resources that a request names, each once.
 * @throws AwsError InvalidID - for a text that is no id of a kind that can be tagged
 * @throws AwsError the kind's NotFound code
 */
export function requireTaggables(ids: readonly string[] | undefined, context: Lookup): Taggable[] {
  return [...new Set(ids)].map((id) => {
    const [kind] = kindsOf(id);
    if (!kind) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
    const found = findTaggable(id, context);
    if (!found) throw new AwsError(kind.idKind.notFoundCode, kind.idKind.notFound([id]));
    return found;
  });
}

function kindsOf(id: string): TaggableKind[] {
  return taggableKinds.filter(({ idKind }) => isEc2Id(idKind.prefix, id));
}
