/** Why something of a volume or snapshot cannot be done now: reason of a condition, and what to do about it. */
export interface Objection {
  reason: string;
  message: string;
  /** Nothing that happens elsewhere mends it. */
  isFinal?: boolean;
}

/** Whether a look-up found what it was for. */
export function isObjection(result: object): result is Objection {
  return 'reason' in result && 'message' in result;
}
