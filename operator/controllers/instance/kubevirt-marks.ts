/**
 * What virt-controller writes onto every machine before it does anything else, each mark a write of its own through the webhooks. A machine that is made with
 * the marks is spared them: two writes of the VirtualMachine, one of the VirtualMachineInstance. A KubeVirt with a newer API version sees that the marks are of
 * an older one and writes its own.
 * @see kubevirt.io/kubevirt pkg/virt-controller/watch/vm/vm.go `execute`, `addVMFinalizer`; watch/vmi/vmi.go `execute`; pkg/controller/controller.go
 */
const API_VERSION = 'v1';

/** The object was written with this API version; of machine and run alike. */
export const kubevirtAnnotations = {
  'kubevirt.io/latest-observed-api-version': API_VERSION,
  'kubevirt.io/storage-observed-api-version': API_VERSION,
} as const;

/** Keeps a VirtualMachine until virt-controller has ended its run; virt-controller removes it, as from machines of users. */
export const KUBEVIRT_MACHINE_FINALIZER = 'kubevirt.io/virtualMachineControllerFinalize';
