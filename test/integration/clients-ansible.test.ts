import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openAnsible, type Ansible, type AnsibleResult, type AnsibleTask } from '../support/ansible.ts';
import { REGION, sharedCloud, type TenantClients } from '../support/cloud.ts';
import { inOrder } from '../support/tries.ts';

/** Ansible's modules wait in steps of 15 seconds: the plays ask again themselves, each second. */
const asked = { retries: 90, delay: 1 };

/** An instance as the modules show it. */
interface ShownInstance {
  instance_id: string;
  state: { name: string };
  tags: Record<string, string>;
  key_name: string;
  subnet_id: string;
}

describe('Ansible with the collection amazon.aws', function () {
  this.timeout(480_000);

  let tenant: TenantClients;
  let play: Ansible;
  const instance = { name: 'web', image_id: '', instance_type: 't3.micro', key_name: 'ansible', tags: { team: 'web' }, wait: false };
  const module = (register: string, state: string, members: object = {}): AnsibleTask => ({ register, 'amazon.aws.ec2_instance': { ...instance, state, ...members } });
  const until = (register: string, state: string): AnsibleTask => ({
    register,
    'amazon.aws.ec2_instance_info': { filters: { 'tag:Name': 'web', 'instance-state-name': [state] } },
    until: `${register}.instances | length == 1`,
    ...asked,
  });
  const changes = (results: Record<string, AnsibleResult>, ...names: string[]): boolean[] => names.map((name) => results[name]?.changed ?? assert.fail(name));
  const shown = (result: AnsibleResult | undefined): ShownInstance => (result?.['instances'] as ShownInstance[] | undefined)?.[0] ?? assert.fail('no instance');

  const step = inOrder(async () => {
    const cloud = await sharedCloud();
    tenant = await cloud.open('ansible');
    instance.image_id = tenant.account.ebsImageId;
    play = await openAnsible({ endpointUrl: cloud.operator.endpointUrl, region: REGION, account: tenant.account }, join(cloud.controlPlane.dataDirectory, 'ansible'));
  });

  step('makes key pair and instance once, and finds them as they should be the second time', async () => {
    const key = { 'amazon.aws.ec2_key': { name: 'ansible', key_type: 'ed25519', tags: { team: 'web' } } };
    const results = await play(
      { register: 'key', ...key },
      { register: 'key_again', ...key },
      module('made', 'present', { termination_protection: true }),
      until('running', 'running'),
      module('made_again', 'running', { termination_protection: true }),
      { register: 'found', 'amazon.aws.ec2_instance_info': { filters: { 'tag:team': 'web' }, include_attributes: ['disableApiTermination', 'instanceType'] } },
    );
    assert.deepEqual(changes(results, 'key', 'key_again', 'made', 'made_again'), [true, false, true, false]);
    const [made, found] = [shown(results['running']), shown(results['found'])];
    assert.deepEqual([made.tags, made.key_name, found.instance_id], [{ Name: 'web', team: 'web' }, 'ansible', made.instance_id]);
    assert.match(made.subnet_id, /^subnet-[0-9a-f]{17}$/);
  });

  step('stops, starts and removes it, each once', async () => {
    const results = await play(
      module('stopped', 'stopped'),
      until('is_stopped', 'stopped'),
      module('stopped_again', 'stopped'),
      module('started', 'running'),
      until('is_running', 'running'),
      module('unprotected', 'running', { termination_protection: false }),
      module('removed', 'absent'),
      until('is_terminated', 'terminated'),
      module('removed_again', 'absent'),
    );
    assert.deepEqual(changes(results, 'stopped', 'stopped_again', 'started', 'unprotected', 'removed', 'removed_again'), [true, false, true, true, true, false]);
  });

  step('finds, tags, shares and deregisters images', async () => {
    const { ImageId = '' } = (await tenant.aws('ec2', 'copy-image', '--name', 'ours', '--source-image-id', tenant.account.instanceStoreImageId, '--source-region', REGION)) as { ImageId?: string };
    const shared = { 'amazon.aws.ec2_ami': { image_id: ImageId, state: 'present', tags: { release: '7' }, launch_permissions: { user_ids: ['123456789012'] } } };
    const results = await play(
      { register: 'images', 'amazon.aws.ec2_ami_info': { owners: ['self'], filters: { name: 'our*', state: 'available' } }, until: 'images.images | length == 1', ...asked },
      { register: 'changed', ...shared },
      { register: 'changed_again', ...shared },
      { register: 'described', 'amazon.aws.ec2_ami_info': { image_ids: [ImageId], describe_image_attributes: true } },
      { register: 'gone', 'amazon.aws.ec2_ami': { image_id: ImageId, state: 'absent' } },
      { register: 'key_gone', 'amazon.aws.ec2_key': { name: 'ansible', state: 'absent' } },
    );
    assert.deepEqual(changes(results, 'changed', 'changed_again', 'gone', 'key_gone'), [true, false, true, true]);
    const [image] = results['described']?.['images'] as { tags: object; launch_permissions: object[] }[];
    assert.deepEqual([image?.tags, image?.launch_permissions], [{ release: '7' }, [{ user_id: '123456789012' }]]);
  });

  step('is told what is wrong in words of EC2', async () => {
    const results = await play({ register: 'refused', 'amazon.aws.ec2_instance': { ...instance, name: 'none', image_id: 'ami-0123456789abcdef0', state: 'present' }, ignore_errors: true });
    assert.match(String(results['refused']?.msg), /InvalidAMIID\.NotFound/);
  });
});
