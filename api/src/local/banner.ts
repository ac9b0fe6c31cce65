export interface BannerFacts {
  /** Where the API listens. */
  url: string;
  store: { pocketbaseUrl: string; email: string; password: string; credentialsMade: boolean };
  /** Set when the starter configuration was made just now. */
  githubSecret: string | undefined;
}

/** What a person needs after a start; secrets only at the one start that made them. */
export function banner({ url, store, githubSecret }: BannerFacts): string {
  const lines = [
    '',
    `  Pockethook listens on ${url}`,
    '',
    `  Try it      curl ${url}/ingest/generic -H 'content-type: application/json' -d '{"hello":"world"}'`,
    '  See it      npx pockethook events tail',
    `  Dashboard   ${store.pocketbaseUrl}/_/`,
    `  API         ${url}/docs`,
  ];
  if (store.credentialsMade) {
    lines.push('', `  Made for you, and kept in the data folder (shown this once):`);
    lines.push(`  Login       ${store.email}  ${store.password}`);
  }
  if (githubSecret) {
    if (!store.credentialsMade) lines.push('');
    lines.push(`  GitHub      ${url}/ingest/github  secret ${githubSecret}`);
  }
  return [...lines, ''].join('\n');
}
