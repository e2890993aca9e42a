import type { GetConsoleScreenshotRequest, GetConsoleScreenshotResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireInstance } from './find-instances.ts';
import { jpegFrom } from './screenshot/jpeg-from.ts';
import { shownStateOf } from './shown-state.ts';

/**
 * What the guest shows on its screen, as JPEG in base64. It is taken as the caller, who needs the permission to see the machine's screen.
 * @throws AwsError InvalidInstanceID.*, IncorrectInstanceState - it does not run; UnsupportedOperation - WakeUp: no key can be pressed
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleScreenshot.html
 */
export async function getConsoleScreenshot({ InstanceId, WakeUp }: GetConsoleScreenshotRequest, context: ReadOnlyContext): Promise<GetConsoleScreenshotResult> {
  const instance = requireInstance(InstanceId ?? '', context);
  const id = ec2IdOf('i', instance);
  if (WakeUp) throw new AwsError('UnsupportedOperation', 'Waking the screen up is not supported. Call without WakeUp.');
  const notRunning = (): AwsError => new AwsError('IncorrectInstanceState', `The instance '${id}' is not in the 'running' state.`);
  if (shownStateOf(instance) !== 'running') throw notRunning();
  const png = await context.live.screenshot({ namespace: context.caller.namespace, name: id });
  if (!png) throw notRunning();
  return { InstanceId: id, ImageData: (await jpegFrom(png)).toString('base64') };
}
