import { Router } from 'express';
import type { BodyOf, WithDefaults } from '../../client/schemas.ts';
import { Problem } from '../model/problems.ts';
import type { BulkReplay } from '../replay/many.ts';
import { REPLAY_COMMANDS, type ReplayCommand, type Replays } from '../store/replays.ts';
import { scopeOf } from './authenticate.ts';
import { type CheckOperation, splitQuery } from './checked.ts';
import type { JsonBody } from './json-body.ts';
import { sendJson } from './send-json.ts';
import { writeOf } from './write-of.ts';

export interface ReplaysRouterDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  replays: Pick<Replays, 'list' | 'get' | 'command'>;
  bulkReplay: BulkReplay;
}

const REQUEST_BYTES = 10_000;

/** Replays of many events: create one, read its progress, pause, resume or cancel it; mounted at `/replays`. */
export function replaysRouter({ check, jsonBody, replays, bulkReplay }: ReplaysRouterDeps): Router {
  const listed = check('listReplays');
  const asked = check('createReplay');
  const got = check('getReplay');
  const router = Router();

  router.get('/', async (request, response) => {
    const { page, filter } = splitQuery(listed(request).query);
    sendJson(response, await replays.list(filter, scopeOf(response), page));
  });

  router.post('/', jsonBody(REQUEST_BYTES), async (request, response) => {
    const { dry_run, ...replay } = asked(request).body as WithDefaults<
      BodyOf<'createReplay'>,
      'only_missing' | 'rate' | 'dry_run'
    >;
    const scope = scopeOf(response);
    if (dry_run) {
      sendJson(response, await bulkReplay.estimate(replay, scope));
      return;
    }
    const id = await bulkReplay.start(replay, scope, writeOf(request, response));
    sendJson(response.status(202), await replays.get(id, scope));
  });

  router.get('/:id', async (request, response) => {
    sendJson(response, await replays.get(got(request).params.id, scopeOf(response)));
  });

  for (const command of Object.keys(REPLAY_COMMANDS) as ReplayCommand[]) {
    const commanded = check(`${command}Replay`);
    router.post(`/:id/${command}`, async (request, response) => {
      const id = commanded(request).params.id;
      const scope = scopeOf(response);
      const { state } = await replays.get(id, scope);
      if ((await replays.command(id, command, writeOf(request, response))) === 'refused') {
        const allowed = REPLAY_COMMANDS[command].join(' or ');
        throw new Problem('conflict', `The replay is ${state}; to ${command} it, it must be ${allowed}.`);
      }
      if (command === 'resume') bulkReplay.wake();
      sendJson(response.status(202), await replays.get(id, scope));
    });
  }

  return router;
}
