import { Counter } from 'prom-client';

/** What a request does, in the words of Write and of the caches. */
export type RequestVerb = 'get' | 'list' | 'watch' | 'create' | 'apply' | 'patch' | 'replace' | 'patchStatus' | 'delete' | 'subresource';

const requests = new Counter({
  name: 'kube_ec2_api_server_requests_total',
  help: 'Requests to the API server, retries counted, by what they do, the kind, and the HTTP status (0: no answer).',
  labelNames: ['verb', 'kind', 'code'],
});

/** Counts one request that has been answered, or not (0). */
export function countRequest(verb: RequestVerb, kind: string, code: number): void {
  requests.inc({ verb, kind, code: String(code) });
}
