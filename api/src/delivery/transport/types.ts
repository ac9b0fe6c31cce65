import type { Answer } from '../../destinations/index.ts';
import type { DeliveryMethod } from '../../model/configuration.ts';

export interface OutgoingRequest {
  /** Absent: POST. */
  method?: 'GET' | DeliveryMethod;
  url: string;
  /** By lower-case name. */
  headers: Record<string, string>;
  body: Buffer;
  /** Limit for the whole request, from resolving the name to the last byte of the response. */
  timeoutMs: number;
}

/** Why there was no complete response. `code` is Node's (`ECONNREFUSED`, `CERT_HAS_EXPIRED` …) or ours (`ERR_…`). */
export interface SendFailure {
  code: string;
  message: string;
}

export type Sent =
  | { kind: 'answered'; answer: Answer }
  /** Has `answer` if the status was received: the receiver got the request, but its response was cut short or breaks HTTP. */
  | { kind: 'failed'; failure: SendFailure; answer: Answer | undefined }
  /** Aborted because this process shuts down; the receiver may or may not have got the request. */
  | { kind: 'aborted' };

export interface Transport {
  /** Sends one request. Never rejects: failures and an abort by `signal` are results. */
  send(request: OutgoingRequest, signal: AbortSignal): Promise<Sent>;
  /** Closes the idle sockets. */
  close(): void;
}
