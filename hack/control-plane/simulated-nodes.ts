import type { AnyObject } from './kubernetes-client.ts';
import type { CompleteOptions } from './options.ts';

/** A node with this label is run by the node agent, whoever created it. */
export const SIMULATED_LABEL = 'simulator.kube-ec2.io/node';

/** Most pods that one node runs; its network has 510 addresses. */
export const PODS_PER_NODE = 500;

/** The nodes of a control plane, spread over its zones; the agent fills in their status from the annotations. */
export function simulatedNodes({ nodes, zones, region, nodeSize }: CompleteOptions): AnyObject[] {
  return Array.from({ length: nodes }, (_, index) => {
    const name = `node-${String(index + 1)}`;
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: {
          [SIMULATED_LABEL]: 'true',
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          'topology.kubernetes.io/region': region,
          'topology.kubernetes.io/zone': zones[index % zones.length] ?? `${region}a`,
          'node.kubernetes.io/instance-type': 'simulated',
          'kubevirt.io/schedulable': 'true',
          // virt-launcher pods select nodes by it.
          'machine-type.node.kubevirt.io/q35': 'true',
          // The target of a live migration: what the running machine turned out to be.
          'machine-type.node.kubevirt.io/pc-q35-simulated': 'true',
        },
        annotations: { 'simulator.kube-ec2.io/cpu': nodeSize.cpu, 'simulator.kube-ec2.io/memory': nodeSize.memory },
      },
      spec: {},
    };
  });
}

/** What the node agent is, to the API server's authorizer. */
export const NODE_AGENT_USER = 'kube-ec2:node-agent';

/** The permissions of the kubelets that the agent plays; its work on VirtualMachineInstances is done as KubeVirt's own handler. */
export function nodeAgentAccess(): AnyObject[] {
  const name = 'kube-ec2-node-agent';
  const rule = (group: string, resources: string[], verbs: string[]): object => ({ apiGroups: [group], resources, verbs });
  return [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name },
      rules: [
        rule('', ['nodes', 'nodes/status', 'pods', 'pods/status'], ['get', 'list', 'watch', 'patch', 'update', 'delete']),
        rule('', ['pods', 'persistentvolumeclaims'], ['create']),
        rule('cdi.kubevirt.io', ['datavolumes', 'datavolumes/status', 'datavolumes/finalizers'], ['get', 'list', 'watch', 'patch', 'update']),
        rule('', ['secrets', 'configmaps'], ['get']),
        rule('', ['services', 'services/status'], ['get', 'list', 'watch', 'patch']),
        rule('', ['events'], ['create', 'patch']),
        rule('storage.k8s.io', ['csinodes'], ['create', 'patch']),
        rule('coordination.k8s.io', ['leases'], ['get', 'list', 'create', 'update', 'patch']),
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: NODE_AGENT_USER }],
    },
  ];
}
