import { join } from 'node:path';
import { DescribeImagesCommand, EC2Client, RunInstancesCommand, type RunInstancesCommandInput, type Tag } from '@aws-sdk/client-ec2';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { ensurePythonTools } from '../../hack/tools/python-tools.ts';
import { REGION, type Cloud } from '../support/cloud.ts';
import { freePort } from '../support/operator.ts';
import type { RequestSettings } from '../support/signed-request.ts';

/** Moto needs up to a minute for a page of ten thousand instances, one caller after the other. */
const PATIENCE = 600_000;

/** Moto's server, and who may ask it. */
export interface Moto extends RequestSettings {
  client: EC2Client;
  /** Makes instances with these tags; answers with their ids. */
  launch(count: number, tags: readonly Tag[], more?: Partial<RunInstancesCommandInput>): Promise<string[]>;
}

/** Starts moto's server, in the control plane's care. */
export async function startMoto(cloud: Cloud, log: (line: string) => void): Promise<Moto> {
  const tools = await ensurePythonTools('moto', log);
  const port = await freePort();
  await cloud.controlPlane.run({
    name: 'moto',
    command: tools.program('moto_server'),
    arguments: ['-H', '127.0.0.1', '-p', String(port)],
    environment: { HOME: join(cloud.controlPlane.dataDirectory), PYTHONDONTWRITEBYTECODE: '1' },
    stopOrder: 0,
    restarts: false,
  });
  const endpointUrl = `http://127.0.0.1:${String(port)}`;
  const credentials = { accessKeyId: 'AKIAMOTO', secretAccessKey: 'moto' };
  const client = new EC2Client({ endpoint: endpointUrl, region: REGION, credentials, maxAttempts: 1 });
  const { Images = [] } = await eventually("moto's server answers", 60, async () => client.send(new DescribeImagesCommand({ Owners: ['amazon'] })));
  const launch: Moto['launch'] = async (count, tags, more = {}) => {
    const TagSpecifications = [{ ResourceType: 'instance' as const, Tags: [...tags] }];
    const input = { ImageId: Images[0]?.ImageId, InstanceType: 't3.micro' as const, MinCount: count, MaxCount: count, TagSpecifications, ...more };
    const { Instances = [] } = await client.send(new RunInstancesCommand(input));
    return Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
  };
  return { endpointUrl, ...credentials, timeoutMilliseconds: PATIENCE, client, launch };
}
