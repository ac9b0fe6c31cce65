import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEMS, Problem } from '../model/problems.ts';
import { makeCorrelationId } from './correlation-id.ts';
import { problemBody } from './problem.ts';

/**
 * For a server's `clientError`: what Node's parser can't read never becomes a request, so nobody else answers it.
 * Says what was wrong in the form of all other problems, and closes the connection.
 */
export function answerClientError(fault: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const problem = toParserProblem(fault.code);
  const { status } = PROBLEMS[problem.code];
  const correlationId = makeCorrelationId();
  const body = JSON.stringify(problemBody(problem, correlationId));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Correlation-Id: ${correlationId}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  // Destroyed once it is out: somebody who sends nonsense may never close the other half.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

function toParserProblem(code: string | undefined): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('headers_too_large', 'Path, query and header fields together may have at most 16 KiB.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new Problem('body_too_large', 'The chunk extensions of the body are too large. Send none.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('request_timeout', 'The request did not come in whole in time. Send it again, in one go.');
    default:
      return new Problem('malformed_request', 'This is not a valid HTTP/1.1 request.');
  }
}
