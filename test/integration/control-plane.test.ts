import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { ControlPlane } from '../../hack/control-plane/control-plane.ts';
import { KubernetesClient, KubernetesError, type AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { newNamespace, sharedControlPlane } from '../support/control-plane.ts';
import { openForEachTry } from '../support/tries.ts';

interface Machine extends AnyObject {
  status?: { phase?: string; nodeName?: string; interfaces?: { ipAddress?: string }[]; volumeStatus?: { name: string; phase?: string; target?: string }[]; conditions?: { type: string; status: string; reason?: string; message?: string }[] };
}

interface VirtualMachine extends AnyObject {
  status?: { printableStatus?: string; runStrategy?: string; ready?: boolean; conditions?: { type: string; status: string; message?: string }[] };
}

interface Specification {
  image?: string;
  zone?: string;
  memory?: string;
}

/** The machine form of kubevirt.md, section 1. */
function virtualMachine(namespace: string, name: string, { image = 'registry.invalid/linux:1', zone, memory = '1Gi' }: Specification = {}): AnyObject {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name, namespace },
    spec: {
      runStrategy: 'RerunOnFailure',
      template: {
        metadata: { labels: { 'test/instance': name } },
        spec: {
          ...(zone === undefined ? {} : { nodeSelector: { 'topology.kubernetes.io/zone': zone } }),
          evictionStrategy: 'LiveMigrateIfPossible',
          terminationGracePeriodSeconds: 120,
          domain: {
            memory: { guest: memory },
            firmware: { uuid: crypto.randomUUID(), serial: name },
            devices: {
              logSerialConsole: true,
              rng: {},
              disks: [
                { name: 'root', bootOrder: 1, disk: { bus: 'virtio' } },
                { name: 'cidata', disk: { bus: 'virtio' } },
              ],
              interfaces: [{ name: 'default', masquerade: {}, model: 'virtio' }],
            },
          },
          networks: [{ name: 'default', pod: {} }],
          volumes: [
            { name: 'root', containerDisk: { image } },
            { name: 'cidata', cloudInitNoCloud: { userData: '#cloud-config' } },
          ],
        },
      },
    },
  };
}

describe('the control plane', () => {
  let plane: ControlPlane;
  let namespace: string;
  const machines = (): string => `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`;
  const guests = (): string => `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstances`;
  const subresources = (name: string): string =>
    `/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstances/${name}`;
  const machine = async (name: string): Promise<VirtualMachine> => plane.client.get<VirtualMachine>(`${machines()}/${name}`);
  const guest = async (name: string): Promise<Machine | undefined> =>
    plane.client.find<Machine>(`${guests()}/${name}`);
  const order = async (name: string, guestOrder: string): Promise<unknown> =>
    plane.client.patch(`${guests()}/${name}`, 'merge', { metadata: { annotations: { 'simulator.kube-ec2.io/guest': guestOrder } } });
  const shows = async (name: string, status: string): Promise<VirtualMachine> =>
    eventually(`${name} shows ${status}`, 120, async () => {
      const found = await machine(name);
      if (found.status?.printableStatus === status) return found;
      throw new Error(`it shows ${String(found.status?.printableStatus)}: ${JSON.stringify(found.status?.conditions)}`);
    });
  const running = async (name: string): Promise<Machine> =>
    eventually(`${name} runs and is ready`, 120, async () => {
      const found = await guest(name);
      const isReady = found?.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True');
      if (found?.status?.phase === 'Running' && isReady) return found;
      throw new Error(`phase ${String(found?.status?.phase)}: ${JSON.stringify(found?.status?.conditions)}`);
    });
  /** Follows an object from before an act on until it has shown what is wanted: a look now and then would miss what is short. */
  const follows = async <T extends AnyObject>(what: string, collection: string, name: string, act: () => Promise<unknown>, isSeen: (object: T) => boolean): Promise<T> => {
    const { metadata } = await plane.client.get(collection);
    const events = plane.client.watch<T>(`${collection}?fieldSelector=metadata.name%3D${name}&resourceVersion=${String(metadata.resourceVersion)}`);
    await act();
    const seen = (async (): Promise<T> => {
      for await (const { object } of events) if (isSeen(object)) return object;
      return assert.fail(`the watch ended before ${what}`);
    })();
    return Promise.race([seen, delay(120_000, undefined, { ref: false }).then(() => assert.fail(`not after 120 s: ${what}`))]);
  };
  const launch = async (name: string, specification?: Specification): Promise<Machine> => {
    await plane.client.create(machines(), virtualMachine(namespace, name, specification));
    return running(name);
  };

  openForEachTry(async () => {
    plane = await sharedControlPlane();
    namespace = await newNamespace(plane, 'control-plane');
  });

  it('has three ready nodes in three zones', async () => {
    const { items } = await plane.client.get<{ items: AnyObject[] }>('/api/v1/nodes');
    const zones = items.map((node) => node.metadata.labels?.['topology.kubernetes.io/zone']);
    assert.deepEqual(zones.sort(), ['us-east-1a', 'us-east-1b', 'us-east-1c']);
  });

  it('runs a machine in its zone, with an address of the pod network that no other machine has', async () => {
    const first = await launch('runs-1', { zone: 'us-east-1b' });
    const second = await launch('runs-2', { zone: 'us-east-1b' });
    assert.equal(first.status?.nodeName, 'node-2');
    const [one, two] = [first, second].map((each) => each.status?.interfaces?.[0]?.ipAddress ?? '');
    assert.match(one ?? '', /^10\.244\./);
    assert.notEqual(one, two);
    const conditions = (first.status?.conditions ?? []).filter((each) => each.status === 'True').map((each) => each.type);
    assert.deepEqual(conditions.sort(), ['AgentConnected', 'LiveMigratable', 'Ready', 'StorageLiveMigratable']);
  });

  it('stops and starts a machine', async () => {
    const before = await launch('stops');
    await plane.client.patch(`${machines()}/stops`, 'merge', { spec: { runStrategy: 'Halted' } });
    await eventually('it is gone', 120, async () => (await guest('stops')) === undefined);
    await shows('stops', 'Stopped');
    await plane.client.patch(`${machines()}/stops`, 'merge', { spec: { runStrategy: 'RerunOnFailure' } });
    const after = await running('stops');
    assert.notEqual(after.metadata.uid, before.metadata.uid);
  });

  it('leaves a machine stopped whose guest powered off, its strategy unchanged', async () => {
    await launch('powers-off');
    await order('powers-off', 'poweroff');
    await eventually('it is gone', 120, async () => (await guest('powers-off')) === undefined);
    const stopped = await shows('powers-off', 'Stopped');
    assert.equal((stopped['spec'] as { runStrategy: string }).runStrategy, 'RerunOnFailure');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.equal(await guest('powers-off'), undefined, 'it must not come back by itself');
  });

  it('runs a machine again whose guest crashed', async () => {
    const before = await launch('crashes');
    await order('crashes', 'crash');
    const after = await eventually('a new machine runs', 60, async () => {
      const found = await running('crashes');
      return found.metadata.uid === before.metadata.uid ? undefined : found;
    });
    assert.equal(after.metadata.annotations?.['simulator.kube-ec2.io/guest'], undefined);
  });

  it('reboots a machine through the subresource: the same machine, whose guest agent goes and comes', async () => {
    const before = await launch('reboots');
    const reboot = async (): Promise<unknown> => plane.client.put(`${subresources('reboots')}/softreboot`, {});
    const seen = new Set<boolean>();
    const after = await follows<Machine>('the agent has gone and come', guests(), 'reboots', reboot, ({ status }) => {
      const isConnected = status?.conditions?.some((condition) => condition.type === 'AgentConnected') ?? false;
      seen.add(isConnected);
      return seen.has(false) && isConnected;
    });
    assert.equal(after.metadata.uid, before.metadata.uid);
    assert.equal(after.metadata.annotations?.['simulator.kube-ec2.io/softreboots'], '1');
  });

  it('counts a soft reboot that the guest ignores, and resets it', async () => {
    await launch('ignores');
    await order('ignores', 'ignore-softreboot');
    await plane.client.put(`${subresources('ignores')}/softreboot`, {});
    await plane.client.put(`${subresources('ignores')}/reset`, {});
    const { annotations } = (await guest('ignores'))?.metadata ?? {};
    assert.equal(annotations?.['simulator.kube-ec2.io/softreboots'], '1');
    assert.equal(annotations['simulator.kube-ec2.io/resets'], '1');
  });

  it('pauses and unpauses a machine, and answers for its guest agent', async () => {
    await launch('pauses');
    await plane.client.put(`${subresources('pauses')}/pause`, {});
    await shows('pauses', 'Paused');
    await plane.client.put(`${subresources('pauses')}/unpause`, {});
    await shows('pauses', 'Running');
    const information = await plane.client.get<{ os?: { name?: string } }>(`${subresources('pauses')}/guestosinfo`);
    assert.equal(information.os?.name, 'Simulated guest');
  });

  for (const image of ['unreachable.invalid/linux:1', 'registry.invalid/linux:missing']) {
    it(`tells that ${image} cannot be pulled`, async () => {
      const name = image.startsWith('unreachable') ? 'unreachable' : 'missing';
      const create = async (): Promise<unknown> => plane.client.create(machines(), virtualMachine(namespace, name, { image }));
      const seen = new Set<string | undefined>();
      await follows<VirtualMachine>('both reasons were shown', machines(), name, create, ({ status }) => {
        seen.add(status?.printableStatus);
        return seen.has('ErrImagePull') && seen.has('ImagePullBackOff');
      });
      const condition = (await guest(name))?.status?.conditions?.find((each) => each.type === 'Synchronized');
      assert.equal(condition?.status, 'False');
      assert.ok(condition.message?.includes(image), condition.message);
    });
  }

  it('tells that a machine has no place, and deletes it', async () => {
    await plane.client.create(machines(), virtualMachine(namespace, 'too-big', { memory: '2Ti' }));
    await shows('too-big', 'ErrorUnschedulable');
    const condition = (await guest('too-big'))?.status?.conditions?.find((each) => each.type === 'PodScheduled');
    assert.match(condition?.message ?? '', /Insufficient memory/);
    await plane.client.remove(`${machines()}/too-big`);
    await eventually('it is gone', 120, async () => (await guest('too-big')) === undefined);
  });

  it('attaches a volume to a running machine and detaches it', async () => {
    await plane.client.create(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
      metadata: { name: 'extra' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    const before = await launch('attaches');
    const { spec } = await plane.client.get<{ spec: { template: { spec: { volumes: object[]; domain: { devices: { disks: object[] } } } } } }>(`${machines()}/attaches`);
    const { volumes, domain } = spec.template.spec;
    const change = async (moreVolumes: object[], moreDisks: object[]): Promise<unknown> =>
      plane.client.patch(`${machines()}/attaches`, 'merge', {
        spec: { template: { spec: { volumes: [...volumes, ...moreVolumes], domain: { devices: { disks: [...domain.devices.disks, ...moreDisks] } } } } },
      });
    const status = async (): Promise<{ phase?: string; target?: string } | undefined> => (await guest('attaches'))?.status?.volumeStatus?.find((each) => each.name === 'extra');

    await change([{ name: 'extra', persistentVolumeClaim: { claimName: 'extra', hotpluggable: true } }], [{ name: 'extra', disk: { bus: 'scsi' } }]);
    const attached = await eventually('it is attached', 150, async () => {
      const found = await status();
      return found?.phase === 'Ready' ? found : undefined;
    });
    assert.equal(attached.target, 'sda');
    await change([], []);
    await eventually('it is detached', 150, async () => (await status()) === undefined);
    assert.equal((await guest('attaches'))?.metadata.uid, before.metadata.uid);
  });

  it('keeps a machine pending whose Secret does not exist, and runs it once it does', async () => {
    const object = virtualMachine(namespace, 'waits') as AnyObject & { spec: { template: { spec: { volumes: object[] } } } };
    object.spec.template.spec.volumes[1] = { name: 'cidata', cloudInitNoCloud: { secretRef: { name: 'waits-ud' } } };
    await plane.client.create(machines(), object);
    await eventually('its pod says why', 60, async () => {
      const { items } = await plane.client.get<{ items: { reason: string; message: string }[] }>(`/api/v1/namespaces/${namespace}/events`);
      return items.some(({ reason, message }) => reason === 'FailedMount' && message.includes('"waits-ud" not found'));
    });
    assert.notEqual((await guest('waits'))?.status?.phase, 'Running');
    const userdata = Buffer.from('#cloud-config').toString('base64');
    await plane.client.create(`/api/v1/namespaces/${namespace}/secrets`, { metadata: { name: 'waits-ud' }, data: { userdata } });
    await running('waits');
  });

  it('gives any identity exactly its own rights', async () => {
    const nobody = new KubernetesClient(plane.connectionFor(`system:serviceaccount:${namespace}:nobody`));
    try {
      const review = await nobody.create<{ status: { userInfo: { username: string; groups: string[] } } }>(
        '/apis/authentication.k8s.io/v1/selfsubjectreviews',
        { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
      );
      assert.equal(review.status.userInfo.username, `system:serviceaccount:${namespace}:nobody`);
      assert.ok(review.status.userInfo.groups.includes(`system:serviceaccounts:${namespace}`));
      await assert.rejects(nobody.get(machines()), { code: 403 });
    } finally {
      nobody.close();
    }
  });

  it('goes on with its machines after the API server and etcd were killed', async () => {
    const before = await launch('survives');
    try {
      await plane.killApiServer();
      await assert.rejects(guest('survives'));
      await plane.startApiServer();
      await plane.killEtcd();
    } finally {
      await plane.startEtcd();
      await plane.startApiServer();
    }
    await plane.restartApiServer();
    assert.equal((await guest('survives'))?.metadata.uid, before.metadata.uid);
    await eventually('new machines run', 120, async () => launch('after-the-storm').catch(async (error: unknown) => {
      if (error instanceof KubernetesError && error.reason === 'AlreadyExists') return running('after-the-storm');
      throw error;
    }));
    await order('survives', 'crash');
    await eventually('what was there before is still looked after', 120, async () => {
      const found = await guest('survives');
      return found?.status?.phase === 'Running' && found.metadata.uid !== before.metadata.uid;
    });
  }).timeout(700_000);

  it('loses a node: a machine on it is run elsewhere once its pod is given up, and the node comes back', async () => {
    const before = await launch('loses', { memory: '512Mi' });
    const node = `/api/v1/nodes/${String(before.status?.nodeName)}`;
    const setLost = async (value: string | null): Promise<unknown> =>
      plane.client.patch(node, 'merge', { metadata: { annotations: { 'simulator.kube-ec2.io/lost': value } } });
    const outOfService = { key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' };
    const isReady = async (): Promise<string | undefined> => {
      const { status } = await plane.client.get<{ status: { conditions: { type: string; status: string }[] } }>(node);
      return status.conditions.find((condition) => condition.type === 'Ready')?.status;
    };
    try {
      await setLost('true');
      await eventually('KubeVirt gives the node no more machines', 120, async () => {
        const { metadata } = await plane.client.get(node);
        return metadata.labels?.['kubevirt.io/schedulable'] === 'false';
      });
      await eventually('the node is not ready', 150, async () => (await isReady()) === 'Unknown');
      assert.equal((await guest('loses'))?.metadata.uid, before.metadata.uid, 'nobody can know that it is dead');
      const { spec } = await plane.client.get<{ spec: { taints?: object[] } }>(node);
      await plane.client.patch(node, 'merge', { spec: { taints: [...(spec.taints ?? []), outOfService] } });
      await eventually('a new machine runs on another node', 200, async () => {
        const found = await running('loses');
        return found.metadata.uid !== before.metadata.uid && found.status?.nodeName !== before.status?.nodeName;
      });
    } finally {
      const { spec } = await plane.client.get<{ spec: { taints?: { key: string }[] } }>(node);
      await plane.client.patch(node, 'merge', { spec: { taints: (spec.taints ?? []).filter((taint) => taint.key !== outOfService.key) } });
      await setLost(null);
    }
    await eventually('the node is ready again', 150, async () => (await isReady()) === 'True');
  }).timeout(700_000);
});
