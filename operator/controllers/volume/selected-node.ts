/** Asks the provisioner for a volume that this node reaches, also where claims otherwise wait for their first user. */
export const SELECTED_NODE_ANNOTATION = 'volume.kubernetes.io/selected-node';
