import type { Logger } from 'winston';
import type { Clock } from '../kubernetes/clock.ts';
import type { Read } from '../kubernetes/read.ts';
import type { Write } from '../kubernetes/write.ts';
import { answerFrom, errorAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import { authenticate } from './authenticate.ts';
import type { Credentials } from './authenticate.ts';
import { awsErrorFrom } from './aws-error-from.ts';
import { mayCall } from './allowed-actions.ts';
import { AwsError, dryRunOperation, invalidAction, missingAction } from './errors.ts';
import type { Access, Caller, ImplementedOperation, LiveRead, OperationContext, OperationTable, ReadOnlyContext } from './operation.ts';
import { parametersOf, unsignedServiceName, withoutProtocolParameters } from './parameters.ts';
import { decode } from './protocol/decode.ts';
import { encode } from './protocol/encode.ts';
import { MalformedForm, abbreviated, treeFrom } from './protocol/form.ts';
import type { FormNode } from './protocol/form.ts';
import { redact } from './protocol/redact.ts';
import { dialectOf, isServiceName, loadService } from './protocol/registry.ts';
import type { OperationPlan, Service, ServiceName } from './protocol/registry.ts';
import { awsQuery } from './protocol/query.ts';
import type { Refusal, SignedRequest } from './signature/signed-request.ts';
import type { Throttle } from './throttle.ts';

/** Whether a caller may do something in the own namespace. */
export type Authorize = (caller: Caller, access: Access) => Promise<boolean>;

/** What the pipeline is made of. */
export interface PipelineOptions {
  /** Services that are answered; others, and actions that are not in their table, are InvalidAction. */
  tables: Readonly<Partial<Record<ServiceName, OperationTable>>>;
  credentials: Credentials;
  authorize: Authorize;
  /** Counts calls and refuses those that are too many; absent: every call goes through. */
  throttle?: Throttle;
  read: Read;
  /** Look-ups and writes as the caller: judged by the caller's permissions, not by ours. */
  liveAs: (caller: Caller) => LiveRead;
  writeAs: (caller: Caller) => Write;
  region: string;
  clock: Clock;
  log: Logger;
  /** What a parameter outside the model leads to; newer SDKs than our model send some. */
  unknownParameters: 'error' | 'ignore';
  /** Called once per request, after the audit line. */
  observe?: (record: RequestRecord) => void;
}

/** A raw request with the id that it will be answered and logged under. */
export interface PipelineRequest extends SignedRequest {
  requestId: string;
}

/** One line of the audit log. */
export interface RequestRecord {
  requestId: string;
  accountId?: string;
  /** As claimed: only with an account id it is certain. */
  accessKeyId?: string;
  callerArn?: string;
  /** Why the signature was refused; callers are not always told. */
  refusal?: Refusal['reason'];
  service: string;
  /** As sent, abbreviated; absent if there was none or nobody looked. */
  action?: string;
  /** Whether the model has the action: only such names are fit to be metric labels. */
  isKnownAction: boolean;
  /** `Success` or the error's code. */
  code: string;
  status: number;
  milliseconds: number;
}

/** What is known of a call so far; filled in while it passes through. */
interface Call {
  serviceName: string;
  answerAs: Pick<Service, 'dialect' | 'xmlNamespace'>;
  accessKeyId?: string;
  refusal?: Refusal['reason'];
  caller?: Caller;
  action?: string;
  plan?: OperationPlan;
  input?: Record<string, unknown>;
}

/** How a request in a service that is not ours is answered: most of AWS's query services share this form. */
const foreignService = { dialect: awsQuery, xmlNamespace: '' };

/** Answers requests. Load the models with `createPipeline`, before readiness: the first call would wait for them otherwise. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #services: ReadonlyMap<string, Service>;

  constructor(options: PipelineOptions, services: readonly Service[]) {
    this.#options = options;
    this.#services = new Map(services.map((service) => [service.name, service]));
  }

  /** Never rejects: every failure is an answer. */
  async handle(request: PipelineRequest): Promise<Answer> {
    const startedAt = performance.now();
    const serviceName = unsignedServiceName(request);
    const call: Call = { serviceName, answerAs: dialectOf(serviceName) };
    const { answer, code } = await this.#answer(request, call);
    this.#record(request, call, { code, status: answer.status, milliseconds: Math.round((performance.now() - startedAt) * 10) / 10 });
    return answer;
  }

  async #answer(request: PipelineRequest, call: Call): Promise<{ answer: Answer; code: string }> {
    try {
      return { answer: await this.#invoke(request, call), code: 'Success' };
    } catch (error) {
      const awsError = this.#awsErrorFrom(error, request, call);
      return { answer: errorAnswer(awsError, request.requestId, call.answerAs), code: awsError.code };
    }
  }

  async #invoke(request: PipelineRequest, call: Call): Promise<Answer> {
    const caller = await this.#authenticate(request, call);
    const parameters = treeFrom(parametersOf(request));
    const { service, plan, operation } = this.#route(parameters.children?.get('Action')?.value, call);
    const input = this.#inputFrom(parameters, service, plan);
    call.input = input;
    this.#options.throttle?.({ accountId: caller.accountId, serviceName: service.name, action: plan.name, input });
    await this.#authorize(operation, caller, service, plan);
    if (input['DryRun'] === true) throw dryRunOperation();
    const output = await operation.run(input as never, this.#contextFor(request, caller, plan));
    return answerFrom(encode(service, plan, output, request.requestId));
  }

  async #authenticate(request: PipelineRequest, call: Call): Promise<Caller> {
    const authentication = await authenticate(request, this.#options);
    const { claim } = authentication;
    if (claim) {
      const { serviceName, accessKeyId } = claim;
      Object.assign(call, { serviceName, accessKeyId, answerAs: isServiceName(serviceName) ? dialectOf(serviceName) : foreignService });
    }
    if ('refusal' in authentication) {
      call.refusal = authentication.refusal.reason;
      throw call.answerAs.dialect.unauthenticated(authentication.refusal);
    }
    call.caller = authentication.caller;
    return authentication.caller;
  }

  #route(action: string | undefined, call: Call): { service: Service; plan: OperationPlan; operation: ImplementedOperation } {
    if (!action) throw missingAction();
    call.action = abbreviated(action);
    const service = this.#services.get(call.serviceName);
    const plan = service?.operations.get(action);
    if (plan) call.plan = plan;
    const table = this.#options.tables[call.serviceName as ServiceName] ?? {};
    const operation = Object.hasOwn(table, action) ? table[action] : undefined;
    if (!service || !plan || !operation) throw invalidAction(call.action);
    return { service, plan, operation };
  }

  #inputFrom(parameters: FormNode, { dialect }: Service, { name, input: structure }: OperationPlan): Record<string, unknown> {
    const { input, missing, unknown } = decode(withoutProtocolParameters(parameters), structure, dialect);
    const [firstUnknown] = unknown;
    if (firstUnknown !== undefined && this.#options.unknownParameters === 'error') throw dialect.unknownParameter(firstUnknown);
    if (firstUnknown !== undefined) {
      this.#options.log.warn('parameters outside the model were ignored', { action: name, parameters: unknown.slice(0, 20) });
    }
    if (missing.length > 0) throw dialect.missing(missing);
    return input;
  }

  async #authorize(operation: ImplementedOperation, caller: Caller, { dialect, name }: Service, plan: OperationPlan): Promise<void> {
    if (!mayCall(caller, name, plan.name)) throw dialect.unauthorized(caller.arn, name, plan.name);
    const verdicts = await Promise.all(operation.access.map((access) => this.#options.authorize(caller, access)));
    if (verdicts.includes(false)) throw dialect.unauthorized(caller.arn, name, plan.name);
  }

  #contextFor({ requestId }: PipelineRequest, caller: Caller, { name }: OperationPlan): OperationContext {
    const { read, region, clock, log, liveAs, writeAs } = this.#options;
    const readOnly: ReadOnlyContext = { read, live: liveAs(caller), caller, region, requestId, clock, log: log.child({ requestId, operation: name }) };
    // What only describes gets nothing to write with, whatever its types say.
    return isReadOnly(name) ? (readOnly as OperationContext) : { ...readOnly, write: writeAs(caller) };
  }

  #awsErrorFrom(error: unknown, { requestId }: PipelineRequest, { answerAs, caller, serviceName, action, plan, input }: Call): AwsError {
    if (error instanceof MalformedForm) return answerAs.dialect.malformed(error.message);
    const awsError = awsErrorFrom(error, answerAs.dialect, { callerArn: caller?.arn ?? '', serviceName, action: action ?? '' });
    // An operation may say that there is no capacity, which EC2 does with a 500: that is an answer, not a failure.
    if (awsError.status < 500 || error instanceof AwsError) return awsError;
    this.#options.log.error('operation failed', {
      requestId,
      service: serviceName,
      action,
      input: plan?.input && input && redact(plan.input, input),
      error,
    });
    return awsError;
  }

  #record({ requestId }: PipelineRequest, { serviceName, accessKeyId, refusal, caller, action, plan }: Call, outcome: Pick<RequestRecord, 'code' | 'status' | 'milliseconds'>): void {
    const record: RequestRecord = {
      requestId,
      ...(caller && { accountId: caller.accountId, callerArn: caller.arn }),
      ...(accessKeyId !== undefined && { accessKeyId: abbreviated(accessKeyId) }),
      ...(refusal && { refusal }),
      service: abbreviated(serviceName),
      ...(action !== undefined && { action }),
      isKnownAction: plan !== undefined,
      ...outcome,
    };
    this.#options.log.info('request', record);
    this.#options.observe?.(record);
  }
}

/** Loads the models of the services that have a table and builds the pipeline. */
export async function createPipeline(options: PipelineOptions): Promise<Pipeline> {
  const names = Object.keys(options.tables).filter(isServiceName);
  return new Pipeline(options, await Promise.all(names.map(loadService)));
}

function isReadOnly(operationName: string): boolean {
  return /^(Describe|Get|List)[A-Z]/.test(operationName);
}
