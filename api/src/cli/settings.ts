import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { type Credentials, credentialsFile, readCredentials } from '../local/credentials.ts';
import { StartRefused } from '../local/start-refused.ts';
import { CommandError, EXIT } from './exit-codes.ts';

export type Environment = Record<string, string | undefined>;

/** The credentials for the API; `from` says where they were found. */
export type Authentication =
  | { kind: 'token'; token: string; from: string }
  | { kind: 'password'; email: string; password: string; from: string };

export interface Settings {
  /** Base URL of the API, without a trailing slash. */
  url: string;
  /** How this program was called, for commands that can be pasted: `npx pockethook` or `pockethook`. */
  program: string;
  dataDir: string;
  /** Where people open the console, if PUBLIC_URL is set here. */
  publicUrl: string | undefined;
  /** Host and port of the proxy of deliveries, if DELIVERY_PROXY is set here. */
  deliveryProxy: string | undefined;
  /** Finds the credentials, when a request first needs them. @throws CommandError `notAuthenticated` or `config` */
  authenticate: () => Authentication;
}

/**
 * Reads the API's URL and the credentials, from the flag and the environment.
 * @throws CommandError `config`, or `usage` for the flag
 */
export function readSettings(urlFlag: string | undefined, env: Environment): Settings {
  const url = urlFlag ?? env.POCKETHOOK_URL ?? `http://127.0.0.1:${env.PORT || 8080}`;
  const [name, exitCode] =
    urlFlag === undefined ? (['POCKETHOOK_URL', EXIT.config] as const) : (['--url', EXIT.usage] as const);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new CommandError(exitCode, `${name} is "${url}": write an address such as http://127.0.0.1:8080.`);
  if (new URL(url).username || new URL(url).password)
    throw new CommandError(
      exitCode,
      `${name} holds a user or a password: the API takes those of POCKETHOOK_TOKEN or a login.`,
    );
  const dataDir = resolve(env.DATA_DIR || './data');
  const publicUrl = env.PUBLIC_URL?.replace(/\/+$/, '') || undefined;
  return {
    program: env.npm_command === 'exec' ? 'npx pockethook' : 'pockethook',
    url: url.replace(/\/+$/, ''),
    dataDir,
    publicUrl,
    deliveryProxy: hostOf(readVariable('DELIVERY_PROXY', env)),
    authenticate: () => findAuthentication(url, dataDir, env),
  };
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : undefined;
}

function findAuthentication(url: string, dataDir: string, env: Environment): Authentication {
  if (env.POCKETHOOK_TOKEN) return { kind: 'token', token: env.POCKETHOOK_TOKEN, from: 'POCKETHOOK_TOKEN' };
  const email = readVariable('POCKETBASE_ADMIN_EMAIL', env);
  const password = readVariable('POCKETBASE_ADMIN_PASSWORD', env);
  if (email && password) return { kind: 'password', email, password, from: 'POCKETBASE_ADMIN_EMAIL' };
  return localAuthentication(url, dataDir);
}

/** The password in the data folder is for the local API, so it is never sent to another machine. */
function localAuthentication(url: string, dataDir: string): Authentication {
  const token = 'set POCKETHOOK_TOKEN to an API key, which `pockethook keys create NAME` prints where Pockethook runs';
  if (!isThisMachine(new URL(url).hostname))
    throw new CommandError(EXIT.notAuthenticated, `For an API on another machine, ${token}.`);
  const file = credentialsFile(dataDir);
  const credentials = keptCredentials(dataDir);
  if (!credentials)
    throw new CommandError(
      EXIT.notAuthenticated,
      `There are no credentials: ${file} does not exist. Run this in the folder where Pockethook was started, set DATA_DIR to its data folder, or ${token}.`,
    );
  return { kind: 'password', email: credentials.email, password: credentials.password, from: file };
}

function keptCredentials(dataDir: string): Credentials | undefined {
  try {
    return readCredentials(dataDir);
  } catch (fault) {
    if (fault instanceof StartRefused) throw new CommandError(EXIT.config, fault.message, { cause: fault });
    throw fault;
  }
}

function readVariable(name: string, env: Environment): string | undefined {
  const file = env[`${name}_FILE`];
  return file ? readText(file) : env[name]?.trim();
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (fault) {
    throw new CommandError(EXIT.config, `${file} can't be read (${(fault as NodeJS.ErrnoException).code}).`, {
      cause: fault,
    });
  }
}

/** Accepts addresses only, since a name may resolve to another machine. */
function isThisMachine(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)) return true;
  const address = hostname.replace(/^\[|\]$/g, '');
  return Object.values(networkInterfaces()).some((own) => own?.some((one) => one.address === address));
}
