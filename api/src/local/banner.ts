import { join } from 'node:path';
import { credentialsFile } from './credentials.ts';

export interface BannerFacts {
  /** Where the API listens. */
  url: string;
  /** The project's folder. */
  folder: string;
  dataDir: string;
  pocketbaseUrl: string;
  login: { email: string; password: string };
  /** Set when the starter configuration was made just now, so at the first start that succeeds. */
  githubSecret: string | undefined;
}

/** What a person needs after a start. Each line works in a new terminal; secrets only at the first start. */
export function banner({ url, folder, dataDir, pocketbaseUrl, login, githubSecret }: BannerFacts): string {
  const api = reachable(url);
  const lines = [
    '',
    `  Pockethook listens on ${url}`,
    '',
    `  Try it      curl ${api}/ingest/generic -H 'content-type: application/json' -d '{"hello":"world"}'`,
    `  See it      ${commandLine(api, folder, dataDir)} events tail`,
    `  Console     ${api}/`,
    `  Dashboard   ${pocketbaseUrl}/_/`,
    `  API         ${api}/docs`,
  ];
  if (githubSecret) {
    lines.push('', '  Made for you, shown this once:');
    lines.push(`  Login       ${login.email}  ${login.password}  (kept in ${credentialsFile(dataDir)})`);
    lines.push(`  GitHub      ${api}/ingest/github  secret ${githubSecret}`);
  }
  return [...lines, ''].join('\n');
}

/** The command line as it finds this installation: from the project's folder, told what is not as it expects. */
function commandLine(api: string, folder: string, dataDir: string): string {
  const variables = [
    ...(api === 'http://127.0.0.1:8080' ? [] : [`POCKETHOOK_URL=${api}`]),
    ...(dataDir === join(folder, 'data') ? [] : [`DATA_DIR=${shellWord(dataDir)}`]),
  ];
  return [...variables, 'npx pockethook'].join(' ');
}

/** An address that listens everywhere is none to connect to. */
function reachable(url: string): string {
  return url.replace(/\/\/(?:0\.0\.0\.0|\[::\]):/, '//127.0.0.1:');
}

function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
