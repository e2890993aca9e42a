import { controllersFor, defaultControllerSettings } from '../operator/controllers/index.ts';
import { endpointAccountPermissions, endpointPermissions } from '../operator/endpoint/permissions.ts';
import { leaderElectionPermissions } from '../operator/runtime/leader-election.ts';
import { runtimePermissions } from '../operator/runtime/manager.ts';
import type { RoleDeclaration } from './generate-permissions.ts';

/** The roles of the operator's own processes, from what their parts declare. */
export const rolesOfOperator: readonly RoleDeclaration[] = [
  {
    name: 'kube-ec2-controllers',
    description: 'The controllers of kube-ec2: what they watch, make and remove.',
    permissions: [...runtimePermissions, ...controllersFor(defaultControllerSettings).flatMap(({ permissions }) => permissions)],
  },
  {
    name: 'kube-ec2-leader-election',
    description: 'Who of the controllers leads: bound in the namespace of the operator only.',
    permissions: leaderElectionPermissions,
  },
  {
    name: 'kube-ec2-endpoint',
    description: 'The endpoint of kube-ec2: what it reads, and that it acts as the root user of accounts.',
    permissions: endpointPermissions,
  },
  {
    name: 'kube-ec2-endpoint-account',
    description: 'Lets the endpoint of kube-ec2 act as the ServiceAccounts of a namespace: bind it in the namespace of an account that has access keys of users.',
    permissions: endpointAccountPermissions,
  },
];
