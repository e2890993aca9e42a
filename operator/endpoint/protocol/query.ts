import { AwsError, invalidAction } from '../errors.ts';
import type { Refusal } from '../signature/signed-request.ts';
import type { Dialect } from './dialect.ts';
import { escapeXml } from './escape-xml.ts';

/**
 * The dialect of STS, Auto Scaling and most other services of that age.
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export const awsQuery: Dialect = {
  name: 'awsQuery',
  requestName: (member, { xmlName }) => xmlName ?? member,
  flatRequestLists: false,
  blankIsEmptyList: true,
  // Here an empty string is a value: Terraform clears an Auto Scaling group's placement group with `PlacementGroup=`.
  blankStringIsAbsent: false,
  meaningfulBlanks: new Set(),

  open: ({ action, xmlNamespace, hasOutput }) =>
    `<${action}Response xmlns="${escapeXml(xmlNamespace)}">${hasOutput ? `<${action}Result>` : ''}`,
  close: ({ action, requestId, hasOutput }) =>
    `${hasOutput ? `</${action}Result>` : ''}<ResponseMetadata><RequestId>${escapeXml(requestId)}</RequestId></ResponseMetadata></${action}Response>`,
  error: (error, xmlNamespace, requestId) =>
    `<ErrorResponse xmlns="${escapeXml(xmlNamespace)}"><Error><Type>${error.status < 500 ? 'Sender' : 'Receiver'}</Type>` +
    `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error>` +
    `<RequestId>${escapeXml(requestId)}</RequestId></ErrorResponse>`,

  missing: (parameters) => {
    const problems = parameters.map((parameter) => `Value null at '${memberPath(parameter)}' failed to satisfy constraint: Member must not be null`);
    return validationError(`${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`);
  },
  invalidValue: (parameter, value, reason) => validationError(`Value '${value}' at '${memberPath(parameter)}' is invalid. ${reason}`),
  unknownParameter: (parameter) => validationError(`The parameter ${parameter} is not recognized`),
  malformed: (reason) => new AwsError('MalformedQueryString', reason),
  unknownAction: (action) => invalidAction(action),
  unauthorized: (callerArn, serviceName, action, cause) =>
    new AwsError('AccessDenied', `User: ${callerArn} is not authorized to perform: ${serviceName}:${action}`, { status: 403, cause }),
  unauthenticated: (refusal) => refusalError(refusal),
  internal: (cause) => new AwsError('InternalFailure', 'An internal error has occurred', { status: 500, cause }),
};

function refusalError({ reason, message }: Refusal): AwsError {
  switch (reason) {
    case 'unsigned':
      return new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', { status: 403 });
    case 'incomplete':
      return new AwsError('IncompleteSignature', message);
    case 'expired':
      return new AwsError('RequestExpired', message);
    case 'unknown key':
    case 'wrong token':
      return new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', { status: 403 });
    case 'expired token':
      return new AwsError('ExpiredToken', 'The security token included in the request is expired', { status: 403 });
    case 'mismatch':
    case 'wrong scope':
      return new AwsError('SignatureDoesNotMatch', message, { status: 403 });
    default:
      return reason satisfies never;
  }
}

function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** `Tags.member.1.Key` as the services' messages show it: `tags.1.member.key`. */
function memberPath(parameter: string): string {
  const swapped = parameter.replaceAll(/\.member\.(\d+)/g, '.$1.member');
  return swapped.replaceAll(/(^|\.)([A-Z])/g, (_match, dot: string, letter: string) => dot + letter.toLowerCase());
}
