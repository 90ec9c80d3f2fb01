import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const KEY = 'ab'.repeat(32);

test('with nothing set it runs here, on port 3000, with everything embedded', () => {
  expect(readConfig({})).toMatchObject({
    port: 3000,
    host: 'localhost',
    origin: 'http://localhost:3000',
    databaseUrl: null,
    storageUrl: null,
    smtpUrl: null,
    key: null,
    roles: ['web', 'sync', 'worker'],
    origins: ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'],
  });
  expect(readConfig({}).data).toMatch(/\/\.engawa$/);
  expect(readConfig({ PORT: ' ', SMTP_URL: '' }).port).toBe(3000);
});

test('ORIGIN is the only address then, and links begin with it', () => {
  const config = readConfig({ ORIGIN: 'https://Engawa.example.jp/', SMTP_URL: 'smtps://mail:465' });
  expect(config.origins).toEqual(['https://engawa.example.jp']);
  expect(config.mailFrom).toBe('縁側 <engawa@engawa.example.jp>');
});

test('listening on every address, pages may be opened at every address', () => {
  const { origins } = readConfig({ HOST: '0.0.0.0', PORT: '80' });
  expect(origins).toContain('http://localhost');
  expect(origins.length).toBeGreaterThan(3);
});

test('traces are sent where a receiver is named; what is set for the machine alone stops nothing', () => {
  expect(readConfig({}).tracing).toBeNull();
  expect(
    readConfig({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }).tracing,
  ).toBeNull();
  const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4318';
  expect(readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT }).tracing).toEqual({
    sampler: 'parentbased_always_on',
    share: 1,
    delay: 5000,
    trusted: false,
  });
  const some = {
    OTEL_EXPORTER_OTLP_ENDPOINT,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.25',
    PROXIES: '1',
  };
  expect(readConfig(some).tracing).toMatchObject({ share: 0.25, trusted: true });
  expect(readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'true' }).tracing).toBeNull();
  expect(() => readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toThrow(
    'OTEL_EXPORTER_OTLP_PROTOCOL must be http/json',
  );
});

test('a key in hexadecimal and in base64', () => {
  const bytes = Buffer.from(KEY, 'hex');
  expect(readConfig({ ENGAWA_KEY: KEY }).key).toEqual(bytes);
  expect(readConfig({ ENGAWA_KEY: bytes.toString('base64') }).key).toEqual(bytes);
  expect(readConfig({ ENGAWA_KEY: bytes.toString('base64url') }).key).toEqual(bytes);
});

test.each([
  [{ PORT: 'abc' }, 'PORT must be a port from 1 to 65535, such as 3000 (it is "abc").'],
  [{ PORT: '0' }, 'PORT must'],
  [{ PORT: '65536' }, 'PORT must'],
  [{ PORT: '3000.5' }, 'PORT must'],
  [{ HOST: 'a b' }, 'HOST must'],
  [{ ORIGIN: 'engawa.example.jp' }, 'ORIGIN must be the address people open'],
  [{ ORIGIN: 'https://example.jp/engawa' }, 'without a path'],
  [{ ORIGIN: 'ftp://example.jp' }, 'ORIGIN must'],
  [{ DATABASE_URL: 'mysql://db/engawa' }, 'DATABASE_URL must look like postgres://'],
  [{ SMTP_URL: 'mail.example.jp' }, 'SMTP_URL must look like smtp://'],
  [{ MAIL_FROM: 'nobody' }, 'MAIL_FROM must be a sender'],
  [{ MAIL_FROM: 'a <b@c.jp>\r\nBcc: d@e.jp' }, 'MAIL_FROM must'],
  [{ ENGAWA_KEY: 'short' }, 'openssl rand -hex 32'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' }, 'such as http://localhost:4318'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of'],
  [{ PROXIES: '-1' }, 'PROXIES must'],
])('%o stops the start with a sentence', (env, sentence) => {
  expect(() => readConfig(env)).toThrow(sentence);
});

test.each(['s3://key:secret@host:9000/bucket', 's3://key:secret@host/bucket?tls=1', 'file:///srv/files'])(
  'files may lie at %s',
  (STORAGE_URL) => {
    expect(readConfig({ STORAGE_URL }).storageUrl).toBe(STORAGE_URL);
  },
);

test.each([
  's3://host:9000/bucket',
  's3://key:secret@host:9000/',
  'https://key:secret@host/bucket',
  '/srv/files',
])('files may not lie at %s', (STORAGE_URL) => {
  expect(() => readConfig({ STORAGE_URL })).toThrow(
    'STORAGE_URL must look like s3://key:secret@host:9000/bucket',
  );
});

test('what is secret is not repeated', () => {
  expect(() => readConfig({ DATABASE_URL: 'mysql://u:hunter2@db' })).toThrow(/^(?!.*hunter2)/);
  expect(() => readConfig({ ENGAWA_KEY: 'hunter2' })).toThrow(/^(?!.*hunter2)/);
});

test('parts that run apart need what they share', () => {
  const shared = { DATABASE_URL: 'postgres://db/engawa', ENGAWA_KEY: KEY };
  expect(readConfig(shared, { roles: 'web,sync' }).roles).toEqual(['web', 'sync']);
  expect(() => readConfig({}, { roles: 'web' })).toThrow('DATABASE_URL must name');
  expect(() => readConfig({ DATABASE_URL: shared.DATABASE_URL }, { roles: 'web' })).toThrow(
    'ENGAWA_KEY must be set',
  );
  expect(() => readConfig(shared, { roles: 'web,cat' })).toThrow('"cat" is none of them');
  expect(() => readConfig(shared, { roles: '' })).toThrow('none of them');
});
