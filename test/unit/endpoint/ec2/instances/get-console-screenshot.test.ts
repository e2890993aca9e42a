import assert from 'node:assert/strict';
import { decode } from 'jpeg-js';
import { PNG } from 'pngjs';
import { getConsoleScreenshot } from '../../../../../operator/endpoint/ec2/instances/GetConsoleScreenshot.ts';
import { jpegFrom } from '../../../../../operator/endpoint/ec2/instances/screenshot/jpeg-from.ts';
import { Instance } from '../../../../../operator/kubernetes/resources.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance } from '../../../../support/instance-objects.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';

const RUNNING = 'i-00000000000000001';
const STOPPED = 'i-00000000000000002';

/** A picture of one colour. */
function picture(width: number, height: number, colour: readonly [number, number, number]): Buffer {
  const png = new PNG({ width, height });
  for (let pixel = 0; pixel < width * height; pixel += 1) png.data.set([...colour, 255], pixel * 4);
  return PNG.sync.write(png);
}

function clusterWith(screen?: Buffer): FakeCluster {
  const cluster = new FakeCluster({ objects: [anInstance(RUNNING), anInstance(STOPPED, { powerState: 'stopped', status: { state: 'stopped' } })] });
  if (screen) cluster.screenshots.set(`${NAMESPACE}/${RUNNING}`, screen);
  return cluster;
}

describe('GetConsoleScreenshot', () => {
  it('shows the same picture as JPEG', async () => {
    const { InstanceId, ImageData = '' } = await getConsoleScreenshot({ InstanceId: RUNNING }, operationContext(clusterWith(picture(80, 50, [200, 30, 60]))));
    const { width, height, data } = decode(Buffer.from(ImageData, 'base64'));
    assert.deepEqual([InstanceId, width, height], [RUNNING, 80, 50]);
    const middle = [...data.subarray((25 * 80 + 40) * 4, (25 * 80 + 40) * 4 + 3)];
    for (const [index, want] of [200, 30, 60].entries()) assert.ok(Math.abs((middle[index] ?? 0) - want) < 12, `colour ${middle.join()}`);
  });
  const refusals: Record<string, { input: { InstanceId: string; WakeUp?: boolean }; code: string }> = {
    'a stopped instance': { input: { InstanceId: STOPPED }, code: 'IncorrectInstanceState' },
    'a machine that KubeVirt says does not run': { input: { InstanceId: RUNNING }, code: 'IncorrectInstanceState' },
    'to press a key': { input: { InstanceId: RUNNING, WakeUp: true }, code: 'UnsupportedOperation' },
    'an unknown instance': { input: { InstanceId: 'i-0000000000000000f' }, code: 'InvalidInstanceID.NotFound' },
    'what is no id': { input: { InstanceId: 'web' }, code: 'InvalidInstanceID.Malformed' },
  };
  for (const [name, { input, code }] of Object.entries(refusals)) {
    it(`refuses ${name}`, () => assert.rejects(getConsoleScreenshot(input, operationContext(clusterWith())), { code }));
  }
  it('is taken as the caller, who may not be allowed to', async () => {
    const cluster = clusterWith(picture(8, 8, [0, 0, 0]));
    const live = cluster.as([{ group: 'kube-ec2.io', resource: Instance.plural, verbs: ['get', 'list', 'watch'], reason: 'test' }]);
    await assert.rejects(getConsoleScreenshot({ InstanceId: RUNNING }, operationContext(cluster, { live })), { reason: 'Forbidden', message: /virtualmachineinstances\/vnc/ });
  });
});

describe('a screenshot as JPEG', () => {
  it('is refused if it is no PNG', () => assert.rejects(jpegFrom(Buffer.from('P6 1 1 255 abc')), { message: /no PNG/ }));
  it('is refused if it would be huge, before anything is unpacked', async () => {
    const png = picture(8, 8, [0, 0, 0]);
    png.writeUInt32BE(100_000, 16);
    png.writeUInt32BE(100_000, 20);
    await assert.rejects(jpegFrom(png), { message: /too large/ });
  });
  it('is refused if it is broken, and the next one is not', async () => {
    const png = picture(8, 8, [0, 0, 0]);
    await assert.rejects(jpegFrom(png.subarray(0, 40)));
    assert.ok((await jpegFrom(png)).length > 0);
  });
});
