import assert from 'node:assert/strict';
import { sdkStateFrom, shownStateOf } from '../../../../../operator/endpoint/ec2/instances/shown-state.ts';
import { anInstance, type InstanceOptions } from '../../../../support/instance-objects.ts';

describe('the state that the API shows', () => {
  const cases: Record<string, { options: InstanceOptions; isDeleted?: boolean; isNew?: boolean; want: string }> = {
    'is that of the status': { options: { status: { state: 'running' } }, want: 'running' },
    'is pending before a controller has looked': { options: {}, isNew: true, want: 'pending' },
    'is stopping as soon as a stop is asked for': { options: { powerState: 'stopped', isUnseen: true }, want: 'stopping' },
    'is what the controllers say once they have seen the wish': { options: { powerState: 'stopped' }, want: 'running' },
    'is running still if an instance-store root cannot be stopped': {
      options: { powerState: 'stopped', isUnseen: true, status: { rootDeviceType: 'instance-store' } },
      want: 'running',
    },
    'is pending as soon as a start is asked for': { options: { isUnseen: true, status: { state: 'stopped' } }, want: 'pending' },
    'is stopped although something else was changed': { options: { powerState: 'stopped', isUnseen: true, status: { state: 'stopped' } }, want: 'stopped' },
    'is shutting-down as soon as termination is asked for': { options: { powerState: 'terminated', status: { state: 'running' } }, want: 'shutting-down' },
    'is shutting-down when the resource is deleted': { options: {}, isDeleted: true, want: 'shutting-down' },
    'is terminated to the end': { options: { powerState: 'terminated', status: { state: 'terminated' } }, isDeleted: true, want: 'terminated' },
    'is stopping while it stops, whatever is asked meanwhile': { options: { isUnseen: true, status: { state: 'stopping' } }, want: 'stopping' },
  };
  for (const [name, { options, isDeleted, isNew, want }] of Object.entries(cases)) {
    it(name, () => {
      const instance = anInstance('i-00000000000000001', options);
      if (isNew) delete instance.status;
      if (isDeleted) instance.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
      assert.equal(shownStateOf(instance), want);
    });
  }

  it('has EC2\'s codes', () =>
    assert.deepEqual(
      (['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped'] as const).map((name) => sdkStateFrom(name).Code),
      [0, 16, 32, 48, 64, 80],
    ));
});
