import { validateHeaderName, validateHeaderValue } from 'node:http';
import { errors } from 'undici';
import type { OutgoingRequest, SendFailure } from './types.ts';

/** Maps undici's error codes to Node's codes for the same failure. */
const CODES: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'HPE_UNEXPECTED_CONTENT_LENGTH',
  UND_ERR_CONNECT_TIMEOUT: 'ERR_CONNECT_TIMEOUT',
  UND_ERR_HEADERS_OVERFLOW: 'HPE_HEADER_OVERFLOW',
};

export function toFailure(error: NodeJS.ErrnoException, { headers }: OutgoingRequest): SendFailure {
  const { code = 'ERR_UNKNOWN', message } = error;
  if (error instanceof errors.HTTPParserError) return parserFailure(message);
  if (code === 'UND_ERR_INVALID_ARG') return headerFailure(headers) ?? { code, message };
  return { code: CODES[code] ?? code, message };
}

/** Finds the parser's reason, in brackets in the message; undici 7 doesn't pass on its code. */
function parserFailure(message: string): SendFailure {
  return { code: 'HPE_INVALID_CONSTANT', message: /\((.*)\)$/.exec(message)?.[1] ?? message };
}

/** undici only says that a header is invalid; Node's own check says why. */
function headerFailure(headers: OutgoingRequest['headers']): SendFailure | undefined {
  try {
    for (const name in headers) {
      validateHeaderName(name);
      validateHeaderValue(name, headers[name] ?? '');
    }
    return undefined;
  } catch (error) {
    const { code = 'ERR_UNKNOWN', message } = error as NodeJS.ErrnoException;
    return { code, message };
  }
}
