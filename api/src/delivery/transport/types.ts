import type { Answer } from '../../destinations/index.ts';

export interface OutgoingRequest {
  url: string;
  /** By lower-case name. */
  headers: Record<string, string>;
  body: Buffer;
  /** For everything from resolving the name to the answer's last byte. */
  timeoutMs: number;
}

/** Why there was no whole answer. `code` is Node's (`ECONNREFUSED`, `CERT_HAS_EXPIRED` …) or one of ours (`ERR_…`). */
export interface SendFailure {
  code: string;
  message: string;
}

export type Sent =
  | { kind: 'answered'; answer: Answer }
  /** `answer` when its status had come: then the receiver has the request, and what follows was cut short or breaks HTTP. */
  | { kind: 'failed'; failure: SendFailure; answer: Answer | undefined }
  /** Given up because this process shuts down; the receiver may have got it or not. */
  | { kind: 'aborted' };

export interface Transport {
  /** Sends one POST. Never rejects: what goes wrong on the way is a result, an abort by `signal` too. */
  send(request: OutgoingRequest, signal: AbortSignal): Promise<Sent>;
  /** Closes the idle sockets. */
  close(): void;
}
