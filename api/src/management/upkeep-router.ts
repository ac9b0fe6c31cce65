import { Router } from 'express';
import { Problem } from '../model/problems.ts';
import type { Upkeep } from '../store/upkeep.ts';
import type { CheckOperation } from './checked.ts';
import { sendJson } from './send-json.ts';
import { writeOf } from './write-of.ts';

export interface UpkeepRouterDeps {
  check: CheckOperation;
  upkeep: Upkeep;
  /** File name of the newest migration in this release. */
  schema: string;
}

const OTHER_KEYS =
  'The PocketBase service encrypts with a key that this API service does not hold. Start both with the same ENCRYPTION_KEYS, then try again.';

/** Maintenance by operators: re-encrypts secrets with the current key, and shows which migrations are applied. */
export function upkeepRouter({ check, upkeep, schema }: UpkeepRouterDeps): Router {
  const rotated = check('rotateSecrets');
  const read = check('getMigrations');
  const router = Router();

  router.post('/secrets/rotate', async (request, response) => {
    rotated(request);
    const {
      refused,
      key,
      rotated: count,
      current,
      unreadable,
    } = await upkeep.rotateSecrets(writeOf(request, response));
    if (refused) throw new Problem('conflict', OTHER_KEYS);
    sendJson(response, { key, rotated: count, current, unreadable, old_keys_needed: unreadable.length > 0 });
  });

  router.get('/migrations', async (request, response) => {
    read(request);
    const { applied, pending } = await upkeep.readMigrations();
    // A PocketBase service of an older release doesn't have the migration files that this code needs.
    const missing = applied.includes(schema) || pending.includes(schema) ? [] : [schema];
    sendJson(response, { applied, pending: [...pending, ...missing] });
  });

  return router;
}
