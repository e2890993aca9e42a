/**
 * Why an instance is in its state, in EC2's words.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html
 */
export interface StateReason {
  code: string;
  message: string;
}

/** Somebody stopped or terminated it. */
export const userInitiatedShutdown: StateReason = {
  code: 'Client.UserInitiatedShutdown',
  message: 'Client.UserInitiatedShutdown: User initiated shutdown',
};

/** The guest powered itself off. */
export const instanceInitiatedShutdown: StateReason = {
  code: 'Client.InstanceInitiatedShutdown',
  message: 'Client.InstanceInitiatedShutdown: Instance initiated shutdown',
};

/** What keeps a machine from starting. */
export type ProblemKind = 'Unschedulable' | 'ImagePullFailed' | 'VolumeNotFound' | 'CannotStart' | 'StartFailed';

/** A problem with the words of whoever reported it: the scheduler, a kubelet, KubeVirt. */
export interface Problem {
  kind: ProblemKind;
  message: string;
}

const problemCodes: Readonly<Record<ProblemKind, { code: string; prefix: string }>> = {
  Unschedulable: { code: 'Server.InsufficientInstanceCapacity', prefix: '' },
  ImagePullFailed: { code: 'Client.InternalError', prefix: 'AMI image cannot be pulled: ' },
  VolumeNotFound: { code: 'Client.InvalidSnapshot.NotFound', prefix: '' },
  CannotStart: { code: 'Server.InternalError', prefix: '' },
  StartFailed: { code: 'Server.InternalError', prefix: 'The machine failed to start again and again: ' },
};

/** EC2's reason for a machine that cannot start. */
export function stateReasonFrom(problem: Problem): StateReason {
  const { code, prefix } = problemCodes[problem.kind];
  return { code, message: `${code}: ${prefix}${problem.message}` };
}
