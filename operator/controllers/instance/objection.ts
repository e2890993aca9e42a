/** Why an instance cannot be launched: reason of the condition Launchable, and what to do about it. */
export interface Objection {
  reason: string;
  message: string;
}

/** Whether a look-up found what it was for. */
export function isObjection(result: object): result is Objection {
  return 'reason' in result && 'message' in result;
}
