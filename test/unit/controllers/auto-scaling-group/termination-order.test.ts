import assert from 'node:assert/strict';
import type { TerminationPolicy } from '../../../../operator/api/auto-scaling/auto-scaling-group.ts';
import type { Member } from '../../../../operator/api/auto-scaling/auto-scaling-member.ts';
import { victimsFrom } from '../../../../operator/controllers/auto-scaling-group/termination-order.ts';
import { anInstance } from '../../../support/instance-objects.ts';

interface Options {
  zone?: string;
  launchTime?: string;
  template?: string;
  version?: string;
  configuration?: string;
  weight?: number;
}

function aMember(name: string, { zone = 'a', launchTime = '2026-01-01T08:00:00Z', template, version = '1', configuration, weight }: Options = {}): Member {
  const autoScaling = {
    groupName: 'web',
    ...(configuration === undefined ? { launchTemplateId: template ?? 'lt-1', launchTemplateVersion: version } : { launchConfigurationName: configuration }),
    ...(weight !== undefined && { weightedCapacity: weight }),
  };
  return anInstance(name, { autoScaling, placement: { availabilityZone: zone, tenancy: 'default' }, status: { launchTime } }) as Member;
}

const now = Date.parse('2026-01-01T10:30:00Z');
const ages: Record<string, number> = { old: 1, new: 2 };

describe('termination policies', () => {
  const cases: Record<string, { policies: TerminationPolicy[]; members: Member[]; excess?: number; doomed?: string[]; want: string[] }> = {
    'the fullest zone first, whatever the policy': {
      policies: ['OldestInstance'],
      members: [aMember('one', { zone: 'a', launchTime: '2026-01-01T01:00:00Z' }), aMember('two', { zone: 'b' }), aMember('three', { zone: 'b', launchTime: '2026-01-01T07:00:00Z' })],
      want: ['three'],
    },
    'zones stay balanced over several': {
      policies: ['OldestInstance'],
      members: ['one', 'two', 'three', 'four'].map((name, index) => aMember(name, { zone: index < 2 ? 'a' : 'b', launchTime: `2026-01-01T0${String(index)}:00:00Z` })),
      excess: 2,
      want: ['one', 'three'],
    },
    'the oldest': { policies: ['OldestInstance'], members: [aMember('one', { launchTime: '2026-01-01T09:00:00Z' }), aMember('two')], want: ['two'] },
    'the newest': { policies: ['NewestInstance'], members: [aMember('one', { launchTime: '2026-01-01T09:00:00Z' }), aMember('two')], want: ['one'] },
    'the one whose hour is nearly over': {
      policies: ['ClosestToNextInstanceHour'],
      members: [aMember('one', { launchTime: '2026-01-01T08:29:00Z' }), aMember('two', { launchTime: '2026-01-01T08:35:00Z' })],
      want: ['two'],
    },
    'another template than that of the group, whatever its version': {
      policies: ['OldestLaunchTemplate'],
      members: [aMember('one', { version: '1' }), aMember('two', { template: 'lt-2', version: '9' })],
      want: ['two'],
    },
    'the lowest version of the template': { policies: ['OldestLaunchTemplate'], members: [aMember('one', { version: '10' }), aMember('two', { version: '9' })], want: ['two'] },
    'the oldest launch configuration': { policies: ['OldestLaunchConfiguration'], members: [aMember('one', { configuration: 'new' }), aMember('two', { configuration: 'old' })], want: ['two'] },
    'a launch configuration that is gone': { policies: ['OldestLaunchConfiguration'], members: [aMember('one', { configuration: 'old' }), aMember('two', { configuration: 'gone' })], want: ['two'] },
    'by default configurations before templates': { policies: ['Default'], members: [aMember('one'), aMember('two', { configuration: 'new' })], want: ['two'] },
    'by default old versions before old hours': {
      policies: ['Default'],
      members: [aMember('one', { version: '2', launchTime: '2026-01-01T08:31:00Z' }), aMember('two', { version: '1', launchTime: '2026-01-01T08:29:00Z' })],
      want: ['two'],
    },
    'the second policy among equals of the first': {
      policies: ['OldestLaunchTemplate', 'NewestInstance'],
      members: [aMember('one', { launchTime: '2026-01-01T09:00:00Z' }), aMember('two'), aMember('three', { version: '2', launchTime: '2026-01-01T10:00:00Z' })],
      want: ['one'],
    },
    'what must go anyway before all that': { policies: ['OldestInstance'], members: [aMember('one', { launchTime: '2026-01-01T01:00:00Z' }), aMember('two', { zone: 'b' })], doomed: ['two'], want: ['two'] },
    'never more capacity than is too much': { policies: ['OldestInstance'], members: [aMember('one', { weight: 4 }), aMember('two', { weight: 2, launchTime: '2026-01-01T09:00:00Z' })], excess: 3, want: ['two'] },
  };
  for (const [name, { policies, members, excess = 1, doomed = [], want }] of Object.entries(cases)) {
    it(`take ${name}`, () => {
      const preference = { policies, isDoomed: ({ metadata }: Member) => doomed.includes(metadata.name), launchTemplateId: 'lt-1', launchConfigurationName: undefined, ageOfConfiguration: (configuration: string) => ages[configuration] ?? 0, now };
      assert.deepEqual(victimsFrom(members, members, excess, preference).map(({ metadata }) => metadata.name), want);
    });
  }
});
