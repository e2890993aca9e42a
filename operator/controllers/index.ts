import type { MetricsSettings } from '../metrics/metrics-source-of.ts';
import { publicOnly } from '../kubernetes/outbound-policy.ts';
import { METALLB_ANNOTATIONS } from '../api/network/elastic-ip.ts';
import type { AnyController } from '../runtime/reconcile.ts';
import { accountController } from './account/controller.ts';
import { amiController } from './ami/controller.ts';
import { elasticIpController } from './elastic-ip/controller.ts';
import type { ElasticIpSettings } from './elastic-ip/settings.ts';
import { targetGroupController } from './target-group/controller.ts';
import { autoScalingGroupController } from './auto-scaling-group/controller.ts';
import { iamRoleController, iamUserController } from './iam-identity/controller.ts';
import type { EndpointServiceAccount } from './iam-identity/parts.ts';
import { fleetController } from './fleet/controller.ts';
import { importTaskController } from './import-task/controller.ts';
import type { ImportSettings } from './import-task/settings.ts';
import { instanceController } from './instance/controller.ts';
import type { InstanceSettings } from './instance/settings.ts';
import { instanceNamesController } from './instance-names/controller.ts';
import { keyPairController } from './key-pair/controller.ts';
import { networkInterfaceController } from './network-interface/controller.ts';
import { notificationTopicController } from './notification-topic/controller.ts';
import type { WebhookSettings } from './notification-topic/settings.ts';
import { placementGroupController } from './placement-group/controller.ts';
import { managedPrefixListController } from './managed-prefix-list/controller.ts';
import { securityGroupController } from './security-group/controller.ts';
import type { SecurityGroupSettings } from './security-group/settings.ts';
import { metricAlarmController } from './metric-alarm/controller.ts';
import { metricSeriesController } from './metric-series/controller.ts';
import { scalingPolicyController } from './scaling-policy/controller.ts';
import { scheduledActionController } from './scheduled-action/controller.ts';
import { launchConfigurationController } from './launch-configuration/controller.ts';
import { launchTemplateController } from './launch-template/controller.ts';
import { subnetController } from './subnet/controller.ts';
import { dhcpOptionsController } from './dhcp-options/controller.ts';
import { internetGatewayController } from './internet-gateway/controller.ts';
import { natGatewayController } from './nat-gateway/controller.ts';
import { networkAclController } from './network-acl/controller.ts';
import { routeTableController } from './route-table/controller.ts';
import { vpcController } from './vpc/controller.ts';
import type { VpcSettings } from './vpc/settings.ts';
import { snapshotController } from './snapshot/controller.ts';
import { volumeController } from './volume/controller.ts';

/** What controllers take from the configuration. */
export type ControllerSettings = ElasticIpSettings & ImportSettings & InstanceSettings & MetricsSettings & SecurityGroupSettings & VpcSettings & WebhookSettings & { concurrency: number; endpointServiceAccount: EndpointServiceAccount };

/** For readers of the definitions who run nothing, such as the generator of the roles. */
export const defaultControllerSettings: ControllerSettings = {
  region: 'us-east-1',
  clusterDomain: 'cluster.local',
  launchDeadlineSeconds: 600,
  terminatedRetentionSeconds: 3600,
  rebootDeadlineSeconds: 240,
  storageClass: undefined,
  networkPolicy: 'auto',
  networkPolicyFailClosed: false,
  podCidrs: [],
  networkProvider: 'pod',
  kubeOvnExternalSubnet: undefined,
  prometheusUrl: undefined,
  prometheusRateSeconds: 120,
  concurrency: 16,
  imports: { policy: publicOnly, s3Endpoint: undefined, resolve: async () => [] },
  webhooks: { policy: publicOnly, resolve: async () => [] },
  elasticIps: { loadBalancerClass: undefined, annotations: METALLB_ANNOTATIONS, nodePorts: false },
  endpointServiceAccount: { namespace: 'kube-ec2', name: 'kube-ec2-endpoint' },
};

/** Every controller of the operator. */
export function controllersFor(settings: ControllerSettings): AnyController[] {
  return [
    accountController(),
    amiController(),
    elasticIpController(settings),
    autoScalingGroupController(settings),
    iamRoleController(settings.endpointServiceAccount),
    iamUserController(settings.endpointServiceAccount),
    fleetController(),
    importTaskController(settings),
    instanceController(settings),
    instanceNamesController(),
    keyPairController(),
    launchConfigurationController(),
    launchTemplateController(),
    managedPrefixListController(),
    metricAlarmController(settings),
    metricSeriesController(),
    networkInterfaceController(),
    notificationTopicController(settings),
    placementGroupController(),
    scalingPolicyController(settings),
    scheduledActionController(),
    securityGroupController(settings),
    subnetController(settings),
    dhcpOptionsController(),
    internetGatewayController(),
    natGatewayController(settings),
    networkAclController(),
    routeTableController(settings),
    targetGroupController(),
    vpcController(settings),
    snapshotController(settings),
    volumeController(settings),
  ];
}
