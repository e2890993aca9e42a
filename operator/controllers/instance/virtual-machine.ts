import { INSTANCES_SERVICE } from '../../api/identity/account.ts';
import { AUTO_SCALING_GROUP_LABEL } from '../../api/auto-scaling/auto-scaling-membership.ts';
import { INSTANCE_ID_LABEL } from '../../api/compute/instance.ts';
import { SECURITY_GROUP_LABEL_PREFIX, securityGroupLabelOf } from '../../api/network/security-group.ts';
import { vpcLabelOf } from '../../api/network/vpc.ts';
import type { Disk, Volume } from '../../kubernetes/kubevirt/core.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import { Instance, type Ami, type NetworkInterface, type Subnet, type VirtualMachine } from '../../kubernetes/resources.ts';
import type { Devices } from './devices.ts';
import type { DhcpSettings } from './dhcp.ts';
import { featuresFor, firmwareFor, tpmFor } from './firmware.ts';
import { hostNameOf, instanceIdOf, macAddressOf } from './identity.ts';
import { machineStoreDiskFor, storageRequestFor } from './instance-store.ts';
import { switchAnnotationsFor } from './kube-ovn-port.ts';
import { kubevirtAnnotations } from './kubevirt-marks.ts';
import { RUNNING_STRATEGY, STOPPED_STRATEGY } from './observe.ts';
import type { PlacementConstraint } from './placement-constraint.ts';
import { userDataDisksFor, userDataVolumesFor, type UserDataSource } from './user-data-volume.ts';
import type { ZoneConstraint } from './zone-constraint.ts';

/** Digest of the user data that the machine has, on the VirtualMachine: a change is seen without reading the Secret. */
export const USER_DATA_DIGEST_ANNOTATION = 'kube-ec2.io/user-data-digest';
/** Seconds that a guest has to shut down before its power is cut. */
export const SHUTDOWN_GRACE_SECONDS = 120;

/** What a machine is made of, everything found. */
export interface MachineParts {
  instance: Instance;
  ami: Ami;
  devices: Devices;
  securityGroupIds: readonly string[];
  /** The interface that the instance is launched with, if not its own. */
  networkInterface?: NetworkInterface | undefined;
  /** Secret with public keys. */
  keySecretName: string | undefined;
  userData: UserDataSource | undefined;
  /** VPC; absent in a namespace without one. */
  vpcId?: string | undefined;
  /** Subnet whose switch it is plugged into, where subnets are switches. */
  switchSubnet?: Subnet | undefined;
  /** What its guest is told by DHCP. */
  dhcp?: DhcpSettings;
  /** Zone to run in; empty leaves it to the scheduler. */
  zone: ZoneConstraint;
  /** What its placement group asks for. */
  placement?: PlacementConstraint;
}

function rootVolumeFor({ containerDisk }: Devices): Volume[] {
  if (containerDisk === undefined) return [];
  const { image, path, imagePullSecret, imagePullPolicy } = containerDisk;
  return [
    {
      name: 'root',
      containerDisk: {
        image,
        ...(path === undefined ? {} : { path }),
        ...(imagePullSecret === undefined ? {} : { imagePullSecret }),
        ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }),
      },
    },
  ];
}

/**
 * A volume within the machine: the root is there from the start; others are hot-plugged, so that they can be detached, and therefore on the scsi bus.
 * The serial is the id without its dash, which is what EC2's own disks show.
 */
export function machineDiskFor({ volumeId, isRoot }: { volumeId: string; isRoot: boolean }): { volume: Volume; disk: Disk } {
  const name = isRoot ? 'root' : volumeId;
  const serial = volumeId.replace('-', '');
  if (isRoot) return { volume: { name, persistentVolumeClaim: { claimName: volumeId } }, disk: { name, bootOrder: 1, serial, disk: { bus: 'virtio' } } };
  return { volume: { name, persistentVolumeClaim: { claimName: volumeId, hotpluggable: true } }, disk: { name, serial, disk: { bus: 'scsi' } } };
}

function volumesFor({ ami, devices, userData }: MachineParts): Volume[] {
  const disks = devices.volumes.map((volume) => machineDiskFor(volume).volume);
  const store = devices.store.map((disk) => machineStoreDiskFor(disk).volume);
  return [...rootVolumeFor(devices), ...disks, ...store, ...userDataVolumesFor(userData, ami.spec.userDataFormat)];
}

function disksFor({ ami, devices: { volumes, containerDisk, store }, userData }: MachineParts): Disk[] {
  const root = containerDisk === undefined ? [] : [{ name: 'root', bootOrder: 1, disk: { bus: 'virtio' } }];
  const disks = [...volumes.map((volume) => machineDiskFor(volume).disk), ...store.map((disk) => machineStoreDiskFor(disk).disk)];
  return [...root, ...disks, ...userDataDisksFor(userData, ami.spec.userDataFormat)];
}

/** Labels of a machine that make it a member of security groups. */
export function securityGroupLabelsFor(securityGroupIds: readonly string[]): Record<string, string> {
  return Object.fromEntries(securityGroupIds.map((id) => [securityGroupLabelOf(id), '']));
}

/** Security groups that labels stand for, sorted. */
export function securityGroupIdsFrom(labels: Readonly<Record<string, string>> | undefined): string[] {
  return Object.keys(labels ?? {})
    .filter((label) => label.startsWith(SECURITY_GROUP_LABEL_PREFIX))
    .map((label) => label.slice(SECURITY_GROUP_LABEL_PREFIX.length))
    .sort();
}

/**
 * The VirtualMachine of an instance: named by its id, owned by it, accepted by KubeVirt's webhooks as it is. Pure.
 * @see https://kubevirt.io/api-reference/
 */
export function virtualMachineFor(parts: MachineParts): VirtualMachine {
  const { instance, ami, securityGroupIds, networkInterface, vpcId, keySecretName, userData, zone, placement, switchSubnet, dhcp = {} } = parts;
  const id = instanceIdOf(instance);
  const groupName = instance.spec.autoScaling?.groupName;
  const storageRequest = storageRequestFor(parts.devices.store);
  // A HorizontalPodAutoscaler finds the pods of a group by this label.
  const labels = { [INSTANCE_ID_LABEL]: id, ...(groupName !== undefined && { [AUTO_SCALING_GROUP_LABEL]: groupName }) };
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: {
      name: id,
      ...(instance.metadata.namespace === undefined ? {} : { namespace: instance.metadata.namespace }),
      labels,
      annotations: { ...kubevirtAnnotations, ...(userData && { [USER_DATA_DIGEST_ANNOTATION]: userData.digest }) },
      ownerReferences: [controllerReferenceTo(Instance, instance)],
    },
    spec: {
      runStrategy: instance.spec.powerState === 'running' ? RUNNING_STRATEGY : STOPPED_STRATEGY,
      instancetype: { kind: 'VirtualMachineClusterInstancetype', name: instance.spec.instanceType },
      ...(ami.spec.preference === undefined ? {} : { preference: { kind: 'VirtualMachineClusterPreference', name: ami.spec.preference } }),
      template: {
        metadata: {
          labels: { ...labels, ...securityGroupLabelsFor(securityGroupIds), ...(vpcId === undefined ? {} : { [vpcLabelOf(vpcId)]: '' }), ...placement?.labels },
          annotations: { ...kubevirtAnnotations, ...(switchSubnet && switchAnnotationsFor(switchSubnet, macAddressOf(instance, networkInterface))) },
        },
        spec: {
          architecture: ami.spec.architecture === 'arm64' ? 'arm64' : 'amd64',
          hostname: hostNameOf(instance),
          // With the headless Service of this name the host name resolves.
          subdomain: INSTANCES_SERVICE,
          ...zone,
          ...(placement?.affinity === undefined ? {} : { affinity: { ...zone.affinity, ...placement.affinity } }),
          evictionStrategy: 'LiveMigrateIfPossible',
          terminationGracePeriodSeconds: SHUTDOWN_GRACE_SECONDS,
          domain: {
            ...featuresFor(ami),
            firmware: firmwareFor(instance, ami),
            ...(storageRequest === null ? {} : { resources: { requests: { 'ephemeral-storage': storageRequest } } }),
            devices: {
              logSerialConsole: true,
              ...tpmFor(ami),
              rng: {},
              disks: disksFor(parts),
              interfaces: [
                {
                  name: 'default',
                  masquerade: {},
                  model: 'virtio',
                  macAddress: macAddressOf(instance, networkInterface),
                  ...(dhcp.ntpServers && { dhcpOptions: { ntpServers: dhcp.ntpServers } }),
                },
              ],
            },
          },
          networks: [{ name: 'default', pod: {} }],
          ...dhcp.dns,
          volumes: volumesFor(parts),
          // Keys come by cloud-init, which Windows Setup is not.
          ...(keySecretName === undefined || ami.spec.userDataFormat === 'sysprep'
            ? {}
            : { accessCredentials: [{ sshPublicKey: { source: { secret: { secretName: keySecretName } }, propagationMethod: { noCloud: {} } } }] }),
        },
      },
    },
  };
}
