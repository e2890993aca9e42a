import * as ec2 from '@aws-sdk/client-ec2';
import { KubernetesError, type AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import type { Cloud, TenantClients } from './cloud.ts';

type Live = AnyObject & { spec: Record<string, unknown>; status?: Record<string, unknown> };
type Plural = 'instances' | 'volumes' | 'snapshots' | 'amis' | 'importtasks';

/** So many of a kind at a time: more would only take longer. */
const LIMITS = { instances: 5, volumes: 14, snapshots: 12, amis: 5, importtasks: 3 } as const satisfies Record<Plural, number>;
const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'] as const;
const DEVICES = ['/dev/sdf', '/dev/sdg', '/dev/sdh', '/dev/sdi'] as const;
const API = '/apis/kube-ec2.io/v1alpha1';

/** Does what users do to volumes, snapshots, images and instances of two accounts, through the API and with kubectl, in an order that chance decides. */
export class StorageWalk {
  readonly #cloud: Cloud;
  readonly #tenant: TenantClients;
  readonly #stranger: TenantClients;
  readonly #random: () => number;
  readonly #slowClass: string;
  #number = 0;
  /** What was done, and how it was answered. */
  readonly told: string[] = [];
  /** How often which action was carried out. */
  readonly done = new Map<string, number>();

  /** `slowClass` is a StorageClass whose disks take a while. */
  constructor(cloud: Cloud, tenants: { tenant: TenantClients; stranger: TenantClients }, slowClass: string, random: () => number) {
    this.#cloud = cloud;
    this.#tenant = tenants.tenant;
    this.#stranger = tenants.stranger;
    this.#slowClass = slowClass;
    this.#random = random;
  }

  /** One action. What EC2 or an admission rule refuses is an answer like any other. @throws Error - of what must not happen */
  async step(): Promise<void> {
    const world = {
      instances: await this.#live('instances', this.#tenant),
      volumes: await this.#live('volumes', this.#tenant),
      snapshots: await this.#live('snapshots', this.#tenant),
      amis: await this.#live('amis', this.#tenant),
      importtasks: await this.#live('importtasks', this.#tenant),
      strangers: await this.#live('snapshots', this.#stranger),
    };
    const actions = Object.entries(this.#actions(world)).filter(([, action]) => action !== undefined);
    const [name = 'nothing', action] = this.#pick(actions) ?? [];
    let answer = 'done';
    try {
      await action?.();
      this.done.set(name, (this.done.get(name) ?? 0) + 1);
    } catch (error) {
      answer = refusalOf(error) ?? '';
      if (answer === '') throw new Error(`${name}: ${String(error)}\n${this.told.slice(-20).join('\n')}`, { cause: error });
    }
    this.told.push(`${name}: ${answer}`);
  }

  #actions({ instances, volumes, snapshots, amis, importtasks, strangers }: Record<Plural | 'strangers', Live[]>): Record<string, (() => Promise<unknown>) | undefined> {
    const { ec2: client, account } = this.#tenant;
    const [instance, volume, snapshot, ami] = [this.#pick(instances), this.#pick(volumes), this.#pick(snapshots), this.#pick(amis)];
    const [instanceId, volumeId, snapshotId, imageId] = [idOf(instance, 'instanceId'), idOf(volume, 'volumeId'), idOf(snapshot, 'snapshotId'), idOf(ami, 'imageId')];
    const zone = this.#pick(ZONES);
    const device = this.#pick(DEVICES);
    const isRoom = (plural: Plural, count: number): boolean => count < LIMITS[plural];
    const launchedImage = this.#random() < 0.5 ? account.ebsImageId : imageId;
    const free = volumes.filter(({ spec }) => spec['attachment'] === undefined);
    const freeId = idOf(this.#pick(free), 'volumeId');
    const path = (plural: Plural, of: Live | undefined): string => `${API}/namespaces/${account.namespace}/${plural}/${of?.metadata.name ?? ''}`;
    const kubectl = this.#cloud.controlPlane.client;
    const isBase = (of: Live | undefined): boolean => ['ebs', 'instance-store', 'missing'].includes(of?.metadata.name ?? '');
    const when = (condition: unknown, action: () => Promise<unknown>): (() => Promise<unknown>) | undefined => (condition === undefined || condition === false ? undefined : action);
    return {
      CreateVolume: when(isRoom('volumes', volumes.length), () => client.send(new ec2.CreateVolumeCommand({ AvailabilityZone: zone, Size: 1 }))),
      'CreateVolume of a snapshot': when(isRoom('volumes', volumes.length) && snapshotId, () => client.send(new ec2.CreateVolumeCommand({ AvailabilityZone: zone, SnapshotId: snapshotId }))),
      'kubectl create volume': when(isRoom('volumes', volumes.length), () => this.#create('Volume', { size: 1, availabilityZone: zone, storageClassName: this.#slowClass })),
      AttachVolume: when(instanceId && freeId, () => client.send(new ec2.AttachVolumeCommand({ VolumeId: freeId, InstanceId: instanceId, Device: device }))),
      'kubectl attach': when(instanceId && freeId, () =>
        kubectl.patch(path('volumes', this.#pick(free)), 'merge', { spec: { attachment: { instanceId, device, deleteOnTermination: this.#random() < 0.5 } } }),
      ),
      DetachVolume: when(volumeId, () => client.send(new ec2.DetachVolumeCommand({ VolumeId: volumeId, Force: this.#random() < 0.3 }))),
      ModifyVolume: when(volumeId, () => client.send(new ec2.ModifyVolumeCommand({ VolumeId: volumeId, Size: Number(volume?.spec['size'] ?? 1) + 1 }))),
      DeleteVolume: when(volumeId, () => client.send(new ec2.DeleteVolumeCommand({ VolumeId: volumeId }))),
      'kubectl delete volume': when(volume, () => kubectl.remove(path('volumes', volume))),
      CreateSnapshot: when(isRoom('snapshots', snapshots.length) && volumeId, () => client.send(new ec2.CreateSnapshotCommand({ VolumeId: volumeId }))),
      CreateSnapshots: when(isRoom('snapshots', snapshots.length) && instanceId, () => client.send(new ec2.CreateSnapshotsCommand({ InstanceSpecification: { InstanceId: instanceId } }))),
      CopySnapshot: when(isRoom('snapshots', snapshots.length) && snapshotId, () => client.send(new ec2.CopySnapshotCommand({ SourceRegion: 'us-east-1', SourceSnapshotId: snapshotId }))),
      'share and copy': when(isRoom('snapshots', strangers.length) && snapshotId, () => this.#share(snapshotId ?? '')),
      'the stranger deletes': when(strangers.length > 0, () => this.#stranger.ec2.send(new ec2.DeleteSnapshotCommand({ SnapshotId: idOf(this.#pick(strangers), 'snapshotId') }))),
      DeleteSnapshot: when(snapshotId, () => client.send(new ec2.DeleteSnapshotCommand({ SnapshotId: snapshotId }))),
      'kubectl delete snapshot': when(snapshot, () => kubectl.remove(path('snapshots', snapshot))),
      CreateImage: when(isRoom('amis', amis.length - 3) && instanceId, () => client.send(new ec2.CreateImageCommand({ InstanceId: instanceId, Name: this.#name('image'), NoReboot: this.#random() < 0.5 }))),
      'import an image': when(isRoom('importtasks', importtasks.length) && isRoom('amis', amis.length - 3), () =>
        this.#create('Ami', { name: this.#name('imported'), source: { http: { url: 'http://images.simulated.test/disk.qcow2' } }, rootVolumeSize: 2 }),
      ),
      DeregisterImage: when(imageId && !isBase(ami), () => client.send(new ec2.DeregisterImageCommand({ ImageId: imageId, DeleteAssociatedSnapshots: this.#random() < 0.5 }))),
      RunInstances: when(isRoom('instances', instances.length) && launchedImage, () => this.#launch(launchedImage ?? '', snapshotId)),
      'kubectl create instance': when(isRoom('instances', instances.length), () =>
        this.#create('Instance', { imageId: 'ebs', instanceType: 't3.micro', userData: '#cloud-config', blockDeviceMappings: [{ deviceName: '/dev/sdb', ebs: { volumeSize: 1 } }] }),
      ),
      StopInstances: when(instanceId, () => client.send(new ec2.StopInstancesCommand({ InstanceIds: [instanceId ?? ''] }))),
      StartInstances: when(instanceId, () => client.send(new ec2.StartInstancesCommand({ InstanceIds: [instanceId ?? ''] }))),
      TerminateInstances: when(instanceId, () => client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [instanceId ?? ''] }))),
      'kubectl delete instance': when(instance, () => kubectl.remove(path('instances', instance))),
    };
  }

  async #launch(ImageId: string, SnapshotId: string | undefined): Promise<unknown> {
    const data = this.#random() < 0.5 ? [] : [{ DeviceName: '/dev/sdb', Ebs: { VolumeSize: 3, ...(SnapshotId === undefined ? {} : { SnapshotId }), DeleteOnTermination: this.#random() < 0.5 } }];
    const input = { ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, BlockDeviceMappings: data, UserData: Buffer.from('#!/bin/sh').toString('base64') } as const;
    return this.#tenant.ec2.send(new ec2.RunInstancesCommand({ ...input, BlockDeviceMappings: [...data] }));
  }

  async #share(SnapshotId: string): Promise<unknown> {
    const permission = { SnapshotId, CreateVolumePermission: { Add: [{ UserId: this.#stranger.account.accountId }] } };
    await this.#tenant.ec2.send(new ec2.ModifySnapshotAttributeCommand(permission));
    if (this.#random() < 0.5) return this.#stranger.ec2.send(new ec2.CreateVolumeCommand({ AvailabilityZone: this.#pick(ZONES), SnapshotId }));
    return this.#stranger.ec2.send(new ec2.CopySnapshotCommand({ SourceRegion: 'us-east-1', SourceSnapshotId: SnapshotId }));
  }

  async #create(kind: string, spec: Record<string, unknown>): Promise<unknown> {
    const folder = `${API}/namespaces/${this.#tenant.account.namespace}/${kind.toLowerCase()}s`;
    return this.#cloud.controlPlane.client.create(folder, { apiVersion: 'kube-ec2.io/v1alpha1', kind, metadata: { name: this.#name(kind.toLowerCase()) }, spec });
  }

  async #live(plural: Plural, { account }: TenantClients): Promise<Live[]> {
    const { items } = await this.#cloud.controlPlane.client.get<{ items: Live[] }>(`${API}/namespaces/${account.namespace}/${plural}`);
    return items.filter(({ metadata, status }) => metadata['deletionTimestamp'] === undefined && status?.['state'] !== 'terminated');
  }

  #name(prefix: string): string {
    this.#number += 1;
    return `${prefix}-${String(this.#number)}`;
  }

  #pick<T>(items: readonly T[]): T | undefined;
  #pick<T>(items: readonly [T, ...T[]]): T;
  #pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.#random() * items.length)];
  }
}

function idOf(object: Live | undefined, field: string): string | undefined {
  const id = object?.status?.[field];
  return typeof id === 'string' ? id : undefined;
}

/** What a refusal is called; undefined if the error is none. Where the operator is down there is no answer, and none is expected. */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof KubernetesError) return error.code < 500 ? `HTTP ${String(error.code)}` : undefined;
  const { name, code, $metadata } = error as { name?: string; code?: string; $metadata?: { httpStatusCode?: number } };
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'EPIPE') return code;
  const status = $metadata?.httpStatusCode;
  if (status !== undefined && status >= 400 && status < 500) return name;
  // A process that begins or ends says so.
  return status === 503 ? 'Unavailable' : undefined;
}
