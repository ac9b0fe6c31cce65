/** What tells the repetition of a request from a new one. Both are SHA-256 in hex. */
export interface Once {
  /** Of who asks and their Idempotency-Key. */
  key: string;
  /** Of the request. */
  fingerprint: string;
}

/** By which way something was asked for, and in which request. */
export interface WriteOrigin {
  via?: 'api' | 'cli' | 'apply' | 'handshake';
  correlation_id?: string;
}

/** On whose behalf something is changed, and how a repetition is recognised. The store audits it with the change. */
export interface Write extends WriteOrigin {
  /** `operator:<email>`, `user:<email>`, `key:<prefix> <name>`, `source:<name>` (a handshake), or `pockethook` by itself. */
  actor: string;
  /** Absent: a repetition changes something again. */
  once?: Once;
  /** Versions of the record, as `versionOf` has them: it is changed only if it is one of these. Absent: whatever it is. */
  if_match?: readonly string[];
  /** Called when an earlier request made the change; the call then resolves to what that one did. */
  onRepeated?: () => void;
}

/** For what Pockethook changes unasked. */
export const BY_ITSELF: Write = { actor: 'pockethook' };

/** The part of a write that the store is sent. */
export function callerOf({ actor, via, correlation_id, once, if_match }: Write): Omit<Write, 'onRepeated'> {
  return {
    actor,
    ...(via && { via }),
    ...(correlation_id && { correlation_id }),
    ...(once && { once }),
    ...(if_match && { if_match }),
  };
}
