/** Why an alarm made a policy change a group, as the group's activities tell it after the time. */
export function causeOfAlarm(alarm: string, policyName: string, from: number, to: number): string {
  return `a monitor ${alarm} triggered policy ${policyName} changing the desired capacity from ${String(from)} to ${String(to)}.`;
}

/** Why a policy was carried out by hand. */
export function causeOfRequest(requestId: string, policyName: string, from: number, to: number): string {
  return `a user request executed policy ${policyName} changing the desired capacity from ${String(from)} to ${String(to)} (${requestId}).`;
}

/** Whether a cause is one of these two, of this policy. */
export function namesPolicy(cause: string, policyName: string): boolean {
  return cause.includes(` policy ${policyName} changing the desired capacity `);
}
