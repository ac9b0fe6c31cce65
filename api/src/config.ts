import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { parseDuration } from './model/duration.ts';
import { keyProblems } from './model/encryption-keys.ts';
import { parsePortRange } from './model/ports.ts';

/** Everything that the environment decides. docs/configuration.md explains each; frozen once read. */
export interface Config {
  host: string;
  port: number;
  /** Undefined: this process builds, starts and supervises its own PocketBase. */
  pocketbaseUrl: string | undefined;
  pocketbasePort: number;
  /** A PocketBase service built elsewhere; undefined: built from `pocketbase/` when needed. */
  pocketbaseBin: string | undefined;
  dataDir: string;
  /** Where built PocketBase binaries are kept. */
  cacheDir: string;
  /** The first operator's login. Undefined on a local start: made once and kept under the data folder. */
  adminEmail: string | undefined;
  adminPassword: string | undefined;
  /** Where people open the console; undefined: messages hold no link to their event. */
  publicUrl: string | undefined;
  /** Comma-separated base64 keys of 32 bytes; the first encrypts. */
  encryptionKeys: string | undefined;
  /** Whether a start goes on although no key opens what is stored. */
  acceptLostKeys: boolean;
  /** CIDR ranges that destinations may reach although they are not public. */
  allowedPrivateNetworks: string[];
  allowHttpDestinations: boolean;
  /** The HTTP proxy that deliveries to public addresses go through; undefined: none. */
  deliveryProxy: string | undefined;
  /** Ports, and ranges of ports, that destinations may have. */
  allowedPorts: string[];
  /** Milliseconds before each try; undefined: the default schedule. */
  retrySchedule: number[] | undefined;
  logLevel: 'error' | 'warn' | 'info' | 'debug';
  /** Processes of the API that share the port; 1: this one does the work itself. */
  webConcurrency: number;
  /** Deliveries under way at once in this process. */
  workerConcurrency: number;
  /** Days that events, their deliveries and rejections are kept, and those of the audit; 0: for ever. */
  retentionDays: number;
  auditRetentionDays: number;
  /** Express's `trust proxy` setting: hops, or addresses. */
  trustProxy: number | string | false;
}

type Environment = Record<string, string | undefined>;

/** All that is wrong with the environment, in one message. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Names that Express's `trust proxy` knows besides addresses. */
const PROXY_RANGES = ['loopback', 'linklocal', 'uniquelocal'];
const DEFAULT_ALLOWED_PORTS = ['80', '443', '1024-65535'];
const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;

/**
 * Reads the environment, the only place that does. `NAME_FILE` names a file that holds the value of
 * `NAME`, for container secrets.
 * @throws ConfigError naming every bad value at once
 */
export function readConfig(env: Environment = process.env): Readonly<Config> {
  const errors: string[] = [];
  const text = (name: string): string | undefined => readVariable(env, name, errors);
  const refuse = (name: string, value: string, expected: string): void => {
    errors.push(`${name}=${JSON.stringify(value)}: expected ${expected}`);
  };
  const parsed = <T>(name: string, fallback: T, expected: string, parse: (value: string) => T | undefined): T => {
    const value = text(name);
    if (value === undefined) return fallback;
    const result = parse(value);
    if (result === undefined) refuse(name, value, expected);
    return result ?? fallback;
  };

  const config: Config = {
    host: text('HOST') ?? '127.0.0.1',
    port: parsed('PORT', 8080, 'a port, 0 to 65535', (value) => integer(value, 0, 65_535)),
    pocketbaseUrl: parsed<string | undefined>('POCKETBASE_URL', undefined, 'an http(s) URL', httpUrl),
    pocketbasePort: parsed('POCKETBASE_PORT', 8090, 'a port, 0 to 65535', (value) => integer(value, 0, 65_535)),
    pocketbaseBin: text('POCKETBASE_BIN'),
    dataDir: resolve(text('DATA_DIR') ?? './data'),
    cacheDir: join(text('XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'pockethook'),
    adminEmail: text('POCKETBASE_ADMIN_EMAIL'),
    adminPassword: text('POCKETBASE_ADMIN_PASSWORD'),
    publicUrl: parsed<string | undefined>('PUBLIC_URL', undefined, 'an http(s) URL', httpUrl),
    encryptionKeys: text('ENCRYPTION_KEYS'),
    acceptLostKeys: parsed('ACCEPT_LOST_KEYS', false, 'true or false', boolean),
    allowedPrivateNetworks: parsed(
      'ALLOWED_PRIVATE_NETWORKS',
      [],
      'CIDR ranges such as 10.0.0.0/8,127.0.0.0/8',
      cidrList,
    ),
    allowHttpDestinations: parsed('ALLOW_HTTP_DESTINATIONS', false, 'true or false', boolean),
    deliveryProxy: parsed<string | undefined>('DELIVERY_PROXY', undefined, 'an http(s) URL of a proxy', httpUrl),
    allowedPorts: parsed(
      'ALLOWED_PORTS',
      DEFAULT_ALLOWED_PORTS,
      'ports and ranges of ports such as 443,8000-8999',
      portList,
    ),
    retrySchedule: parsed<number[] | undefined>(
      'RETRY_SCHEDULE',
      undefined,
      'durations such as 0s,5s,5m',
      durationList,
    ),
    logLevel: parsed('LOG_LEVEL', 'info', LOG_LEVELS.join(', '), (value) =>
      LOG_LEVELS.find((level) => level === value),
    ),
    webConcurrency: parsed('WEB_CONCURRENCY', 1, 'a number, 1 to 64', (value) => integer(value, 1, 64)),
    workerConcurrency: parsed('WORKER_CONCURRENCY', 256, 'a number, 2 to 4000', (value) => integer(value, 2, 4000)),
    retentionDays: parsed('RETENTION_DAYS', 30, 'days, 0 to 36500', (value) => integer(value, 0, 36_500)),
    auditRetentionDays: parsed('AUDIT_RETENTION_DAYS', 365, 'days, 0 to 36500', (value) => integer(value, 0, 36_500)),
    trustProxy: parsed<number | string | false>(
      'TRUST_PROXY',
      false,
      'a number of proxies, or their addresses such as 10.0.0.0/8,loopback',
      (value) => (boolean(value) === false ? false : (integer(value, 1, 100) ?? proxyList(value))),
    ),
  };
  if (config.encryptionKeys !== undefined)
    errors.push(...keyProblems(config.encryptionKeys).map((problem) => `ENCRYPTION_KEYS: ${problem}`));
  if (config.pocketbaseUrl !== undefined && config.encryptionKeys === undefined)
    errors.push(
      "ENCRYPTION_KEYS (or ENCRYPTION_KEYS_FILE) is needed when POCKETBASE_URL is set: give it the PocketBase service's value",
    );
  if (errors.length > 0)
    throw new ConfigError(`The environment can't be used:\n${errors.map((e) => `  - ${e}`).join('\n')}`);
  return Object.freeze(config);
}

function readVariable(env: Environment, name: string, errors: string[]): string | undefined {
  const file = env[`${name}_FILE`]?.trim();
  let value = env[name];
  if (file) {
    try {
      value = readFileSync(file, 'utf8');
    } catch (error) {
      errors.push(`${name}_FILE=${JSON.stringify(file)}: can't be read (${(error as NodeJS.ErrnoException).code})`);
      return undefined;
    }
  }
  return value?.trim() || undefined;
}

function integer(value: string, min: number, max: number): number | undefined {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  return number >= min && number <= max ? number : undefined;
}

function boolean(value: string): boolean | undefined {
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  return undefined;
}

function httpUrl(value: string): string | undefined {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) ? value.replace(/\/+$/, '') : undefined;
}

function cidrList(value: string): string[] | undefined {
  const list = value.split(',').map((item) => item.trim());
  return list.every(isNetwork) ? list : undefined;
}

/** As strict as Go's netip.ParsePrefix: no octal or short forms of addresses, which mean one thing here and another there. */
function isNetwork(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  const family = address.includes('%') ? 0 : isIP(address);
  const atMost = family === 4 ? 32 : 128;
  return family !== 0 && more.length === 0 && /^(?:0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= atMost;
}

function portList(value: string): string[] | undefined {
  const list = value.split(',').map((item) => item.trim());
  return list.every(parsePortRange) ? list : undefined;
}

function proxyList(value: string): string | undefined {
  const known = (item: string) => PROXY_RANGES.includes(item) || ipaddr.isValid(item) || ipaddr.isValidCIDR(item);
  return value.split(',').every((item) => known(item.trim())) ? value : undefined;
}

function durationList(value: string): number[] | undefined {
  const list = value.split(',').map(parseDuration);
  return list.every((item) => item !== undefined) ? list : undefined;
}
