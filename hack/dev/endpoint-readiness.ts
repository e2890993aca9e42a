import type { ManagedProcess } from '../control-plane/managed-process.ts';
import { eventually } from '../control-plane/readiness.ts';

/** Waits until the endpoint can answer requests. @throws Error - with the operator's last words if it does not get there */
export async function waitForEndpoint(endpointUrl: string, operator: ManagedProcess): Promise<void> {
  try {
    await eventually('the operator is ready', 60, async () => (await fetch(`${endpointUrl}/readyz`)).ok);
  } catch (error) {
    throw new Error(`the operator does not get ready; ${operator.logFile} ends with:\n${operator.lastLines()}`, { cause: error });
  }
}
