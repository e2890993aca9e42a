import type { AmiStatus } from '../../api/compute/ami.ts';
import { Ami } from '../../kubernetes/resources.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { instanceOf } from '../volume/indexes.ts';
import { startAgain } from './capture.ts';

/** Keeps an image that goes away from leaving a machine stopped. */
export const CAPTURE_FINALIZER = 'kube-ec2.io/capture';

/** Whether a machine is, or will be, stopped for the image's sake. */
function isHolding({ status }: Ami): boolean {
  return status?.capture !== undefined && status.capture.wasRunning && status.capture.phase !== 'done';
}

/** Puts the finalizer there before the machine is stopped, and takes it away once it was started again. */
export async function holdWhileStopped(ami: Ami, { write }: ReconcileContext): Promise<Ami> {
  const finalizers = ami.metadata.finalizers ?? [];
  if (finalizers.includes(CAPTURE_FINALIZER) === isHolding(ami)) return ami;
  const wanted = isHolding(ami) ? [...finalizers, CAPTURE_FINALIZER] : finalizers.filter((name) => name !== CAPTURE_FINALIZER);
  return setFinalizers(ami, wanted, write);
}

/** The image goes: a machine that it stopped is started again first. */
export async function release(ami: Ami, { read, write }: ReconcileContext): Promise<Outcome<AmiStatus> | undefined> {
  const finalizers = ami.metadata.finalizers ?? [];
  if (!finalizers.includes(CAPTURE_FINALIZER)) return undefined;
  const instance = isHolding(ami) ? instanceOf(ami.status?.capture?.instanceId ?? '', ami.metadata.namespace, read) : undefined;
  if (instance !== undefined) await startAgain(instance, write);
  await setFinalizers(ami, finalizers.filter((name) => name !== CAPTURE_FINALIZER), write);
  return undefined;
}

function setFinalizers({ metadata }: Ami, finalizers: string[], write: ReconcileContext['write']): Promise<Ami> {
  return write.patch(Ami, { namespace: metadata.namespace, name: metadata.name }, { metadata: { resourceVersion: metadata.resourceVersion, finalizers } });
}
