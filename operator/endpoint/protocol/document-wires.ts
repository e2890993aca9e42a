import { cbor } from '@smithy/core/cbor';
import type { AwsError } from '../errors.ts';
import type { SignedRequest } from '../signature/signed-request.ts';
import { documentFrom, readDocument } from './document.ts';
import { cborForm, jsonForm } from './document-forms.ts';
import { MalformedCbor, readCbor } from './read-cbor.ts';
import type { AnsweringService, Wire } from './wire.ts';

/**
 * AWS's JSON protocols: the action is in the header X-Amz-Target.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
export const jsonWire: Wire = {
  open: (request, { wording }) => {
    const [modelName = '', action] = (request.headers['x-amz-target']?.[0] ?? '').split('.', 2);
    return { action, modelName, inputFor: (service, plan) => readDocument(parsedJson(request, service), plan.input, jsonForm, wording) };
  },
  answer: (service, plan, output) => ({ status: 200, contentType: jsonType(service), body: JSON.stringify(documentFrom(output, plan.output, jsonForm)) }),
  error: (service, error) => ({
    status: error.status,
    contentType: jsonType(service),
    headers: errorHeaders(service, error),
    body: JSON.stringify(errorDocument(service, error)),
  }),
};

const cborType = 'application/cbor';
const cborHeaders = { 'smithy-protocol': 'rpc-v2-cbor' };

/**
 * Smithy's CBOR protocol: service and action are in the path.
 * @see https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
export const cborWire: Wire = {
  open: (request, { wording }) => {
    const [, modelName = '', action] = /^\/service\/(\w{1,128})\/operation\/(\w{1,128})(?:\?|$)/.exec(request.url) ?? [];
    return { action, modelName, inputFor: (_service, plan) => readDocument(parsedCbor(request, wording), plan.input, cborForm, wording) };
  },
  answer: (_service, plan, output) => ({ status: 200, contentType: cborType, headers: cborHeaders, body: cbor.serialize(documentFrom(output, plan.output, cborForm)) }),
  error: (service, error) => ({
    status: error.status,
    contentType: cborType,
    headers: { ...cborHeaders, ...errorHeaders(service, error) },
    body: cbor.serialize(errorDocument(service, error)),
  }),
};

function parsedJson({ body }: SignedRequest, { wording }: AnsweringService): unknown {
  try {
    return body.byteLength === 0 ? {} : (JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')) as unknown);
  } catch {
    throw wording.malformed('The request is not valid JSON');
  }
}

function parsedCbor({ body }: SignedRequest, wording: AnsweringService['wording']): unknown {
  try {
    return body.byteLength === 0 ? {} : readCbor(body);
  } catch (error) {
    if (error instanceof MalformedCbor) throw wording.malformed(`The request is not valid CBOR: ${error.message}`);
    throw error;
  }
}

function jsonType({ jsonVersion }: AnsweringService): string {
  return `application/x-amz-json-${jsonVersion ?? '1.0'}`;
}

/** The name of an error's shape, which in services with a query form may differ from its code there. */
function errorDocument({ errorShapes }: AnsweringService, { code, message }: AwsError): Record<string, string> {
  return { __type: errorShapes?.get(code) ?? code, message };
}

/** The code that the query form has, for clients that were written for it. @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait */
function errorHeaders({ answersQueryErrors }: AnsweringService, { code, status }: AwsError): Record<string, string> {
  return answersQueryErrors === true && /^[\w.]+$/.test(code) ? { 'x-amzn-query-error': `${code};${status < 500 ? 'Sender' : 'Receiver'}` } : {};
}
