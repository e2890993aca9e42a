import assert from 'node:assert/strict';
import type { AnyObject, KubernetesClient, WatchEvent } from '../../../../../hack/control-plane/kubernetes-client.ts';
import { Mirror } from '../../../../../hack/control-plane/node-agent/mirror.ts';

const service = (resourceVersion: string, address?: string): AnyObject => ({ metadata: { name: 'web', resourceVersion }, ...(address !== undefined && { address }) });

/** Lists nothing, then tells the events, then is silent. */
function clientTelling(events: readonly WatchEvent<AnyObject>[]): KubernetesClient {
  const client = {
    get: async () => Promise.resolve({ metadata: { resourceVersion: '1' }, items: [] }),
    async *watch() {
      yield* events;
      await new Promise(() => undefined);
    },
  };
  return client as unknown as KubernetesClient;
}

describe('Mirror', () => {
  const cases: Record<string, { events: WatchEvent<AnyObject>[]; want: AnyObject | undefined }> = {
    'keeps what a write returned over an event of what was before': { events: [{ type: 'ADDED', object: service('5') }], want: service('7', '203.0.113.1') },
    'takes what came after the write': { events: [{ type: 'MODIFIED', object: service('9') }], want: service('9') },
    'forgets what is gone': { events: [{ type: 'DELETED', object: service('9') }], want: undefined },
  };
  for (const [name, { events, want }] of Object.entries(cases)) {
    it(name, async () => {
      let told = 0;
      const mirror = new Mirror<AnyObject>(clientTelling(events), '/services', () => (told += 1));
      await mirror.start();
      mirror.remember(service('7', '203.0.113.1'));
      while (told < events.length) await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(mirror.get('web'), want);
    });
  }
});
