import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePythonTools } from '../../hack/tools/python-tools.ts';
import { run, type ClientSettings } from './aws-client.ts';

/** A task of a playbook: `register` names its result. */
export interface AnsibleTask {
  register: string;
  [member: string]: unknown;
}

/** What a module answered. */
export interface AnsibleResult {
  changed: boolean;
  failed?: boolean;
  msg?: string;
  [member: string]: unknown;
}

/** Plays tasks on this machine, one after another; gives their results by `register`. @throws Error - with its message, if one fails that must not */
export type Ansible = (...tasks: AnsibleTask[]) => Promise<Record<string, AnsibleResult>>;

/** Each module is a process of its own: two seconds, on a busy machine ten. */
const PLAY_MILLISECONDS = 400_000;

interface Played {
  plays: { tasks: { task: { name: string }; hosts: Record<string, AnsibleResult> }[] }[];
}

/** Opens Ansible with its amazon.aws collection, unmodified; the modules find the endpoint by `endpoint_url`. The first call on a machine installs it. */
export async function openAnsible({ endpointUrl, region, account }: ClientSettings, folder: string): Promise<Ansible> {
  const tools = await ensurePythonTools('ansible', (line) => console.log(line));
  mkdirSync(folder, { recursive: true });
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    AWS_ACCESS_KEY_ID: account.accessKeyId,
    AWS_SECRET_ACCESS_KEY: account.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    ANSIBLE_STDOUT_CALLBACK: 'ansible.posix.json',
    ANSIBLE_HOME: join(folder, 'ansible'),
    ANSIBLE_LOCALHOST_WARNING: 'false',
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const defaults = { 'group/amazon.aws.aws': { endpoint_url: endpointUrl, region } };
  const vars = { ansible_python_interpreter: tools.python, ansible_connection: 'local' };
  let plays = 0;
  return async (...tasks) => {
    // Every JSON is YAML.
    const named = tasks.map((task) => ({ name: task.register, ...task }));
    const file = join(folder, `play-${String((plays += 1))}.yml`);
    writeFileSync(file, JSON.stringify([{ hosts: 'localhost', gather_facts: false, module_defaults: defaults, vars, tasks: named }]));
    const { code, stdout, stderr } = await run(tools.program('ansible-playbook'), ['--inventory', 'localhost,', file], environment, PLAY_MILLISECONDS);
    const played = playedFrom(stdout);
    const results = Object.fromEntries((played?.plays ?? []).flatMap((play) => play.tasks.map(({ task, hosts }) => [task.name, hosts['localhost'] as AnsibleResult])));
    if (code === 0) return results;
    const failed = Object.entries(results).find(([, { failed: isFailed }]) => isFailed);
    throw new Error(`ansible-playbook ended with ${String(code)}: ${failed ? `${failed[0]}: ${failed[1].msg ?? JSON.stringify(failed[1])}` : `${stdout.slice(-2000)}${stderr.slice(-2000)}`}`);
  };
}

function playedFrom(stdout: string): Played | undefined {
  const start = stdout.indexOf('{');
  try {
    return JSON.parse(stdout.slice(start)) as Played;
  } catch {
    return undefined;
  }
}
