import assert from 'node:assert/strict';
import { startArgumentsFrom, UsageError } from '../../../../hack/dev/command-line.ts';

describe('arguments of npm start', () => {
  it('have defaults', () => {
    assert.deepEqual(startArgumentsFrom([]), {
      help: false,
      fresh: false,
      cluster: false,
      data: '.kube-ec2',
      port: 8773,
      nodes: 3,
      zones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
      region: 'us-east-1',
    });
  });

  it('take the zones from the region, unless they are given', () => {
    assert.deepEqual(startArgumentsFrom(['--region', 'eu-west-3']).zones, ['eu-west-3a', 'eu-west-3b', 'eu-west-3c']);
    assert.deepEqual(startArgumentsFrom(['--region=eu-west-3', '--zones', 'rack-1, rack-2']).zones, ['rack-1', 'rack-2']);
  });

  const refused: Record<string, { words: string[]; want: RegExp }> = {
    'a port that is no number': { words: ['--port', 'http'], want: /--port: http/ },
    'a port that does not exist': { words: ['--port', '65536'], want: /--port: 65536/ },
    'a privileged port for the control plane': { words: ['--control-plane-port', '80'], want: /--control-plane-port: 80/ },
    'no nodes': { words: ['--nodes', '0'], want: /--nodes: 0/ },
    'half a node': { words: ['--nodes', '1.5'], want: /--nodes: 1\.5/ },
    'an empty zone': { words: ['--zones', 'a,,b'], want: /--zones: ""/ },
    'a region in capitals': { words: ['--region', 'US'], want: /--region: US/ },
    'an unknown option': { words: ['--bogus'], want: /--bogus/ },
    'a word without an option': { words: ['bogus'], want: /bogus/ },
    'an option without its value': { words: ['--data'], want: /--data/ },
  };
  for (const [name, { words, want }] of Object.entries(refused)) {
    it(`cannot be ${name}`, () => {
      assert.throws(() => startArgumentsFrom(words), (error) => error instanceof UsageError && want.test(error.message));
    });
  }
});
