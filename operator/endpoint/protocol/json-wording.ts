import { AwsError } from '../errors.ts';
import type { Refusal } from '../signature/signed-request.ts';
import type { Wording } from './dialect.ts';

/**
 * The wording of services that were born with JSON (SSM). A code is the name of the error's shape, and refused signatures are 400.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html
 */
export const jsonWording: Wording = {
  missing: (parameters) => {
    const problems = parameters.map((parameter) => `Value null at '${lowerFirst(parameter)}' failed to satisfy constraint: Member must not be null`);
    return new AwsError('ValidationException', `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`);
  },
  invalidValue: (parameter, value, reason) => new AwsError('SerializationException', `Value '${value}' at '${lowerFirst(parameter)}' is invalid. ${reason}`),
  unknownParameter: (parameter) => new AwsError('ValidationException', `The parameter ${parameter} is not recognized`),
  malformed: (reason) => new AwsError('SerializationException', reason),
  unknownAction: (action) => new AwsError('UnknownOperationException', `The action ${action} is not valid for this web service.`),
  unauthorized: (callerArn, serviceName, action, cause) =>
    new AwsError('AccessDeniedException', `User: ${callerArn} is not authorized to perform: ${serviceName}:${action}`, { cause }),
  unauthenticated: (refusal) => refusalError(refusal),
  internal: (cause) => new AwsError('InternalServerError', 'An internal error has occurred', { status: 500, cause }),
};

function refusalError({ reason, message }: Refusal): AwsError {
  switch (reason) {
    case 'unsigned':
      return new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
    case 'incomplete':
      return new AwsError('IncompleteSignatureException', message);
    case 'unknown key':
    case 'wrong token':
      return new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
    case 'expired token':
      return new AwsError('ExpiredTokenException', 'The security token included in the request is expired');
    case 'expired':
    case 'mismatch':
    case 'wrong scope':
      return new AwsError('InvalidSignatureException', message);
    default:
      return reason satisfies never;
  }
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
