import { join } from 'node:path';
import { DescribeAvailabilityZonesCommand, DescribeImagesCommand, DescribeSecurityGroupsCommand, DescribeSubnetsCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { ControlPlane } from '../../hack/control-plane/control-plane.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { openAccount, type TestAccount } from './account.ts';
import { sharedControlPlane } from './control-plane.ts';
import { openAwsClients, type AwsClients } from './aws-client.ts';
import { install } from './install.ts';
import { freePort, startOperator, type OperatorOptions, type OperatorProcess } from './operator.ts';

/** Region that the tests' endpoint answers as: the default of the control plane's zones. */
export const REGION = 'us-east-1';

/** The product at work on a control plane: an operator with controllers and endpoint, with only the rights that the chart gives it. */
export interface Cloud {
  readonly controlPlane: ControlPlane;
  readonly operator: OperatorProcess;
  /** Kubeconfig of the operator's identity, for a second operator. */
  readonly operatorKubeconfig: string;
  /** Where the operator asks for metrics; a test that wants some starts a Prometheus there (prometheus.ts). */
  readonly prometheusPort: number;
  /** A new account, with clients that speak for it; `endpointUrl` names another endpoint than the operator's own. */
  open(prefix: string, endpointUrl?: string): Promise<TenantClients>;
  close(): Promise<void>;
}

/** An account and its clients. */
export interface TenantClients extends AwsClients {
  account: TestAccount;
}

/** Waits until the endpoint shows what kubectl shows of a new account, its images, and what of its network the controllers have still to make. */
async function isKnown({ namespace, ebsImageId, instanceStoreImageId, missingImageId }: TestAccount, ec2: EC2Client): Promise<void> {
  await eventually(`the endpoint knows the account ${namespace}, its images and its network`, 120, async () => {
    await ec2.send(new DescribeImagesCommand({ ImageIds: [ebsImageId, instanceStoreImageId, missingImageId] }));
    const { AvailabilityZones } = await ec2.send(new DescribeAvailabilityZonesCommand({}));
    const Filters = [{ Name: 'default-for-az', Values: ['true'] }, { Name: 'state', Values: ['available'] }];
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: ['default'] }] }));
    return Subnets?.length === AvailabilityZones?.length && SecurityGroups?.length === 1;
  });
}

/** Installs the product and starts the operator. The control plane stays the caller's to stop. */
export async function openCloud(controlPlane: ControlPlane, options: OperatorOptions = {}): Promise<Cloud> {
  const operatorKubeconfig = await install(controlPlane);
  const prometheusPort = await freePort();
  // A busy machine loses scrapes, which are one a second, and takes others late.
  const metrics = { KUBE_EC2_PROMETHEUS_URL: `http://127.0.0.1:${String(prometheusPort)}`, KUBE_EC2_PROMETHEUS_RATE_SECONDS: '8' };
  const operator = await startOperator(controlPlane, { kubeconfigPath: operatorKubeconfig, ...options, environment: { ...metrics, ...options.environment } });
  const opened: AwsClients[] = [];
  return {
    controlPlane,
    operator,
    operatorKubeconfig,
    prometheusPort,
    open: async (prefix, endpointUrl = operator.endpointUrl) => {
      const account = await openAccount(controlPlane, prefix);
      const clients = await openAwsClients({ endpointUrl, region: REGION, account }, join(controlPlane.dataDirectory, 'clients'));
      opened.push(clients);
      await isKnown(account, clients.ec2);
      return { ...clients, account };
    },
    close: async () => {
      for (const clients of opened) clients.close();
      await operator.stop();
    },
  };
}

let shared: Promise<Cloud> | undefined;

/** The product on the shared control plane of this mocha process: started by the first caller, ended with the control plane. */
export async function sharedCloud(): Promise<Cloud> {
  // Names under .test resolve nowhere: the configuration lets imports from these in. Receivers of webhooks are on loopback.
  const environment = { KUBE_EC2_IMPORT_ALLOW: '*.simulated.test', KUBE_EC2_WEBHOOK_ALLOW: '127.0.0.0/8' };
  shared ??= sharedControlPlane()
    .then(async (controlPlane) => openCloud(controlPlane, { environment }))
    .catch((error: unknown) => {
      // The next file tries again.
      shared = undefined;
      throw error;
    });
  return shared;
}
