import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { deathsIn, type Deaths } from './mortal-operator.ts';

/*
 * Loaded before an operator by `node --import`: the process kills itself as soon as the API server has answered a write that is among the given ones, and
 * leaves what it would have done next to the next life. Others of them that are under way at that moment count too: the process dies without their answers. A
 * file remembers over the lives which writes they ended with.
 */
const file = process.env['KUBE_EC2_TEST_DEATHS_FILE'] ?? '';
const deaths = JSON.parse(process.env['KUBE_EC2_TEST_DEATHS'] ?? '{}') as Deaths;

const underWay = new Set<string>();

const original = https.request;
https.request = ((...given: Parameters<typeof https.request>) => {
  const request = original(...given);
  const write = `${request.method} ${request.path.replace(/\?.*/, '')}`;
  // A question is an empty patch.
  const isWrite = request.method !== 'GET' && request.getHeader('content-length') !== String('{}'.length);
  const name = isWrite ? Object.keys(deaths).find((candidate) => new RegExp(deaths[candidate]?.write ?? '').test(write)) : undefined;
  if (name === undefined) return request;
  underWay.add(name);
  request.prependOnceListener('response', (response) => {
    underWay.delete(name);
    const died = deathsIn(existsSync(file) ? readFileSync(file, 'utf8') : '');
    if ((response.statusCode ?? 0) >= 300 || (died.get(name) ?? 0) >= (deaths[name]?.times ?? 0)) return;
    appendFileSync(file, [name, ...underWay].map((one) => `${one}\n`).join(''));
    process.kill(process.pid, 'SIGKILL');
  });
  return request;
}) as typeof https.request;
syncBuiltinESMExports();
