import { hostname, networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { Stop } from './stop.ts';

const ROOT = join(import.meta.dirname, '../../..');
export const ROLES = ['web', 'sync', 'worker'] as const;
export type Role = (typeof ROLES)[number];

const URL_OF = (...schemes: string[]) =>
  v.check((text: string) => URL.canParse(text) && schemes.includes(new URL(text).protocol));
const number = (least: number, most: number) =>
  v.pipe(v.string(), v.regex(/^\d{1,5}$/), v.transform(Number), v.minValue(least), v.maxValue(most));
const keyBytes = (text: string): Buffer => Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');

const OTLP = 'must be the address of an OTLP receiver over HTTP, such as http://localhost:4318';

/** Every setting, what it must look like, and the sentence for when it does not. */
export const SETTINGS = {
  PORT: [v.optional(number(1, 65535), '3000'), 'must be a port from 1 to 65535, such as 3000'],
  HOST: [
    v.optional(v.pipe(v.string(), v.regex(/^[\w.:-]+$/)), 'localhost'),
    'must be an address to listen on, such as localhost or 0.0.0.0',
  ],
  ORIGIN: [
    v.optional(
      v.pipe(
        v.string(),
        URL_OF('http:', 'https:'),
        v.transform((text) => new URL(text)),
        v.check((url) => url.pathname === '/' && !url.search),
        v.transform((url) => url.origin),
      ),
    ),
    'must be the address people open, without a path, such as https://engawa.example.jp',
  ],
  DATABASE_URL: [
    v.optional(v.pipe(v.string(), URL_OF('postgres:', 'postgresql:'))),
    'must look like postgres://user:password@host:5432/engawa',
  ],
  STORAGE_URL: [
    v.optional(
      v.pipe(
        v.string(),
        URL_OF('s3:', 'file:'),
        v.check((text) => {
          if (!URL.canParse(text)) return false;
          const { protocol, username, password, pathname } = new URL(text);
          return (
            protocol === 'file:' ||
            (username !== '' && password !== '' && /^\/[a-z0-9.-]{3,63}$/.test(pathname))
          );
        }),
      ),
    ),
    'must look like s3://key:secret@host:9000/bucket (with ?tls=1 for https), or file:///folder',
  ],
  VALKEY_URL: [
    v.optional(v.pipe(v.string(), URL_OF('redis:', 'rediss:', 'valkey:'))),
    'must look like redis://:password@host:6379',
  ],
  SMTP_URL: [
    v.optional(v.pipe(v.string(), URL_OF('smtp:', 'smtps:'))),
    'must look like smtp://user:password@host:587',
  ],
  MAIL_FROM: [
    v.optional(v.pipe(v.string(), v.regex(/^([^<>\r\n]+<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/))),
    'must be a sender such as 縁側 <engawa@example.jp>',
  ],
  ENGAWA_KEY: [
    v.optional(
      v.pipe(
        v.string(),
        v.regex(/^([0-9a-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/i),
        v.transform(keyBytes),
        v.check((key) => key.length === 32),
      ),
    ),
    'must be 32 random bytes, as `openssl rand -hex 32` prints them',
  ],
  ENGAWA_DATA: [v.optional(v.string(), join(ROOT, '.engawa')), 'must be a folder'],
  LOG_LEVEL: [
    v.optional(v.picklist(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']), 'info'),
    'must be one of fatal, error, warn, info, debug, trace, silent',
  ],
  METRICS_TOKEN: [
    v.optional(v.pipe(v.string(), v.regex(/^[\x21-\x7e]{16,}$/))),
    'must be at least 16 characters without spaces, as `openssl rand -hex 16` prints them',
  ],
  // Traces are sent when an address is named; the other standard variables are read by the exporter itself.
  OTEL_EXPORTER_OTLP_ENDPOINT: [v.optional(v.pipe(v.string(), URL_OF('http:', 'https:'))), OTLP],
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: [v.optional(v.pipe(v.string(), URL_OF('http:', 'https:'))), OTLP],
  OTEL_EXPORTER_OTLP_PROTOCOL: [
    v.optional(v.picklist(['http/json', 'http/protobuf']), 'http/json'),
    'must be http/json: traces are sent over HTTP as JSON, which every receiver takes beside protobuf; gRPC is not spoken',
  ],
  OTEL_SDK_DISABLED: [v.optional(v.picklist(['true', 'false']), 'false'), 'must be true or false'],
  OTEL_TRACES_SAMPLER: [
    v.optional(
      v.picklist([
        'always_on',
        'always_off',
        'traceidratio',
        'parentbased_always_on',
        'parentbased_always_off',
        'parentbased_traceidratio',
      ]),
      'parentbased_always_on',
    ),
    'must be a sampler such as parentbased_traceidratio (with OTEL_TRACES_SAMPLER_ARG=0.1)',
  ],
  OTEL_TRACES_SAMPLER_ARG: [
    v.optional(v.pipe(v.string(), v.regex(/^(0(\.\d+)?|1(\.0+)?)$/), v.transform(Number)), '1'),
    'must be a share from 0 to 1',
  ],
  OTEL_BSP_SCHEDULE_DELAY: [v.optional(number(10, 60_000), '5000'), 'must be milliseconds from 10 to 60000'],
  PROXIES: [v.optional(number(0, 9), '0'), 'must be the number of proxies in front of Engawa, from 0 to 9'],
} as const;

type Settings = { [Name in keyof typeof SETTINGS]: v.InferOutput<(typeof SETTINGS)[Name][0]> };

/** How traces are sent. */
export interface Tracing {
  sampler: Settings['OTEL_TRACES_SAMPLER'];
  /** Of the samplers by ratio. */
  share: number;
  /** Milliseconds between two sendings. */
  delay: number;
  /** Whether a proxy of ours writes the headers that a trace is continued by. */
  trusted: boolean;
}

/** All configuration, checked. Nothing else in the product reads the environment. */
export interface Config {
  port: number;
  host: string;
  /** Public address, without a slash at the end: links in mails begin with it. */
  origin: string;
  /** The addresses pages may be opened at; a socket from a page of any other is refused. */
  origins: string[];
  /** Null starts the embedded PostgreSQL. */
  databaseUrl: string | null;
  /** Null keeps files in the data folder. */
  storageUrl: string | null;
  /** Where several sync nodes meet for carets and presence; null when there is one. */
  valkeyUrl: string | null;
  /** Null keeps mails as files. */
  smtpUrl: string | null;
  mailFrom: string;
  /** Null makes one and keeps it in the data folder. */
  key: Uint8Array | null;
  data: string;
  logLevel: Settings['LOG_LEVEL'];
  /** What whoever reads /metrics has to know; null when nobody may. */
  metricsToken: string | null;
  /** Null when no receiver of traces is named. */
  tracing: Tracing | null;
  /** How many entries of X-Forwarded-For, from the right, were written by proxies we trust. */
  proxies: number;
  roles: Role[];
  lan: boolean;
}

export interface Flags {
  lan?: boolean;
  roles?: string;
}

/** Reads settings and flags. Throws Stop with a sentence that says which one to change, and how. */
export function readConfig(env: NodeJS.ProcessEnv, flags: Flags = {}): Config {
  // Those of OpenTelemetry are often set for a whole machine: they count where traces are sent.
  const traces = env.OTEL_EXPORTER_OTLP_ENDPOINT?.trim() || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?.trim();
  const given = (name: string) => (name.startsWith('OTEL_') && !traces ? {} : env);
  const set = Object.fromEntries(
    Object.keys(SETTINGS).map((name) => [name, check(name as keyof Settings, given(name))]),
  ) as Settings;
  const roles = readRoles(flags.roles, set);
  if (set.SMTP_URL && !set.MAIL_FROM && env.NODE_ENV === 'production') {
    throw new Stop(
      'SMTP_URL is set, so MAIL_FROM must say who the mails come from, such as 縁側 <engawa@example.jp>.',
    );
  }
  const lan = flags.lan ? lanAddress() : null;
  const at = (name: string) => new URL(`http://${name}:${set.PORT}`).origin;
  const origin = set.ORIGIN ?? at(lan ?? 'localhost');
  const host = flags.lan ? '0.0.0.0' : set.HOST;
  return {
    port: set.PORT,
    host,
    origin,
    origins: set.ORIGIN ? [set.ORIGIN] : [...new Set([origin, ...addressesOf(host).map(at)])],
    databaseUrl: set.DATABASE_URL ?? null,
    storageUrl: set.STORAGE_URL ?? null,
    valkeyUrl: set.VALKEY_URL ?? null,
    smtpUrl: set.SMTP_URL ?? null,
    mailFrom: set.MAIL_FROM ?? `縁側 <engawa@${new URL(origin).hostname}>`,
    key: set.ENGAWA_KEY ?? null,
    data: resolve(set.ENGAWA_DATA),
    logLevel: set.LOG_LEVEL,
    metricsToken: set.METRICS_TOKEN ?? null,
    tracing: tracingOf(set),
    proxies: set.PROXIES,
    roles,
    lan: flags.lan ?? false,
  };
}

function tracingOf(set: Settings): Tracing | null {
  const address = set.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? set.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!address || set.OTEL_SDK_DISABLED === 'true') return null;
  return {
    sampler: set.OTEL_TRACES_SAMPLER,
    share: set.OTEL_TRACES_SAMPLER_ARG,
    delay: set.OTEL_BSP_SCHEDULE_DELAY,
    trusted: set.PROXIES > 0,
  };
}

const SECRET = ['DATABASE_URL', 'STORAGE_URL', 'VALKEY_URL', 'SMTP_URL', 'ENGAWA_KEY', 'METRICS_TOKEN'];

function check<Name extends keyof Settings>(name: Name, env: NodeJS.ProcessEnv): unknown {
  const [schema, sentence] = SETTINGS[name];
  const given = env[name]?.trim() || undefined;
  const result = v.safeParse(schema, given);
  if (result.success) return result.output;
  throw new Stop(`${name} ${sentence}${SECRET.includes(name) ? '' : ` (it is "${given}")`}.`);
}

function readRoles(given: string | undefined, set: Settings): Role[] {
  if (given === undefined) return [...ROLES];
  const roles = given.split(',').map((role) => role.trim());
  const wrong = roles.find((role) => !ROLES.includes(role as Role));
  if (wrong !== undefined)
    throw new Stop(`--roles takes ${ROLES.join(', ')}, separated by commas; "${wrong}" is none of them.`);
  if (!set.DATABASE_URL)
    throw new Stop(
      '--roles runs the parts as separate programs, so DATABASE_URL must name the PostgreSQL they share.',
    );
  if (!set.ENGAWA_KEY)
    throw new Stop(
      '--roles runs the parts as separate programs, so ENGAWA_KEY must be set, the same for all of them.',
    );
  return roles as Role[];
}

const addresses = () =>
  Object.entries(networkInterfaces()).flatMap(([name, list]) =>
    (list ?? []).map((entry) => ({ name, ...entry })),
  );

/** By which names this machine is reached when it listens on `host`. */
function addressesOf(host: string): string[] {
  const own = ['localhost', '127.0.0.1', '[::1]'];
  if (host !== '0.0.0.0' && host !== '::')
    return own.includes(host) ? own : [...own, host.includes(':') ? `[${host}]` : host];
  const outside = addresses().map(({ address, family }) =>
    family === 'IPv6' ? `[${address.split('%')[0]}]` : address,
  );
  return [...own, hostname().toLowerCase(), ...outside];
}

/** The address a phone in the room can reach; containers' own bridges come last. */
function lanAddress(): string {
  const bridge = ({ name }: { name: string }) => /^(docker|br-|veth|virbr|tun|tap|utun)/.test(name);
  const found = addresses().filter(({ family, internal }) => family === 'IPv4' && !internal);
  const best = found.find((entry) => !bridge(entry)) ?? found[0];
  if (!best)
    throw new Stop(
      '--lan needs a network, and this machine has only itself: connect it, or start without --lan.',
    );
  return best.address;
}
