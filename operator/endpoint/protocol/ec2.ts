import { AwsError, invalidAction, invalidParameterValue, missingParameter, unauthorizedOperation } from '../errors.ts';
import type { Refusal } from '../signature/signed-request.ts';
import type { Dialect } from './dialect.ts';
import { escapeXml } from './escape-xml.ts';

/**
 * EC2's own dialect.
 * @see https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
export const ec2Query: Dialect = {
  name: 'ec2Query',
  requestName: (member, { ec2QueryName, xmlName }) => ec2QueryName ?? upperFirst(xmlName ?? member),
  flatRequestLists: true,
  blankIsEmptyList: false,
  // Packer, Terraform and the Go SDK send `SubnetId=` when they mean nothing.
  blankStringIsAbsent: true,
  // An empty NoDevice suppresses a device, an empty value clears an attribute, an empty GroupName leaves a group, and DeleteTags with an empty value spares every other one.
  meaningfulBlanks: new Set([
    'AttributeValue.Value',
    'BlockDeviceMapping.NoDevice',
    'LaunchTemplateBlockDeviceMappingRequest.NoDevice',
    'ModifyImageAttributeRequest.Value',
    'ModifyInstanceAttributeRequest.Value',
    'ModifyInstancePlacementRequest.GroupName',
    'Tag.Value',
  ]),

  open: ({ action, xmlNamespace, requestId }) =>
    `<${action}Response xmlns="${escapeXml(xmlNamespace)}"><requestId>${escapeXml(requestId)}</requestId>`,
  close: ({ action, hasOutput }) => `${hasOutput ? '' : '<return>true</return>'}</${action}Response>`,
  error: (error, _xmlNamespace, requestId) =>
    `<Response><Errors><Error><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error></Errors>` +
    `<RequestID>${escapeXml(requestId)}</RequestID></Response>`,

  missing: ([first = '']) => missingParameter(first),
  invalidValue: (parameter, value, reason) => invalidParameterValue(parameter, value, reason),
  unknownParameter: (parameter) => new AwsError('UnknownParameter', `The parameter ${parameter} is not recognized`),
  malformed: (reason) => new AwsError('InvalidQueryParameter', reason),
  unknownAction: (action) => invalidAction(action),
  unauthorized: (_callerArn, _serviceName, _action, cause) => unauthorizedOperation(cause),
  unauthenticated: (refusal) => refusalError(refusal),
  internal: (cause) => new AwsError('InternalError', 'An internal error has occurred', { status: 500, cause }),
};

function refusalError({ reason, message }: Refusal): AwsError {
  switch (reason) {
    case 'unsigned':
      return missingParameter('AWSAccessKeyId');
    case 'incomplete':
      return new AwsError('AuthFailure', message, { status: 401 });
    case 'expired':
    case 'expired token':
      return new AwsError('RequestExpired', 'Request has expired.');
    case 'unknown key':
    case 'wrong token':
    case 'mismatch':
      return new AwsError('AuthFailure', 'AWS was not able to validate the provided access credentials', { status: 401 });
    case 'wrong scope':
      return new AwsError('AuthFailure', message, { status: 401 });
    default:
      return reason satisfies never;
  }
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
