import { createHmac } from 'node:crypto';

const FILLER = 'The quick brown fox jumps over the lazy dog. '.repeat(20);

/** A GitHub-like issue event of 1 KB, complete with its signature, as the bytes of an HTTP request. */
export function ingestRequest(path: string, n: number, secret: string): Buffer {
  const start = `{"n":${n},"action":"opened","issue":{"number":${n},"title":"Issue number ${n}","user":{"login":"octocat"}},"labels":["bug","help wanted"],"text":"`;
  const body = `${start}${FILLER.slice(0, 1024 - start.length - 2)}"}`;
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n` +
      `X-GitHub-Event: issues\r\nX-GitHub-Delivery: bench-${n}\r\nX-Hub-Signature-256: sha256=${signature}\r\n\r\n${body}`,
  );
}
