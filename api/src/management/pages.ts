import { PROBLEMS } from '../model/problems.ts';

/** The pages at this address: path and purpose. */
const PLACES: [path: string, meaning: string][] = [
  ['/', 'the console, in a browser'],
  ['POST /ingest/{source}', 'send an event'],
  ['/docs', 'API reference'],
  ['/docs/problems', 'what each error code means'],
  ['/readyz', 'whether everything works'],
  ['/metrics', 'figures for Prometheus'],
];

const INTRODUCTION = 'Pockethook runs here: a webhook gateway. Events that are sent to it are stored and passed on.';

/** The home page for a terminal. */
export const HOME_TEXT = `${INTRODUCTION}\n\n${PLACES.map(([path, meaning]) => `  ${path.padEnd(24)}${meaning}`).join('\n')}\n`;

export function problemsPage(): string {
  const rows = Object.entries(PROBLEMS).map(
    ([code, { status, title }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td></tr>`,
  );
  return page(
    'Problems · Pockethook API',
    `<h1>Problems</h1>
<p>Every error is <code>application/problem+json</code> (RFC 9457). <code>code</code> and <code>title</code> are fixed;
<code>detail</code> says what was wrong this time and what to do, <code>errors</code> does so for each field.
<code>correlation_id</code> finds the request in the log. <a href="/docs">API reference</a></p>
<table><tr><th>code</th><th>status</th><th>title</th></tr>
${rows.join('\n')}
</table>`,
  );
}

/** All texts are constants in this code, so nothing needs escaping. */
function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/docs/favicon.svg">
<title>${title}</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; margin: 1.5rem 0; }
  td, th { text-align: left; vertical-align: top; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid #8884; }
  td { overflow-wrap: anywhere; }
  tr:target { background: #fd08; }
</style>
${body}
</html>
`;
}
