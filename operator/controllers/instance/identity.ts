import { createHash } from 'node:crypto';
import { ec2IdFrom, ec2IdOf } from '../../api/ec2-id.ts';
import { macAddressFrom } from '../../api/network/network-interface.ts';
import type { Instance, NetworkInterface } from '../../kubernetes/resources.ts';
import type { ObjectKey } from '../../kubernetes/read.ts';

function digest(seed: string): Buffer {
  return createHash('sha256').update(seed).digest();
}

/** EC2 id of the instance; also the name of its VirtualMachine, VirtualMachineInstance and host. */
export function instanceIdOf(instance: Instance): string {
  return ec2IdOf('i', instance);
}

/** Host name of the machine, which its private DNS name begins with. */
export function hostNameOf(instance: Instance): string {
  return instance.spec.hostname ?? instanceIdOf(instance);
}

/** Where the VirtualMachine and the VirtualMachineInstance of an instance are found. */
export function machineKeyOf(instance: Instance): ObjectKey {
  return { namespace: instance.metadata.namespace, name: instanceIdOf(instance) };
}

/** Secret with the user data of an instance, under the key `userdata`; the endpoint uses the same name. */
export function userDataSecretNameOf(instance: Instance): string {
  return `${instanceIdOf(instance)}-user-data`;
}

/** Address of the primary interface, the same at every start: that of the interface which the instance was launched with, or its own. */
export function macAddressOf(instance: Instance, networkInterface?: NetworkInterface): string {
  return macAddressFrom((networkInterface ?? instance).metadata.uid ?? '');
}

/**
 * Firmware UUID, which cloud-init takes for the identity of the machine: a new one for each Instance, so that user data runs once for each, even if
 * a name is used again. Version 8 of RFC 9562 (made of a digest).
 */
export function firmwareUuidOf(instance: Instance): string {
  const bytes = Buffer.from(digest(`firmware/${instance.metadata.uid ?? ''}`).subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** EC2 id of the volume that an instance has under a device name; also the name of its PersistentVolumeClaim. */
export function volumeIdOf(instance: Instance, deviceName: string): string {
  return ec2IdFrom('vol', `${instance.metadata.uid ?? ''}${deviceName}`);
}
