import type { Logger } from 'winston';
import type { KubernetesObject } from '../api/shared.ts';
import type { ImportLimits } from '../kubernetes/outbound-policy.ts';
import type { PodLogSelection } from '../kubernetes/pod-log.ts';
import type { ObjectKey, Read } from '../kubernetes/read.ts';
import type { ResourceKind, ResourceType } from '../kubernetes/resource-type.ts';
import type { Write } from '../kubernetes/write.ts';
import type { TimerClock } from '../kubernetes/clock.ts';
import type { MetricsSource } from '../metrics/metrics-source.ts';

/** Who signed the request, after verification. */
export interface Caller {
  /** 12 digits. */
  accountId: string;
  /** The account's namespace: all that the caller may see or change lives there. */
  namespace: string;
  /** `arn:aws:iam::123456789012:root` or `...:user/name`. */
  arn: string;
  /** Unique id of the principal as STS shows it: the account id for root, `AIDA...` for a user. */
  userId: string;
  accessKeyId: string;
  /** Kubernetes user that writes are sent as, `system:serviceaccount:<namespace>:<name>`. */
  kubernetesUser: string;
  /** Patterns of actions (`ec2:Describe*`) that the policies of an IamUser or IamRole allow. Absent: Kubernetes' permissions alone decide. */
  allowedActions?: readonly string[];
  /** Name of the IamUser that the key belongs to. */
  iamUser?: string;
  /** ARN of the role of an assumed-role session: what trust policies name. */
  roleArn?: string;
}

/** One Kubernetes permission that an operation needs in the caller's namespace (or at cluster scope for cluster-scoped kinds). */
export interface Access {
  verb: 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete';
  resource: ResourceKind;
}

/** Look-ups in the API server itself, for what no cache should hold (user data). */
export interface LiveRead {
  /** Undefined if it does not exist. @throws ApiError - Forbidden, unavailable */
  fetch<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey): Promise<T | undefined>;
  /** The end of a container's log; undefined if there is no such pod, or its container has not begun. @throws ApiError - Forbidden, unavailable */
  podLog(selection: PodLogSelection): Promise<Buffer | undefined>;
  /** What a machine shows on its screen, as PNG; undefined if it does not run. @throws ApiError - Forbidden, unavailable */
  screenshot(key: ObjectKey): Promise<Buffer | undefined>;
}

/** What an operation gets beside its input. `read` is the informer cache; `live` and `write` act as the caller; a write returns once the cache holds the result. */
export interface OperationContext {
  read: Read;
  live: LiveRead;
  write: Write;
  metrics: MetricsSource;
  caller: Caller;
  region: string;
  imports: ImportLimits;
  requestId: string;
  clock: TimerClock;
  log: Logger;
}

/** What Describe* and Get* operations get: nothing to write with. */
export type ReadOnlyContext = Omit<OperationContext, 'write'>;

/** A row of a service's table: the plain function and what the caller must be allowed to do. */
export interface ImplementedOperation {
  // The pipeline decodes and encodes by schema, so input and output are opaque to it; each function has its own exact types.
  run(input: never, context: OperationContext): Promise<unknown>;
  access: Access[];
}

/** Wire name of the operation to its implementation. Names that the model does not know fail a test. */
export type OperationTable = Readonly<Record<string, ImplementedOperation>>;
