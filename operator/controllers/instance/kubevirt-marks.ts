/**
 * What virt-controller writes onto every machine and every run of one before it does anything else: that the object was written with this API version. Made with
 * it, each is spared a write through the webhooks. A KubeVirt with a newer API version sees that the mark is of an older one, and writes its own.
 * Its finalizer is left to virt-controller: the write that adds it is what makes the machine's status be there, without which its next step fails once.
 * @see kubevirt.io/kubevirt pkg/controller/controller.go `ObservedLatestApiVersionAnnotation`; pkg/virt-controller/watch/vm/vm.go and watch/vmi/vmi.go `execute`
 */
export const kubevirtAnnotations = {
  'kubevirt.io/latest-observed-api-version': 'v1',
  'kubevirt.io/storage-observed-api-version': 'v1',
} as const;
