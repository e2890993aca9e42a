import { relative } from 'node:path';

/** What `npm start` prints once everything works; every line of the examples can be pasted. */
export function welcome(options: { seconds: number; endpointUrl: string; environmentFile: string; namespace: string | undefined; hasSamples: boolean; logFolder: string }): string {
  const environment = pathForShell(options.environmentFile);
  const ready = `ready in ${String(Math.round(options.seconds * 10) / 10)} s: EC2 endpoint ${options.endpointUrl}; logs in ${pathForShell(options.logFolder)}`;
  if (options.namespace === undefined) {
    return `${ready}

There is no account yet. Make one, then take its root access key from the Secret that its status names:
  kubectl apply -f hack/dev/samples/account.yaml
  kubectl get account main -o yaml
Ctrl-C stops the operator.
`;
  }
  if (!options.hasSamples) {
    return `${ready}

In another shell, in this folder:
  . ${environment}
  aws sts get-caller-identity
  aws ec2 describe-images --owners self --query 'Images[].[ImageId,Name,State]' --output table
  aws ec2 describe-instances --query 'Reservations[].Instances[].[InstanceId,State.Name,InstanceType,PrivateIpAddress]' --output table
  kubectl -n ${options.namespace} get amis,instances
Ctrl-C stops the operator.
`;
  }
  return `${ready}

In another shell, in this folder:
  . ${environment}

with the aws CLI:
  image=$(aws ec2 describe-images --owners self --filters Name=name,Values=cirros --query 'Images[0].ImageId' --output text)
  id=$(aws ec2 run-instances --image-id "$image" --instance-type t3.micro --query 'Instances[0].InstanceId' --output text)
  aws ec2 wait instance-running --instance-ids "$id"
  aws ec2 describe-instances --query 'Reservations[].Instances[].[InstanceId,State.Name,InstanceType,PrivateIpAddress]' --output table
  aws ec2 stop-instances --instance-ids "$id"

with kubectl:
  kubectl -n ${options.namespace} get amis,instances,virtualmachines
  printf '%s\\n' 'apiVersion: kube-ec2.io/v1alpha1' 'kind: Instance' 'metadata: {name: web-1}' 'spec: {imageId: cirros, instanceType: t3.small}' | kubectl -n ${options.namespace} apply -f -
  kubectl -n ${options.namespace} get instances --watch

Ctrl-C stops everything and keeps the state; "npm start" continues from it, "npm start -- --fresh" begins anew.
`;
}

function pathForShell(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') || short === '' ? path : short;
}
