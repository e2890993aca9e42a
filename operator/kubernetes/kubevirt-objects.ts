import type { KubernetesObject } from '../api/shared.ts';

/** An observation in KubeVirt's statuses. */
export interface KubevirtCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string | null;
}

/** The part of a VirtualMachine that the runtime needs, until the generated typings stand in kubevirt/. */
export interface VirtualMachine extends KubernetesObject {
  spec: { runStrategy?: string; template: { metadata?: KubernetesObject['metadata']; spec: Record<string, unknown> }; [field: string]: unknown };
  status?: {
    printableStatus?: string;
    runStrategy?: string;
    ready?: boolean;
    created?: boolean;
    conditions?: KubevirtCondition[];
    stateChangeRequests?: { action: string; uid?: string }[];
    startFailure?: { consecutiveFailCount?: number };
  };
}

/** The part of a VirtualMachineInstance that the runtime needs. */
export interface VirtualMachineInstance extends KubernetesObject {
  spec: Record<string, unknown>;
  status?: {
    phase?: string;
    nodeName?: string;
    reason?: string;
    interfaces?: { name?: string; ipAddress?: string; ipAddresses?: string[]; mac?: string }[];
    conditions?: KubevirtCondition[];
    phaseTransitionTimestamps?: { phase?: string; phaseTransitionTimestamp?: string | null }[];
    guestOSInfo?: { id?: string; name?: string; version?: string };
  };
}

/** A live migration. */
export interface VirtualMachineInstanceMigration extends KubernetesObject {
  spec: { vmiName?: string };
  status?: { phase?: string };
}

/** An instance type. */
export interface VirtualMachineClusterInstancetype extends KubernetesObject {
  spec: { cpu: { guest: number }; memory: { guest: string }; [field: string]: unknown };
}

/** A preference. */
export interface VirtualMachineClusterPreference extends KubernetesObject {
  spec: Record<string, unknown>;
}
