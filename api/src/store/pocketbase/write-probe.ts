import type { WriteResult } from '../../ops/write-probe.ts';
import { type CallDeps, callOnce } from './call.ts';

/** Longer than the service waits for the write (pocketbase/internal/store/storage.go). */
const PROBE_MS = 3_000;

/** Makes the service write for real and take it back; it says what came of it. */
export function createWriteOnce(deps: CallDeps): () => Promise<WriteResult> {
  return () => callOnce<WriteResult & { config_version?: number }>(deps, 'probe', PROBE_MS, {});
}
