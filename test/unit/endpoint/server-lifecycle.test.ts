import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import winston from 'winston';
import type { Answer } from '../../../operator/endpoint/answer.ts';
import { startEndpointServer } from '../../../operator/endpoint/server.ts';

describe('the endpoint, told to stop', () => {
  it('lets a running request end, takes no new ones, and cuts off what outlasts the grace', async () => {
    const log = winston.createLogger({ silent: true, transports: [new winston.transports.Console()] });
    const finish: (() => void)[] = [];
    const handle = () => new Promise<Answer>((resolve) => finish.push(() => resolve({ status: 200, contentType: 'text/xml', body: '<done/>' })));
    const server = await startEndpointServer({ pipeline: { handle }, log, isReady: () => true }, '127.0.0.1', 0);
    const ask = () => new Promise<string>((resolve, reject) => {
      const request = httpRequest({ port: server.port, host: '127.0.0.1', method: 'POST', agent: false }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve(text));
      });
      request.on('error', reject).end();
    });
    const [first, second] = [ask(), ask()];
    second.catch(() => undefined);
    while (finish.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const closed = server.close(300);
    finish[0]?.();
    assert.equal(await first, '<done/>');
    await assert.rejects(ask(), /ECONNREFUSED/);
    await assert.rejects(second, /socket hang up|ECONNRESET/);
    await closed;
  });
});

describe('the endpoint, under pressure', () => {
  const log = winston.createLogger({ silent: true, transports: [new winston.transports.Console()] });
  const never = { handle: () => new Promise<never>(() => undefined) };

  it('tells the one request too many to come back, and still tells that it lives', async () => {
    const server = await startEndpointServer({ pipeline: never, log, isReady: () => true, concurrencyLimit: 2 }, '127.0.0.1', 0);
    const address = `http://127.0.0.1:${server.port}/`;
    const waiting = [1, 2].map(() => fetch(address, { method: 'POST' }).catch(() => undefined));
    let response = await fetch(address, { method: 'DELETE' });
    while (response.status !== 503) response = await fetch(address, { method: 'DELETE' });
    assert.match(await response.text(), /<Code>RequestLimitExceeded<\/Code>/);
    assert.equal((await fetch(`${address}healthz`)).status, 200);
    await server.close(0);
    await Promise.all(waiting);
  });

  it('writes a long answer only as fast as it is read, and stops when the reader leaves', async () => {
    let drawn = 0;
    let isLeft = false;
    function* endless(): Generator<string, void> {
      try {
        for (;;) {
          drawn += 1;
          yield 'x'.repeat(64 * 1024);
        }
      } finally {
        isLeft = true;
      }
    }
    const server = await startEndpointServer({ pipeline: { handle: async () => ({ status: 200, contentType: 'text/xml', body: endless() }) }, log, isReady: () => true }, '127.0.0.1', 0);
    const socket = connect(server.port, '127.0.0.1').pause();
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n');
    for (let previous = -1; drawn === 0 || drawn !== previous; ) {
      previous = drawn;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(drawn < 500, `${drawn} chunks of 64 KiB were written for a reader who did not read`);
    socket.destroy();
    while (!isLeft) await new Promise((resolve) => setTimeout(resolve, 5));
    await server.close(0);
  });

  it('does not wait for headers that never end', async () => {
    const server = await startEndpointServer({ pipeline: never, log, isReady: () => true, headersTimeoutMilliseconds: 100 }, '127.0.0.1', 0);
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined).resume().write('POST / HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    await new Promise((resolve) => socket.on('close', resolve));
    await server.close(0);
  });
});
