import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EC2Client } from '@aws-sdk/client-ec2';
import { STSClient } from '@aws-sdk/client-sts';
import { ensurePythonTools } from '../../hack/tools/python-tools.ts';
import type { TestAccount } from './account.ts';

/** What a program left behind. */
export interface ProgramResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Where the endpoint is, and who calls. */
export interface ClientSettings {
  endpointUrl: string;
  region: string;
  account: Pick<TestAccount, 'accessKeyId' | 'secretAccessKey'>;
}

/** Unmodified clients of one account. Only the pauses of the aws CLI's waiters are shortened, by its own means (a data folder). */
export interface AwsClients {
  ec2: EC2Client;
  sts: STSClient;
  /** Runs the aws CLI with JSON output; gives what it printed, parsed (text that is not JSON as it is). @throws Error - if it fails */
  aws(...words: string[]): Promise<unknown>;
  /** Runs the aws CLI, however it ends. */
  awsResult(...words: string[]): Promise<ProgramResult>;
  /** Runs a Python program; gives the JSON that it printed last. @throws Error - if it fails */
  python(program: string): Promise<unknown>;
  close(): void;
}

const TIMEOUT_MILLISECONDS = 240_000;

/** Opens the clients. The first call on a machine installs aws CLI and boto3 into the cache. */
export async function openAwsClients(settings: ClientSettings, dataDirectory: string): Promise<AwsClients> {
  const { endpointUrl, region, account } = settings;
  const tools = await ensurePythonTools('clients', (line) => console.log(line));
  const environment = {
    PATH: process.env['PATH'] ?? '',
    // No settings of whoever runs the tests.
    HOME: dataDirectory,
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: account.accessKeyId,
    AWS_SECRET_ACCESS_KEY: account.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    AWS_DATA_PATH: quickWaiters(tools.python, join(dataDirectory, 'aws-data')),
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const clientSettings = {
    endpoint: endpointUrl,
    region,
    credentials: { accessKeyId: account.accessKeyId, secretAccessKey: account.secretAccessKey },
    maxAttempts: 1,
  };
  const ec2 = new EC2Client(clientSettings);
  const sts = new STSClient(clientSettings);
  const awsResult = async (...words: string[]): Promise<ProgramResult> => run(tools.program('aws'), [...words, '--output', 'json'], environment);
  return {
    ec2,
    sts,
    awsResult,
    aws: async (...words) => {
      const { code, stdout, stderr } = await awsResult(...words);
      if (code !== 0) throw new Error(`aws ${words.join(' ')} ended with ${String(code)}: ${stderr.trim()}`);
      return parsed(stdout);
    },
    python: async (program) => {
      const { code, stdout, stderr } = await run(tools.python, ['-c', program], environment);
      if (code !== 0) throw new Error(`the Python program ended with ${String(code)}: ${stderr.trim()}`);
      return parsed(stdout.trimEnd().split('\n').at(-1) ?? '');
    },
    close: () => {
      ec2.destroy();
      sts.destroy();
    },
  };
}

/** Runs a program to its end with nothing but the environment given. */
export async function run(program: string, words: readonly string[], environment: NodeJS.ProcessEnv, timeout = TIMEOUT_MILLISECONDS): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const options = { env: environment, timeout, maxBuffer: 64 * 1024 * 1024 };
    execFile(program, words, options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
      resolve({ code, stdout, stderr: code === -1 ? `${error?.message ?? ''}\n${stderr}` : stderr });
    });
  });
}

function parsed(text: string): unknown {
  try {
    return text.trim() === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return text.trim();
  }
}

/** A data folder for botocore whose EC2 waiters are the installed ones with pauses of a second instead of 5 to 15, for three minutes. */
function quickWaiters(python: string, folder: string): string {
  const library = join(python, '..', '..', 'lib');
  const version = readdirSync(library).find((name) => name.startsWith('python')) ?? '';
  const relative = join('ec2', '2016-11-15');
  const installed = join(library, version, 'site-packages', 'awscli', 'botocore', 'data', relative, 'waiters-2.json');
  const model = JSON.parse(readFileSync(installed, 'utf8')) as { waiters: Record<string, { delay: number; maxAttempts: number }> };
  for (const waiter of Object.values(model.waiters)) Object.assign(waiter, { delay: 1, maxAttempts: 180 });
  mkdirSync(join(folder, relative), { recursive: true });
  writeFileSync(join(folder, relative, 'waiters-2.json'), JSON.stringify(model));
  return folder;
}
