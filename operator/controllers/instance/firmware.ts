import type { Features, Firmware, TPMDevice } from '../../kubernetes/kubevirt/core.ts';
import type { Ami, Instance } from '../../kubernetes/resources.ts';
import { firmwareUuidOf, instanceIdOf } from './identity.ts';

/** What a machine boots by. arm64 guests always boot by UEFI. Pure. */
export function firmwareFor(instance: Instance, ami: Ami): Firmware {
  const { architecture, bootMode, secureBoot } = ami.spec;
  const isUefi = bootMode !== 'legacy-bios' && architecture !== 'arm64';
  return {
    uuid: firmwareUuidOf(instance),
    serial: instanceIdOf(instance),
    ...(isUefi ? { bootloader: { efi: { secureBoot } } } : {}),
  };
}

/** Secure boot needs the processor's system management mode, or KubeVirt refuses the machine. Pure. */
export function featuresFor({ spec }: Ami): { features?: Features } {
  return spec.secureBoot && spec.architecture !== 'arm64' ? { features: { smm: { enabled: true } } } : {};
}

/** A TPM as new as the run of the machine: one that lasts over a stop would need a volume of KubeVirt's own. Pure. */
export function tpmFor({ spec }: Ami): { tpm?: TPMDevice } {
  return spec.tpmSupport === undefined ? {} : { tpm: {} };
}
