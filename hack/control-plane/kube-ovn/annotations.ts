/** On a pod: the switch that it is to be plugged into, and its hardware address. @see https://kubeovn.github.io/docs/stable/en/kubevirt/ */
export const SWITCH_ANNOTATION = 'ovn.kubernetes.io/logical_switch';
export const MAC_ANNOTATION = 'ovn.kubernetes.io/mac_address';
/** What Kube-OVN's controller gives the pod; a kubelet's network plugin waits for it. */
export const ADDRESS_ANNOTATION = 'ovn.kubernetes.io/ip_address';
export const ALLOCATED_ANNOTATION = 'ovn.kubernetes.io/allocated';
