import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from '../support/pocketbase.ts';

const PAGE = `<!doctype html><title>A shop</title><body style="height:3000px"><script src="/trackers.js"></script>
<a id="out" href="http://localhost:9/elsewhere">elsewhere</a>
<button class="plausible-event-name=Signup plausible-event-plan=pro">Sign up</button>`;

export interface TrackedPages {
  origin: string;
  close(): Promise<void>;
}

/** A site on loopback, the same page at each path, with trackers.ts at hand. */
export async function serveTrackedPages(): Promise<TrackedPages> {
  const bundle = await build({
    entryPoints: [join(ROOT, 'tests/browser/trackers.ts')],
    bundle: true,
    format: 'iife',
    write: false,
  });
  const server = createServer((request, response) => {
    const isScript = request.url === '/trackers.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? bundle.outputFiles[0]?.text : PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
