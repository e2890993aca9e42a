import type { AwsError } from '../errors.ts';
import type { Refusal } from '../signature/signed-request.ts';

/** The traits of a member or shape that the protocols look at, as the SDK's schemas hold them. */
export interface Traits {
  readonly xmlName?: string;
  readonly ec2QueryName?: string;
  readonly sensitive?: unknown;
  readonly idempotencyToken?: unknown;
}

/** What an envelope needs to know of the answer. */
export interface Envelope {
  action: string;
  xmlNamespace: string;
  requestId: string;
  /** Whether the operation's model has an output at all. */
  hasOutput: boolean;
}

/** How a family of AWS services words what the pipeline itself refuses, whatever form the request came in. */
export interface Wording {
  /** Required members are absent; at least one, by wire name, in the order of the model. */
  missing(parameters: readonly string[]): AwsError;
  /** A value has the wrong form: not a number, not a list ... `value` is '' where it must not be repeated. */
  invalidValue(parameter: string, value: string, reason: string): AwsError;
  unknownParameter(parameter: string): AwsError;
  /** The request itself is broken: bad escapes, a parameter given twice, too many of them, no JSON. */
  malformed(reason: string): AwsError;
  /** The service has no such action, or we do not have it. */
  unknownAction(action: string): AwsError;
  /** The caller's permissions do not allow the action. */
  unauthorized(callerArn: string, serviceName: string, action: string, cause?: unknown): AwsError;
  /** The signature was refused. */
  unauthenticated(refusal: Refusal): AwsError;
  /** We failed; the details are in the log under the request id. */
  internal(cause: unknown): AwsError;
}

/** How one family of AWS services puts requests into form fields and answers into XML. Data for decode.ts and encode.ts, which know no service. */
export interface Dialect extends Wording {
  readonly name: 'ec2Query' | 'awsQuery';
  /** Key of a structure's member in a request. */
  requestName(member: string, traits: Traits): string;
  /** True if list items follow their list directly (`Filter.1`), false if a name stands between (`Filters.member.1`). */
  readonly flatRequestLists: boolean;
  /** True if `Name=` is an empty list. */
  readonly blankIsEmptyList: boolean;
  /** True if `Name=` on a string says "not given"; list items are values all the same. */
  readonly blankStringIsAbsent: boolean;
  /** `Structure.Member` of the strings whose emptiness means something in spite of blankStringIsAbsent. */
  readonly meaningfulBlanks: ReadonlySet<string>;
  /** Text before and after the members of an answer. */
  open(envelope: Envelope): string;
  close(envelope: Envelope): string;
  /** The whole error document, without the XML declaration. */
  error(error: AwsError, xmlNamespace: string, requestId: string): string;
}
