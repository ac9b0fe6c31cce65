import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { ExitCode } from '../../../api/src/cli/exit-codes.ts';
import { run } from '../../../api/src/cli/program.ts';
import type { OpenApiDocument } from '../../../api/src/http/openapi.ts';
import { CONTRACT_FILE } from '../../support/contract.ts';

export interface Run {
  exitCode: ExitCode;
  out: string;
  err: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  now?: number;
  colours?: boolean;
  rewrites?: boolean;
  /** How wide the terminal is; left out: there is none. */
  columns?: number;
  signal?: AbortSignal;
  /** What the person answers; left out: there is nobody. */
  answer?: boolean;
  /** Told of everything that is printed. */
  onPrint?: (text: string) => void;
}

const contract = JSON.parse(readFileSync(CONTRACT_FILE.replace(/yaml$/, 'json'), 'utf8')) as OpenApiDocument;

/** One command line as the process would run it, with what it prints. */
export async function runCli(args: string[], options: RunOptions = {}): Promise<Run> {
  const printed = { out: '', err: '' };
  const write = (stream: keyof typeof printed) => (text: string) => {
    printed[stream] += text;
    options.onPrint?.(text);
  };
  const exitCode = await run(args, {
    version: '1.2.3',
    env: { POCKETHOOK_TOKEN: 'token', DATA_DIR: '/nowhere', ...options.env },
    terminal: {
      out: write('out'),
      err: write('err'),
      colours: options.colours ?? false,
      rewrites: options.rewrites ?? false,
      columns: options.columns,
    },
    contract: () => contract,
    now: () => options.now ?? Date.now(),
    sleep: (_milliseconds, signal) => setTimeout(1, undefined, { signal }).catch(() => undefined),
    onInterrupt: () => options.signal ?? new AbortController().signal,
    confirm: async (question) => {
      if (options.answer !== undefined) write('err')(`${question}\n`);
      return options.answer;
    },
  });
  return { exitCode, ...printed };
}

export interface Answerer {
  url: string;
  /** `GET /path?query`, in order. */
  requests: string[];
  close(): Promise<void>;
}

/** A server on loopback that answers what it is told, for answers that the real API gives rarely or never. */
export async function startAnswerer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Answerer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Answers `GET /api/v1/names` by these names, whatever they are names of; false for other requests. */
export function answeredNames({ url = '' }: IncomingMessage, response: ServerResponse, names: Record<string, string>) {
  const { pathname, searchParams } = new URL(url, 'http://a');
  if (pathname !== '/api/v1/names') return false;
  const ids = (searchParams.get('ids') ?? '').split(',').filter((id) => names[id] !== undefined);
  const data = ids.flatMap((id) =>
    ['source', 'destination', 'mapping'].map((kind) => ({ kind, id, name: names[id], deleted_at: null })),
  );
  json(response, 200, { data });
  return true;
}

export function problem(response: ServerResponse, status: number, code: string, detail: string): void {
  json(response, status, { title: 'x', status, detail, code, correlation_id: 'c-1' });
}
