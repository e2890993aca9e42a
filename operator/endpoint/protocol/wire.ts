import type { Answer } from '../answer.ts';
import type { AwsError } from '../errors.ts';
import type { SignedRequest } from '../signature/signed-request.ts';
import type { Decoded } from './decode.ts';
import type { OperationPlan, Service } from './registry.ts';

/** What of a service is needed to answer an error: known before its model is loaded. */
export type AnsweringService = Pick<Service, 'dialect' | 'wording' | 'xmlNamespace' | 'jsonVersion' | 'answersQueryErrors'> & { errorShapes?: Service['errorShapes'] };

/** A request whose outermost layer is open: it has said what it wants. */
export interface OpenRequest {
  action: string | undefined;
  /** Name of the service's model as the request spells it, in the forms that do. */
  modelName?: string;
  /** @throws AwsError in the service's wording, MalformedForm */
  inputFor(service: Service, plan: OperationPlan): Decoded;
}

/** A form that requests and their answers come in. */
export interface Wire {
  /** `body` is the request's, decompressed. @throws AwsError in the service's wording, MalformedForm */
  open(request: SignedRequest, service: AnsweringService): OpenRequest;
  answer(service: Service, plan: OperationPlan, output: unknown, requestId: string): Answer;
  error(service: AnsweringService, error: AwsError, requestId: string): Answer;
}
