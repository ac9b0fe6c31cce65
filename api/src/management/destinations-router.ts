import { type Request, type Response, Router } from 'express';
import { Problem } from '../model/problems.ts';
import type { DestinationCommand, Queue } from '../store/queue.ts';
import type { ReadHealth, Records } from '../store/records.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import type { JsonBody } from './json-body.ts';
import type { ReadDetails } from './records-router.ts';
import { sendJson } from './send-json.ts';
import { writeOf } from './write-of.ts';

export interface DestinationsRouterDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  records: Pick<Records, 'get'>;
  commandDestination: Queue['commandDestination'];
  readHealth: ReadHealth;
  refreshConfiguration: () => Promise<void>;
  /** Wakes the dispatcher: a resume makes held deliveries due. */
  wake: () => void;
}

const BODY_BYTES = 10_000;

/** Pause and resume, mounted at `/destinations`. */
export function destinationsRouter(deps: DestinationsRouterDeps): Router {
  const paused = deps.check('pauseDestination');
  const resumed = deps.check('resumeDestination');
  const router = Router();

  router.post('/:id/pause', (request, response) => carryOut('pause', paused(request).params, 0, request, response));
  router.post('/:id/resume', deps.jsonBody(BODY_BYTES), (request: Request, response) => {
    const { params, body } = resumed(request);
    return carryOut('resume', params, body?.rate ?? 0, request, response);
  });
  return router;

  async function carryOut(
    command: DestinationCommand['command'],
    params: { id: string },
    rate: number,
    request: Request,
    response: Response,
  ): Promise<void> {
    // The queue doesn't know accounts; this read fails unless the actor may see the destination.
    const { id } = await deps.records.get('destinations', params.id, scopeOf(response));
    const result = await deps.commandDestination({ destination: id, command, rate, ...writeOf(request, response) });
    if (result.status === 'unknown') throw new Problem('not_found', `There is no destination ${id}.`);
    // The change is stored; if reading it back fails, the realtime subscription delivers it soon.
    await deps.refreshConfiguration().catch(() => undefined);
    if (command === 'resume') deps.wake();
    sendJson(response, { id, paused: result.paused, deliveries: result.deliveries });
  }
}

/** What responses about destinations contain besides the stored records. */
export function destinationDetails({ readHealth }: Pick<DestinationsRouterDeps, 'readHealth'>): ReadDetails {
  return async (ids) => {
    const healthOf = await readHealth(ids);
    return (id) => ({ health: healthOf(id) });
  };
}
