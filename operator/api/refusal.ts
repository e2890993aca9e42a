/**
 * A pure rule of EC2's says no. The API answers with the code, and whoever launches without it, such as the controller of a group, shows the message. It is
 * the caller's affair: nobody tries again until something changes.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** EC2's code, such as InvalidParameterValue. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A parameter that must be there. */
export function missingParameter(parameter: string): Refusal {
  return new Refusal('MissingParameter', `The request must contain the parameter ${parameter}`);
}

/** A value that cannot be; `reason` is a sentence that says what would be right. */
export function invalidParameterValue(parameter: string, value: string, reason: string): Refusal {
  return new Refusal('InvalidParameterValue', `Value (${value}) for parameter ${parameter} is invalid. ${reason}`);
}
