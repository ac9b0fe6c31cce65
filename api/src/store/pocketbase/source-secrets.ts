import { Problem } from '../../model/problems.ts';
import type { RevealSecret } from '../records.ts';
import { type CallDeps, callWrite } from './call.ts';
import { type Decrypt, UnopenedSecret } from './secrets.ts';

interface Answer {
  config_version: number;
  status: 'revealed' | 'shown' | 'unknown';
  /** As it is stored. */
  secret?: string;
}

/** Shows what a handshake brought (pocketbase/internal/handshake). */
export function createRevealSecret(deps: CallDeps & { decrypt: Decrypt }): RevealSecret {
  return async (source, write) => {
    const request = { source, ...write };
    const { status, secret = '' } = await callWrite<Answer>(deps, 'source/reveal', request);
    if (status !== 'revealed') return { status };
    try {
      return { status, secret: deps.decrypt(secret, { collection: 'sources', record: source, field: 'secrets' }) };
    } catch (fault) {
      if (fault instanceof UnopenedSecret) throw new Problem('conflict', fault.message);
      throw fault;
    }
  };
}
