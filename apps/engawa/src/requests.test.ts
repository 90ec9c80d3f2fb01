import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { addressOf, admit } from './requests.ts';

const request = (headers: Record<string, string>) =>
  ({ headers, socket: { remoteAddress: '10.0.0.9' } }) as unknown as IncomingMessage;

function response() {
  const sent = { status: 200, body: '', headers: {} as Record<string, unknown> };
  const fake = {
    setHeader: (name: string, value: unknown) => (sent.headers[name] = value),
    writeHead: (status: number) => (sent.status = status),
    end: (body: string) => (sent.body = body),
  };
  return { sent, fake: fake as unknown as ServerResponse };
}

test('behind a proxy the one public address counts, whatever Host says', () => {
  const incoming = request({ host: 'evil.example', 'x-engawa-protocol': 'gopher' });
  const { fake, sent } = response();
  const config = { origin: 'https://engawa.example.jp', origins: ['https://engawa.example.jp'], proxies: 0 };
  expect(admit(incoming, fake, config)).toBe(true);
  expect(incoming.headers).toMatchObject({
    'x-engawa-protocol': 'https',
    'x-engawa-host': 'engawa.example.jp',
  });
  expect(sent.headers['x-content-type-options']).toBe('nosniff');
});

test('without ORIGIN the visitor may use any of our own addresses, and no other', () => {
  const config = {
    origin: 'http://localhost:3000',
    origins: ['http://localhost:3000', 'http://127.0.0.1:3000'],
    proxies: 0,
  };
  const known = request({ host: '127.0.0.1:3000' });
  expect(admit(known, response().fake, config)).toBe(true);
  expect(known.headers['x-engawa-host']).toBe('127.0.0.1:3000');
  for (const host of ['evil.example', 'localhost:3000@evil.example', 'a b', '']) {
    const { fake, sent } = response();
    expect(admit(request({ host }), fake, config)).toBe(false);
    expect(sent).toMatchObject({ status: 421, body: expect.stringContaining('Open http://localhost:3000') });
  }
});

test('the address of a visitor is what our own proxies saw', () => {
  const forwarded = request({ 'x-forwarded-for': '6.6.6.6, 203.0.113.5, 192.0.2.1' });
  expect(addressOf(forwarded, 0)).toBe('10.0.0.9');
  expect(addressOf(forwarded, 1)).toBe('192.0.2.1');
  expect(addressOf(forwarded, 2)).toBe('203.0.113.5');
  expect(addressOf(request({}), 1)).toBe('10.0.0.9');
});
