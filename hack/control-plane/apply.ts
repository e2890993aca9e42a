import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { KubernetesError, type AnyObject, type PatchKind } from './kubernetes-client.ts';

interface ResourceList {
  resources: { name: string; kind: string; namespaced: boolean }[];
}

const FIELD_MANAGER = 'kube-ec2-harness';
const RETRY_MILLISECONDS = 100;

/** What objects are applied to. */
export interface ApplyTarget {
  get<T = AnyObject>(path: string): Promise<T>;
  patch<T = AnyObject>(path: string, kind: PatchKind, patch: unknown): Promise<T>;
}

/** Applies objects to one API server; keeps what discovery says about kinds. */
export class Applier {
  readonly #client: ApplyTarget;
  readonly #kinds = new Map<string, { name: string; namespaced: boolean }>();

  constructor(client: ApplyTarget) {
    this.#client = client;
  }

  /**
   * Server-side applies the objects, several at a time, in no order. Kinds that are not served yet, namespaces that do not exist yet and
   * webhooks that do not answer yet are waited for until `timeoutSeconds` have passed.
   */
  async apply(objects: readonly AnyObject[], { timeoutSeconds = 90, parallel = 8 } = {}): Promise<void> {
    const deadline = Date.now() + timeoutSeconds * 1000;
    const rest = [...objects];
    const work = async (): Promise<void> => {
      for (let object = rest.shift(); object; object = rest.shift()) await this.#applyOne(object, deadline);
    };
    await Promise.all(Array.from({ length: parallel }, work));
  }

  /** Like `apply`, but only if the objects differ from those that `recordFile` says were applied last. Tells whether it applied. */
  async applyOnce(recordFile: string, objects: readonly AnyObject[]): Promise<boolean> {
    const digest = createHash('sha256').update(JSON.stringify(objects)).digest('hex');
    if (existsSync(recordFile) && readFileSync(recordFile, 'utf8') === digest) return false;
    await this.apply(objects);
    writeFileSync(recordFile, digest);
    return true;
  }

  /** Path of an object, below the API server's root. */
  async pathOf(object: AnyObject): Promise<string> {
    const { apiVersion = 'v1', kind = '', metadata } = object;
    const { name, namespaced } = await this.#resourceOf(apiVersion, kind);
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const place = namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
    return `${root}${place}/${name}/${encodeURIComponent(metadata.name ?? '')}`;
  }

  async #applyOne(object: AnyObject, deadline: number): Promise<void> {
    for (;;) {
      try {
        const path = await this.pathOf(object);
        await this.#client.patch(`${path}?fieldManager=${FIELD_MANAGER}&force=true`, 'apply', object);
        return;
      } catch (error) {
        if (Date.now() > deadline || !mayPass(error)) throw error;
      }
      await delay(RETRY_MILLISECONDS);
    }
  }

  async #resourceOf(apiVersion: string, kind: string): Promise<{ name: string; namespaced: boolean }> {
    const known = this.#kinds.get(`${apiVersion} ${kind}`);
    if (known) return known;
    const list = await this.#client.get<ResourceList>(apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`);
    for (const resource of list.resources) {
      if (!resource.name.includes('/')) this.#kinds.set(`${apiVersion} ${resource.kind}`, resource);
    }
    const found = this.#kinds.get(`${apiVersion} ${kind}`);
    if (!found) throw new KubernetesError(404, 'NotFound', `the API server has no kind ${kind} in ${apiVersion}`);
    return found;
  }
}

/** Whether it may succeed a moment later: not served yet, a webhook or the server itself not ready, a lost race. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof KubernetesError)) return true; // the connection failed
  return error.code === 404 || error.code === 409 || error.code === 429 || error.code >= 500;
}
