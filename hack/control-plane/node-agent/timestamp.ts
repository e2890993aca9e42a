/**
 * The time in the form that Kubernetes' Go types write: whole seconds. A fraction would be lost when virt-controller reads and writes the
 * object, and its JSON patches, which test for the old value, would be refused for ever.
 */
export function timestamp(time = Date.now()): string {
  return new Date(time).toISOString().replace(/\.\d+/, '');
}
