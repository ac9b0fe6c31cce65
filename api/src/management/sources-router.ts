import { Router } from 'express';
import type { Schemas } from '../../client/schemas.ts';
import { notFound, Problem } from '../model/problems.ts';
import type { Records, RevealSecret } from '../store/records.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import { sendJson } from './send-json.ts';
import { writeOf } from './write-of.ts';

export interface SourcesRouterDeps {
  check: CheckOperation;
  records: Pick<Records, 'get'>;
  revealSecret: RevealSecret;
  refreshConfiguration: () => Promise<void>;
}

const SHOWN =
  'There is no secret to show: none came with a handshake, or it was shown before. To get a new one, take the secret out of the source and have the vendor send its handshake again.';

/** Shows a secret that came with a handshake, once; mounted at `/sources`. */
export function sourcesRouter({ check, records, revealSecret, refreshConfiguration }: SourcesRouterDeps): Router {
  const asked = check('revealSecret');
  return Router().post('/:id/reveal', async (request, response) => {
    // The store's route doesn't know accounts; this read fails unless the actor may see the source.
    const { id } = await records.get('sources', asked(request).params.id, scopeOf(response));
    const result = await revealSecret(id, writeOf(request, response));
    if (result.status === 'unknown') throw notFound(`source ${id}`);
    if (result.status === 'shown') throw new Problem('conflict', SHOWN);
    // It is shown; if reading it back fails, the realtime subscription delivers it soon.
    await refreshConfiguration().catch(() => undefined);
    sendJson(response, { secret: result.secret } satisfies Schemas['RevealedSecret']);
  });
}
