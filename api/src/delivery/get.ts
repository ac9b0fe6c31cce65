import type { Transport } from './transport/types.ts';

export interface GetDeps {
  transport: Pick<Transport, 'send'>;
  userAgent: string;
}

/** Short: a producer waits for the answer. */
const TIMEOUT_MS = 5_000;

/** Sends a GET through the guard of deliveries. `body`: its first 8 KiB. Never rejects. */
export function createGet({ transport, userAgent }: GetDeps) {
  const headers = { 'user-agent': userAgent };
  return async (url: string): Promise<{ status: number; body: string } | { failure: string }> => {
    const request = { method: 'GET' as const, url, headers, body: Buffer.alloc(0), timeoutMs: TIMEOUT_MS };
    const sent = await transport.send(request, new AbortController().signal);
    if (sent.kind === 'answered') return sent.answer;
    return { failure: sent.kind === 'failed' ? sent.failure.message : 'shutting down' };
  };
}
