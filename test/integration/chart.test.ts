import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { startControlPlane, type ControlPlane } from '../../hack/control-plane/control-plane.ts';
import { Applier } from '../../hack/control-plane/apply.ts';
import { KubernetesClient, type AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { ensureGoTool } from '../../hack/tools/go-tools.ts';
import { configFrom } from '../../operator/config.ts';
import { newNamespace, sharedControlPlane } from '../support/control-plane.ts';
import { install } from '../support/install.ts';

const CHART = fileURLToPath(new URL('../../charts/kube-ec2', import.meta.url));

/** Every switch on, and every value that reaches a template set. */
const FULL_VALUES = {
  image: { repository: 'mirror.test/kube-ec2', tag: 'v9', pullPolicy: 'Always' },
  imagePullSecrets: [{ name: 'registry' }],
  region: 'eu-central-1',
  clusterDomain: 'example.test',
  logLevel: 'debug',
  accounts: [{ name: 'main', accountId: '123456789012', namespace: 'main-vms', quotas: { instances: 5 } }],
  instances: { launchDeadlineSeconds: 61, terminatedRetentionSeconds: 62, rebootDeadlineSeconds: 63, storageClass: 'fast' },
  elasticIps: { loadBalancerClass: 'example.com/lb', annotations: { 'metallb.io/address-pool': null, 'example.com/ips': '{address}' }, nodePorts: true },
  network: { provider: 'kube-ovn', kubeOvn: { externalSubnet: 'outside' } },
  images: { catalogue: { images: ['*'], mirror: 'mirror.test/disks/', namespace: 'default', root: 'ebs', rootVolumeSize: 12 } },
  imports: { allow: ['10.1.0.0/16', 'images.example.test'], s3Endpoint: 'https://s3.example.test' },
  controllers: {
    concurrency: 7,
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ key: 'a', operator: 'Exists' }],
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'b', operator: 'Exists' }] }] } } },
    priorityClassName: 'system-cluster-critical',
    podLabels: { team: 'a' },
    podAnnotations: { note: 'b' },
  },
  endpoint: {
    unknownParameters: 'error',
    heapMiB: 768,
    service: { type: 'LoadBalancer', port: 80, annotations: { a: 'b' }, sessionAffinity: 'None' },
    ingress: { enabled: true, className: 'nginx', host: 'ec2.example.test', annotations: { a: 'b' }, tlsSecretName: 'tls' },
  },
  serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
};

interface PodTemplate {
  metadata: { labels: Record<string, string> };
  spec: { containers: { env: { name: string; value?: string; valueFrom?: unknown }[] }[] };
}

describe('the Helm chart', () => {
  let helmPath: string;
  let folder: string;

  before(async () => {
    helmPath = await ensureGoTool('helm', (line) => process.stderr.write(`${line}\n`));
    folder = mkdtempSync(join(tmpdir(), 'kube-ec2-chart-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const helm = async (...parameters: string[]): Promise<string> => {
    const home = { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder };
    return (await promisify(execFile)(helmPath, parameters, { env: { ...process.env, ...home }, maxBuffer: 2 ** 25 })).stdout;
  };

  const render = async (values: object, namespace = 'kube-ec2'): Promise<AnyObject[]> => {
    const file = join(folder, 'values.yaml');
    writeFileSync(file, stringify(values));
    const text = await helm('template', 'test', CHART, '--namespace', namespace, '--values', file);
    return parseAllDocuments(text).map((document) => document.toJS() as AnyObject | null).filter((object) => object !== null);
  };

  const deploymentOf = (objects: readonly AnyObject[], name: string): { replicas: number; template: PodTemplate } => {
    const found = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === name);
    assert.ok(found, name);
    return found['spec'] as { replicas: number; template: PodTemplate };
  };

  const environmentOf = (objects: readonly AnyObject[], name: string): Record<string, string | undefined> => {
    const [container] = deploymentOf(objects, name).template.spec.containers;
    return Object.fromEntries((container?.env ?? []).map(({ name: variable, value }) => [variable, value]));
  };

  it('passes helm lint, warnings included', async () => {
    await helm('lint', CHART, '--strict');
  });

  for (const [name, values] of Object.entries({ 'with the values as they are': {}, 'with every value set': FULL_VALUES })) {
    it(`${name}: the API server and KubeVirt's webhooks accept all that it renders`, async () => {
      const plane = await sharedControlPlane();
      await install(plane);
      const objects = await render(values, await newNamespace(plane, 'chart'));
      const applier = new Applier(plane.client);
      // The Prometheus operator's kinds are not installed here.
      for (const object of objects.filter(({ kind }) => kind !== 'ServiceMonitor')) {
        await plane.client.patch(`${await applier.pathOf(object)}?fieldManager=helm&force=true&dryRun=All&fieldValidation=Strict`, 'apply', object);
      }
      assert.ok(objects.length > 100);
    });

    it(`${name}: its pods may run where Pod Security is restricted`, async () => {
      const plane = await sharedControlPlane();
      const namespace = await newNamespace(plane, 'restricted');
      await plane.client.patch(`/api/v1/namespaces/${namespace}`, 'merge', { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } });
      const objects = await render(values, namespace);
      for (const component of ['controllers', 'endpoint']) {
        const { template } = deploymentOf(objects, `kube-ec2-${component}`);
        await plane.client.create(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: `kube-ec2-${component}` } });
        const pod = { apiVersion: 'v1', kind: 'Pod', ...template, metadata: { ...template.metadata, name: component } };
        await plane.client.create(`/api/v1/namespaces/${namespace}/pods?dryRun=All&fieldValidation=Strict`, pod);
      }
    });
  }

  it('has the API server take renewals of the lease before other requests', async () => {
    const plane = await sharedControlPlane();
    const namespace = await newNamespace(plane, 'lease');
    const schema = (await render({}, namespace)).find(({ kind }) => kind === 'FlowSchema');
    assert.ok(schema);
    await plane.applier.apply([schema]);
    const controllers = new KubernetesClient(plane.connectionFor(`system:serviceaccount:${namespace}:kube-ec2-controllers`));
    const taken = /apiserver_flowcontrol_dispatched_requests_total\{flow_schema="kube-ec2-leader-election",priority_level="leader-election"\} [1-9]/;
    try {
      await eventually('the request is one of the leader election', 30, async () => {
        // It is judged before anybody asks whether it is allowed, which it is not.
        await controllers.get(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/kube-ec2-controllers`).catch(() => undefined);
        return taken.test(await plane.client.getText('/metrics'));
      });
    } finally {
      controllers.close();
      await plane.client.remove(`/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/${schema.metadata.name ?? ''}`);
    }
  });

  it('sets the environment that the operator reads', async () => {
    const objects = await render(FULL_VALUES);
    const controllers = configFrom(environmentOf(objects, 'kube-ec2-controllers'));
    const endpoint = configFrom(environmentOf(objects, 'kube-ec2-endpoint'));
    assert.deepEqual(
      { role: controllers.role, region: controllers.region, clusterDomain: controllers.clusterDomain, logLevel: controllers.logLevel },
      { role: 'controllers', region: 'eu-central-1', clusterDomain: 'example.test', logLevel: 'debug' },
    );
    assert.deepEqual(
      [controllers.launchDeadlineSeconds, controllers.terminatedRetentionSeconds, controllers.rebootDeadlineSeconds, controllers.storageClass, controllers.concurrency],
      [61, 62, 63, 'fast', 7],
    );
    const annotations = { 'metallb.io/loadBalancerIPs': '{address}', 'example.com/ips': '{address}' };
    assert.deepEqual(controllers.elasticIps, { loadBalancerClass: 'example.com/lb', annotations, nodePorts: true });
    assert.deepEqual([controllers.networkProvider, controllers.kubeOvnExternalSubnet], ['kube-ovn', 'outside']);
    assert.deepEqual([endpoint.role, endpoint.region, endpoint.unknownParameters], ['endpoint', 'eu-central-1', 'error']);
    assert.equal(environmentOf(objects, 'kube-ec2-endpoint')['NODE_OPTIONS'], '--max-semi-space-size=8 --max-old-space-size=768');
    for (const { imports } of [controllers, endpoint]) assert.deepEqual([imports.policy.networks.length, imports.policy.hosts, imports.s3Endpoint], [1, ['images.example.test'], 'https://s3.example.test']);
  });

  it('offers images of the catalogue only where they are asked for, under a name that goes with their source', async () => {
    const imagesOf = async (catalogue: object): Promise<AnyObject[]> => (await render({ images: { catalogue } })).filter(({ kind }) => kind === 'Ami');
    assert.deepEqual(await imagesOf({}), []);
    const base = { images: ['debian-12'], mirror: 'mirror.test/disks', namespace: 'main' };
    const [[one], [other]] = [await imagesOf(base), await imagesOf({ ...base, mirror: 'elsewhere.test' })];
    assert.deepEqual(one?.['spec'], {
      name: 'debian-12',
      description: 'Debian 12 (bookworm)',
      public: true,
      parameterPaths: ['/aws/service/debian/release/12/latest/amd64'],
      source: { containerDisk: { image: 'mirror.test/disks/debian:12' } },
    });
    assert.notEqual(one?.metadata.name, other?.metadata.name);
    assert.ok((await imagesOf({ ...base, images: ['*'] })).length > 10);
  });

  it('leaves the defaults of the operator alone', async () => {
    const objects = await render({});
    for (const [component, role] of [['kube-ec2-controllers', 'controllers'], ['kube-ec2-endpoint', 'endpoint']] as const) {
      assert.deepEqual(configFrom(environmentOf(objects, component)), configFrom({ KUBE_EC2_ROLE: role }));
    }
  });

  const refused = {
    'a region that is none': { values: { region: 'Frankfurt' }, want: "at '/region'" },
    'an account id without quotes': { values: { accounts: [{ name: 'main', accountId: 123456789012 }] }, want: "at '/accounts/0/accountId': got number, want string" },
    'a catalogue without a host': { values: { images: { catalogue: { images: ['debian-12'] } } }, want: 'images.catalogue.mirror: name the host' },
    'an image that the catalogue does not have': { values: { images: { catalogue: { images: ['dos-6'], mirror: 'm', namespace: 'main' } } }, want: 'there is no dos-6; there are alpine-' },
    'no replicas': { values: { endpoint: { replicas: 0 } }, want: "at '/endpoint/replicas': minimum: got 0, want 1" },
    'a value that does not exist': { values: { replicaCount: 2 }, want: "additional properties 'replicaCount' not allowed" },
    'an Ingress without a host': { values: { endpoint: { ingress: { enabled: true } } }, want: 'endpoint.ingress.host is required' },
  };
  for (const [name, { values, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      await assert.rejects(render(values), (error: Error) => error.message.includes(want));
    });
  }

  describe('installed', () => {
    let plane: ControlPlane;
    const namespace = 'operator';

    before(async () => {
      plane = await startControlPlane({ dataDirectory: join(folder, 'control-plane'), kubevirt: false, nodes: 1 });
      const accounts = ['--set', 'accounts[0].name=main', '--set-string', 'accounts[0].accountId=123456789012'];
      await helm('install', 'kube-ec2', CHART, '--kubeconfig', plane.kubeconfigPath, '--namespace', namespace, '--create-namespace', '--set', 'instanceTypes.install=false', ...accounts);
    });
    after(async () => plane.stop());

    const may = async (component: string, verb: string, group: string, resource: string, where?: string, name?: string): Promise<boolean> => {
      const review = await plane.client.create('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: {
          user: `system:serviceaccount:${namespace}:kube-ec2-${component}`,
          groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
          resourceAttributes: { verb, group, resource, namespace: where, name },
        },
      });
      return (review['status'] as { allowed: boolean }).allowed;
    };

    const permissions: Record<string, { parameters: Parameters<typeof may>; want: boolean }> = {
      'the endpoint watches Instances': { parameters: ['endpoint', 'watch', 'kube-ec2.io', 'instances'], want: true },
      'the endpoint acts as the root user of an account': { parameters: ['endpoint', 'impersonate', '', 'serviceaccounts', 'main', 'kube-ec2-root'], want: true },
      'the endpoint acts as no other ServiceAccount': { parameters: ['endpoint', 'impersonate', '', 'serviceaccounts', 'kube-system', 'namespace-controller'], want: false },
      'the endpoint asks what a caller may': { parameters: ['endpoint', 'create', 'authorization.k8s.io', 'subjectaccessreviews'], want: true },
      'the endpoint does not act as a user or group': { parameters: ['endpoint', 'impersonate', '', 'groups', undefined, 'system:masters'], want: false },
      'the endpoint creates nothing as itself': { parameters: ['endpoint', 'create', 'kube-ec2.io', 'instances', 'main'], want: false },
      'the endpoint changes no Secret': { parameters: ['endpoint', 'create', '', 'secrets', 'main'], want: false },
      'the endpoint knows no leader': { parameters: ['endpoint', 'get', 'coordination.k8s.io', 'leases', namespace], want: false },
      'the controllers take the Lease of their namespace': { parameters: ['controllers', 'update', 'coordination.k8s.io', 'leases', namespace], want: true },
      'the controllers take no Lease elsewhere': { parameters: ['controllers', 'update', 'coordination.k8s.io', 'leases', 'kube-system'], want: false },
      'the controllers act as nobody': { parameters: ['controllers', 'impersonate', '', 'serviceaccounts', 'main', 'kube-ec2-root'], want: false },
    };
    for (const [name, { parameters, want }] of Object.entries(permissions)) {
      it(name, async () => assert.equal(await may(...parameters), want));
    }

    it('makes the accounts, and leaves them and the kinds when it is removed', async () => {
      await helm('uninstall', 'kube-ec2', '--ignore-not-found', '--kubeconfig', plane.kubeconfigPath, '--namespace', namespace);
      const account = await plane.client.get('/apis/kube-ec2.io/v1alpha1/accounts/main');
      assert.deepEqual(account['spec'], { accountId: '123456789012', quotas: {} });
      const { items } = await plane.client.get<{ items: unknown[] }>(`/apis/apps/v1/namespaces/${namespace}/deployments`);
      assert.deepEqual(items, []);
    });
  });
});
