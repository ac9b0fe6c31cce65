import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { setTimeout } from 'node:timers/promises';
import type { OpenApiDocument } from '../http/openapi.ts';
import { createStopSignal } from '../local/stop-signals.ts';
import { EXIT } from './exit-codes.ts';
import { run } from './program.ts';

/** Defined by the build. */
declare const POCKETHOOK_VERSION: string;

// A reader that closes the pipe early, such as `head`, is no error.
process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
  process.exit(fault.code === 'EPIPE' ? EXIT.ok : EXIT.failed);
});

/** 128 + SIGINT, as in shells. */
const EXIT_INTERRUPTED = 130;

function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  const handle = createStopSignal({
    elapsed: () => performance.now(),
    stop: () => controller.abort(),
    stopNow: () => process.exit(EXIT_INTERRUPTED),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, handle);
  return controller.signal;
}

async function confirm(question: string): Promise<boolean | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C at a question counts as no.
  const interrupted = once(reader, 'SIGINT').then(() => '');
  const answer = await Promise.race([reader.question(`${question} [y/N] `), interrupted]);
  reader.close();
  return /^y(es)?$/i.test(answer.trim());
}

let contract: OpenApiDocument | undefined;

process.exitCode = await run(process.argv.slice(2), {
  version: POCKETHOOK_VERSION,
  env: process.env,
  terminal: {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    rewrites: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
    columns: (process.stdout.isTTY && process.stdout.columns) || undefined,
    colours: process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
  },
  now: Date.now,
  // The build writes the contract beside this program.
  contract: () => {
    contract ??= JSON.parse(readFileSync(new URL('./openapi.json', import.meta.url), 'utf8')) as OpenApiDocument;
    return contract;
  },
  sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }).catch(() => undefined),
  onInterrupt,
  confirm,
});
