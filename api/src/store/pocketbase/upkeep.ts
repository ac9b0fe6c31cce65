import type { Migrations, Rotation, Upkeep } from '../upkeep.ts';
import type { WriteAudit } from './audit.ts';
import { type CallDeps, callRoute } from './call.ts';
import { toStoreProblem } from './faults.ts';
import { keyIds } from './secrets.ts';

/**
 * Upkeep over the PocketBase service's own routes.
 * @param encryptionKeys as in ENCRYPTION_KEYS
 */
export function createUpkeep(deps: CallDeps, writeAudit: WriteAudit, encryptionKeys: string): Upkeep {
  return {
    rotateSecrets: () =>
      callRoute<Rotation & { config_version?: number }>(deps, 'rotate', { known: keyIds(encryptionKeys) }),
    readMigrations: () => callRoute<Migrations & { config_version?: number }>(deps, 'migrations'),
    audit: async (action, actor, detail) => {
      try {
        await writeAudit({ account: '', action, actor, subject_type: '', subject: '', detail });
      } catch (fault) {
        throw toStoreProblem(fault, 'account default');
      }
    },
  };
}
