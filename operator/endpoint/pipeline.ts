import type { Logger } from 'winston';
import type { TimerClock } from '../kubernetes/clock.ts';
import { customMetricsOnly, metricsSourceOf } from '../metrics/metrics-source-of.ts';
import type { MetricsSource } from '../metrics/metrics-source.ts';
import { publicOnly, type ImportLimits } from '../kubernetes/outbound-policy.ts';
import type { Read } from '../kubernetes/read.ts';
import type { Write } from '../kubernetes/write.ts';
import type { Answer } from './answer.ts';
import { authenticate } from './authenticate.ts';
import type { Credentials } from './authenticate.ts';
import { awsErrorFrom } from './aws-error-from.ts';
import { actionPrefixOf, mayCall } from './allowed-actions.ts';
import { AwsError, dryRunOperation, missingAction } from './errors.ts';
import type { Access, Caller, ImplementedOperation, LiveRead, OperationContext, OperationTable, ReadOnlyContext } from './operation.ts';
import { unsignedServiceName } from './parameters.ts';
import { MalformedForm, abbreviated } from './protocol/form.ts';
import { withPlainBody } from './protocol/plain-body.ts';
import { redact } from './protocol/redact.ts';
import { isServiceName, loadService, styleOf } from './protocol/registry.ts';
import type { OperationPlan, Service, ServiceName } from './protocol/registry.ts';
import { awsQuery } from './protocol/query.ts';
import { wireOf } from './protocol/wire-of.ts';
import type { AnsweringService, OpenRequest, Wire } from './protocol/wire.ts';
import type { Refusal, SignedRequest } from './signature/signed-request.ts';
import type { Throttle } from './throttle.ts';
import { WriteLimit } from './write-limit.ts';

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
  /** Where values of metrics come from; absent: there are only custom ones. */
  metrics?: MetricsSource;
  region: string;
  clock: TimerClock;
  /** Where disk images may be imported from; absent: the public internet. */
  imports?: ImportLimits;
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
  wire: Wire;
  answerAs: AnsweringService & Pick<Service, 'takesGzip'>;
  accessKeyId?: string;
  refusal?: Refusal['reason'];
  caller?: Caller;
  action?: string;
  plan?: OperationPlan;
  input?: Record<string, unknown>;
}

/** How a request in a service that is not ours is answered: most of AWS's query services share this form. */
const foreignService: AnsweringService = { dialect: awsQuery, wording: awsQuery, xmlNamespace: '' };

/** Answers requests. Load the models with `createPipeline`, before readiness: the first call would wait for them otherwise. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #services: ReadonlyMap<string, Service>;
  readonly #metrics: MetricsSource;
  readonly #writes = new WriteLimit();

  constructor(options: PipelineOptions, services: readonly Service[]) {
    this.#options = options;
    this.#metrics = options.metrics ?? metricsSourceOf(customMetricsOnly, options.read);
    this.#services = new Map(services.map((service) => [service.name, service]));
  }

  /** Never rejects: every failure is an answer. */
  async handle(request: PipelineRequest): Promise<Answer> {
    const startedAt = performance.now();
    const serviceName = unsignedServiceName(request);
    const call: Call = { serviceName, wire: wireOf(request), answerAs: this.#styleOf(serviceName) };
    const { answer, code } = await this.#answer(request, call);
    this.#record(request, call, { code, status: answer.status, milliseconds: Math.round((performance.now() - startedAt) * 10) / 10 });
    return answer;
  }

  async #answer(request: PipelineRequest, call: Call): Promise<{ answer: Answer; code: string }> {
    try {
      return { answer: await this.#invoke(request, call), code: 'Success' };
    } catch (error) {
      const awsError = this.#awsErrorFrom(error, request, call);
      return { answer: call.wire.error(call.answerAs, awsError, request.requestId), code: awsError.code };
    }
  }

  async #invoke(request: PipelineRequest, call: Call): Promise<Answer> {
    const caller = await this.#authenticate(request, call);
    const open = call.wire.open(await withPlainBody(request, call.answerAs.takesGzip === true), call.answerAs);
    const { service, plan, operation } = this.#route(open, call);
    const input = this.#inputFrom(open, service, plan);
    call.input = input;
    this.#options.throttle?.({ accountId: caller.accountId, serviceName: service.name, action: plan.name, input });
    await this.#authorize(operation, caller, service, plan);
    if (input['DryRun'] === true) throw dryRunOperation();
    const run = async (): Promise<unknown> => operation.run(input as never, this.#contextFor(request, caller, plan));
    const output = await (isReadOnly(plan.name) ? run() : this.#writes.run(caller.accountId, run));
    return call.wire.answer(service, plan, output, request.requestId);
  }

  async #authenticate(request: PipelineRequest, call: Call): Promise<Caller> {
    const authentication = await authenticate(request, this.#options);
    const { claim } = authentication;
    if (claim) {
      const { serviceName, accessKeyId } = claim;
      Object.assign(call, { serviceName, accessKeyId, answerAs: isServiceName(serviceName) ? this.#styleOf(serviceName) : foreignService });
    }
    if ('refusal' in authentication) {
      call.refusal = authentication.refusal.reason;
      throw call.answerAs.wording.unauthenticated(authentication.refusal);
    }
    call.caller = authentication.caller;
    return authentication.caller;
  }

  #styleOf(name: ServiceName): AnsweringService & Pick<Service, 'takesGzip'> {
    return this.#services.get(name) ?? styleOf(name);
  }

  #route({ action, modelName }: OpenRequest, call: Call): { service: Service; plan: OperationPlan; operation: ImplementedOperation } {
    if (!action) throw missingAction();
    call.action = abbreviated(action);
    const signedFor = this.#services.get(call.serviceName);
    // A form does not name the service again; JSON and CBOR do, and must name the one that they are signed for.
    const service = modelName === undefined || modelName === signedFor?.modelName ? signedFor : undefined;
    const plan = service?.operations.get(action);
    if (plan) call.plan = plan;
    const table = this.#options.tables[call.serviceName as ServiceName] ?? {};
    const operation = Object.hasOwn(table, action) ? table[action] : undefined;
    if (!service || !plan || !operation) throw call.answerAs.wording.unknownAction(call.action);
    return { service, plan, operation };
  }

  #inputFrom(open: OpenRequest, service: Service, plan: OperationPlan): Record<string, unknown> {
    const { wording } = service;
    const { input, missing, unknown } = open.inputFor(service, plan);
    const [firstUnknown] = unknown;
    if (firstUnknown !== undefined && this.#options.unknownParameters === 'error') throw wording.unknownParameter(firstUnknown);
    if (firstUnknown !== undefined) {
      this.#options.log.warn('parameters outside the model were ignored', { action: plan.name, parameters: unknown.slice(0, 20) });
    }
    if (missing.length > 0) throw wording.missing(missing);
    return input;
  }

  async #authorize(operation: ImplementedOperation, caller: Caller, { wording, name }: Service, plan: OperationPlan): Promise<void> {
    if (!mayCall(caller, name, plan.name)) throw wording.unauthorized(caller.arn, actionPrefixOf(name), plan.name);
    const verdicts = await Promise.all(operation.access.map((access) => this.#options.authorize(caller, access)));
    if (verdicts.includes(false)) throw wording.unauthorized(caller.arn, actionPrefixOf(name), plan.name);
  }

  #contextFor({ requestId }: PipelineRequest, caller: Caller, { name }: OperationPlan): OperationContext {
    const { read, region, imports = { policy: publicOnly, s3Endpoint: undefined }, clock, log, liveAs, writeAs } = this.#options;
    const readOnly: ReadOnlyContext = { read, live: liveAs(caller), metrics: this.#metrics, caller, region, imports, requestId, clock, log: log.child({ requestId, operation: name }) };
    // What only describes gets nothing to write with, whatever its types say.
    return isReadOnly(name) ? (readOnly as OperationContext) : { ...readOnly, write: writeAs(caller) };
  }

  #awsErrorFrom(error: unknown, { requestId }: PipelineRequest, { answerAs, caller, serviceName, action, plan, input }: Call): AwsError {
    if (error instanceof MalformedForm) return answerAs.wording.malformed(error.message);
    const awsError = awsErrorFrom(error, answerAs.wording, { callerArn: caller?.arn ?? '', serviceName, action: action ?? '' });
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
