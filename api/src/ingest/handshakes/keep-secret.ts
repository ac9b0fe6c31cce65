import type { Source } from '../../model/configuration.ts';
import { Problem, storeUnavailable } from '../../model/problems.ts';
import type { ConfigurationCache } from '../../store/configuration.ts';
import type { Records } from '../../store/records.ts';
import { isSecret } from '../verification/compare.ts';
import type { BroughtSecret } from './handshake.ts';

export interface KeepSecretDeps {
  records: Pick<Records, 'get' | 'update'>;
  configuration: Pick<ConfigurationCache, 'current' | 'refresh'>;
}

/**
 * Makes what a handshake brought the secret of its source, if that has none: the first wins, whichever process it came to.
 * Resolves to whether it is the source's secret now; then it is in force in this process.
 * @throws Problem `store_unavailable`, `not_found`
 */
export type KeepSecret = (source: Source, secret: BroughtSecret, correlationId: string) => Promise<boolean>;

/** How often somebody may edit the source in between. */
const TRIES = 3;

export function createKeepSecret({ records, configuration }: KeepSecretDeps): KeepSecret {
  return async (source, secret, correlationId) => {
    if (source.secrets.length > 0) return isSecret(source.secrets, secret.text);
    await keep(source, secret, correlationId);
    await configuration.refresh();
    return isSecret(configuration.current.sourceByName(source.name)?.secrets ?? [], secret.text);
  };

  /** Saves it on the version that had no secret, and leaves a source alone that has one by now. */
  async function keep({ id, name }: Source, { text, echoed }: BroughtSecret, correlationId: string): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      const { secrets, updated } = await records.get('sources', id, undefined);
      if (secrets.length > 0) return;
      const write = { actor: `source:${name}`, via: 'handshake', correlation_id: correlationId } as const;
      try {
        await records.update('sources', id, { secrets: [text], secret_unshown: !echoed }, undefined, {
          ...write,
          if_match: [updated],
        });
        return;
      } catch (fault) {
        if (!(fault instanceof Problem && fault.code === 'stale_version')) throw fault;
      }
    }
    throw storeUnavailable();
  }
}
