#!/usr/bin/env node
/** What `npx pockethook` runs: in place and executable before anything is built. */
import { existsSync } from 'node:fs';

const bundle = new URL('dist/pockethook.js', import.meta.url);
if (existsSync(bundle)) await import(bundle.href);
else {
  process.stderr.write('pockethook: it is not built yet. Run `npm start`, or `npm run build`, and try again.\n');
  process.exitCode = 78;
}
