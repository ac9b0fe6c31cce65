import { Router } from 'express';
import type { Check } from '../http/validate.ts';
import type { DeliveryState } from '../model/delivery.ts';
import { fieldProblem, Problem } from '../model/problems.ts';
import type { BulkReplay, BulkReplayRequest } from '../replay/many.ts';
import type { ConfigurationCache } from '../store/configuration.ts';
import type { AccountScope, PageRequest, TimeFilter } from '../store/records.ts';
import type { Replays } from '../store/replays.ts';
import type { Write } from '../store/write.ts';
import { scopeOf } from './authenticate.ts';
import type { JsonBody } from './json-body.ts';
import { writeOf } from './write-of.ts';

export interface ReplaysRouterDeps {
  check: (operationId: string) => Check;
  jsonBody: JsonBody;
  replays: Pick<Replays, 'list' | 'get' | 'cancel'>;
  bulkReplay: BulkReplay;
  configuration: Pick<ConfigurationCache, 'current'>;
}

/** As the contract has it, with its defaults. */
interface ReplayBody {
  from: string;
  to: string;
  mode: 'original' | 'current';
  source?: string;
  destination?: string;
  status?: DeliveryState;
  only_missing: boolean;
  rate: number;
  dry_run: boolean;
}

const REQUEST_BYTES = 10_000;
const DAY_MS = 24 * 60 * 60_000;
const DAYS_AT_MOST = 31;

/** Replays of many events: ask for one, follow it, cancel it; mounted at `/replays`. */
export function replaysRouter({ check, jsonBody, replays, bulkReplay, configuration }: ReplaysRouterDeps): Router {
  const listed = check('listReplays');
  const asked = check('createReplay');
  const got = check('getReplay');
  const cancelled = check('cancelReplay');
  const router = Router();

  router.get('/', async (request, response) => {
    const { limit, cursor, ...during } = listed(request).query as unknown as PageRequest & TimeFilter;
    const page = { limit, ...(cursor !== undefined && { cursor }) };
    response.json(await replays.list(during, scopeOf(response), page));
  });

  router.post('/', jsonBody(REQUEST_BYTES), async (request, response) => {
    const body = asked(request).body as ReplayBody;
    const scope = scopeOf(response);
    const wanted = toRequest(body, scope, writeOf(request, response));
    if (body.dry_run) {
      response.json(await bulkReplay.estimate(wanted));
      return;
    }
    const id = await bulkReplay.start(wanted);
    response.status(202).json(await replays.get(id, scope));
  });

  router.get('/:id', async (request, response) => {
    response.json(await replays.get(String(got(request).params.id), scopeOf(response)));
  });

  router.post('/:id/cancel', async (request, response) => {
    const id = String(cancelled(request).params.id);
    const scope = scopeOf(response);
    const { state } = await replays.get(id, scope);
    if ((await replays.cancel(id, writeOf(request, response))) === 'refused') {
      throw new Problem('conflict', `The replay is ${state}; only one that is pending or running can be cancelled.`);
    }
    response.status(202).json(await replays.get(id, scope));
  });

  return router;

  function toRequest(body: ReplayBody, scope: AccountScope, write: Write): BulkReplayRequest {
    const { from, to, mode, source = '', destination = '', status = '', only_missing, rate } = body;
    checkTimes(Date.parse(from), Date.parse(to));
    if (destination) checkDestination(destination, scope);
    return {
      account: scope ?? '',
      source,
      destination,
      status,
      from,
      to,
      only_missing,
      mode,
      rate,
      ...write,
    };
  }

  function checkDestination(id: string, scope: AccountScope): void {
    const destination = configuration.current.destination(id);
    if (destination && (scope === undefined || destination.account === scope)) return;
    throw fieldProblem('/destination', 'is no destination, or it belongs to another account');
  }
}

function checkTimes(from: number, to: number): void {
  if (to <= from) throw fieldProblem('/to', 'must be later than from');
  if (to - from > DAYS_AT_MOST * DAY_MS) {
    throw fieldProblem('/to', `must be at most ${DAYS_AT_MOST} days after from; make several replays of a longer time`);
  }
}
