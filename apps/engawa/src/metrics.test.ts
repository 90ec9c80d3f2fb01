import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { answerMetrics, measureRequest } from './metrics.ts';

const TOKEN = 'a-token-of-the-test';
let token: string | null = TOKEN;
const server = createServer((asked, response) => {
  measureRequest(asked, response);
  if (asked.url === '/metrics') return void answerMetrics(asked, response, token);
  const answer = () => response.writeHead(asked.url === '/s/secret-id' ? 200 : 404).end();
  if (asked.method === 'PATCH') asked.resume().once('end', answer);
  else answer();
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => server.close());

const figures = (authorization?: string) =>
  fetch(`${url}/metrics`, authorization ? { headers: { authorization } } : {});

test('figures are for whoever holds the token, and hold no addresses', async () => {
  await fetch(`${url}/s/secret-id`);
  await fetch(`${url}/invented/by-somebody`);
  expect((await figures()).status).toBe(401);
  expect((await figures('Bearer wrong')).status).toBe(401);
  const answer = await figures(`Bearer ${TOKEN}`);
  expect(answer.headers.get('content-type')).toContain('text/plain');
  const text = await answer.text();
  const counts = [...text.matchAll(/engawa_http_seconds_count\{(.*)\} [1-9]/g)].map(([, labels]) =>
    labels!.split(',').sort().join(),
  );
  expect(counts).toContain('method="GET",place="s",status="2xx"');
  expect(counts).toContain('method="GET",place="other",status="4xx"');
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
  expect(text).not.toMatch(/secret-id|invented/);
});

test('bytes that arrive are counted while they do', async () => {
  const value = async () =>
    /engawa_uploads_in_flight (\d)/.exec(await (await figures(`Bearer ${TOKEN}`)).text())![1];
  expect(await value()).toBe('0');
  const upload = request(`${url}/files/uploads/an-id`, { method: 'PATCH' });
  upload.on('error', () => {});
  upload.write('half of it');
  await expect.poll(value, { timeout: 10_000 }).toBe('1');
  upload.end();
  await expect.poll(value, { timeout: 10_000 }).toBe('0');
});

test('without a token there is no such page', async () => {
  token = null;
  expect((await figures(`Bearer ${TOKEN}`)).status).toBe(404);
});
