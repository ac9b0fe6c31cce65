import type { Migrations, Rotation, Upkeep } from '../upkeep.ts';
import { auditForOperators } from './audit.ts';
import { type CallDeps, callRoute } from './call.ts';
import { toStoreProblem } from './faults.ts';

/** Upkeep over the PocketBase service's own routes. */
export function createUpkeep(deps: CallDeps): Upkeep {
  return {
    rotateSecrets: () => callRoute<Rotation & { config_version?: number }>(deps, 'rotate', {}),
    readMigrations: () => callRoute<Migrations & { config_version?: number }>(deps, 'migrations'),
    audit: async (action, actor, detail) => {
      try {
        await auditForOperators(deps.pb, { action, actor, subject_type: '', subject: '', detail });
      } catch (fault) {
        throw toStoreProblem(fault, 'account default');
      }
    },
  };
}
