import type { OperationContext } from '../../operation.ts';
import type { SpecChange } from './change-group.ts';

/** Now, as specs and activities have it. */
export function timestampOf({ clock }: Pick<OperationContext, 'clock'>): string {
  return `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
}

/** The record of who or what changed the sizes, in the words of activities: `a user request ...`. */
export function capacityChangeFor(cause: string, context: Pick<OperationContext, 'clock'>): Required<Pick<SpecChange, 'capacityChange'>> {
  return { capacityChange: { at: timestampOf(context), cause: cause.slice(0, 512) } };
}
