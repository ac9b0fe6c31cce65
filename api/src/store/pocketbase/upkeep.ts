import type { Migrations, Rotation, Upkeep } from '../upkeep.ts';
import { type CallDeps, callRoute, callWrite } from './call.ts';
import { keyIds } from './secrets.ts';

/**
 * Upkeep over the PocketBase service's own routes.
 * @param encryptionKeys as in ENCRYPTION_KEYS
 */
export function createUpkeep(deps: CallDeps, encryptionKeys: string): Upkeep {
  return {
    rotateSecrets: (write) => {
      const request = { known: keyIds(encryptionKeys), ...write };
      return callWrite<Rotation & { config_version?: number }>(deps, 'rotate', request);
    },
    readMigrations: () => callRoute<Migrations & { config_version?: number }>(deps, 'migrations'),
  };
}
