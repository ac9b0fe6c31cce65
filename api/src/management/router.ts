import { Router } from 'express';
import type { Contract } from '../http/openapi.ts';
import { type Check, createValidator } from '../http/validate.ts';
import type { TestDestination } from '../rules/test-destination.ts';
import type { History, Records, Sessions } from '../store/records.ts';
import { accountsRouter } from './accounts-router.ts';
import { type ApiKeysRouterDeps, apiKeysRouter } from './api-keys-router.ts';
import { type AuditRouterDeps, auditRouter } from './audit-router.ts';
import { authenticate, scopeOf } from './authenticate.ts';
import { compareRouter } from './compare-router.ts';
import { type DeliveriesRouterDeps, deliveriesRouter } from './deliveries-router.ts';
import { type DestinationsRouterDeps, destinationDetails, destinationsRouter } from './destinations-router.ts';
import { type EventsRouterDeps, eventsRouter } from './events-router.ts';
import { type PreviewRouterDeps, previewRouter } from './preview-router.ts';
import { type RecordsRouterDeps, recordsRouter } from './records-router.ts';
import { type RejectionsRouterDeps, rejectionsRouter } from './rejections-router.ts';
import { type ReplaysRouterDeps, replaysRouter } from './replays-router.ts';
import { type SessionDeps, sessionRouter } from './session.ts';
import { type UpkeepRouterDeps, upkeepRouter } from './upkeep-router.ts';

export type ManagementDeps = { contract: Contract; sessions: Sessions; records: Records; history: History } & Omit<
  RecordsRouterDeps &
    DestinationsRouterDeps &
    EventsRouterDeps &
    DeliveriesRouterDeps &
    ReplaysRouterDeps &
    ApiKeysRouterDeps &
    UpkeepRouterDeps &
    RejectionsRouterDeps &
    AuditRouterDeps &
    PreviewRouterDeps &
    TestRouterDeps &
    SessionDeps,
  'check'
>;

/** Everything under `/api/v1`. What it does not know falls through to whoever answers 404 and 405. */
export function managementRouter(deps: ManagementDeps): Router {
  const check = createValidator(deps.contract);
  const router = Router();
  router.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.use(authenticate(deps));
  router.use(sessionRouter({ ...deps, check }));
  router.use('/mappings', previewRouter({ ...deps, check }));
  router.use('/destinations', testRouter({ ...deps, check }));
  for (const kind of ['sources', 'destinations', 'mappings'] as const) {
    const details = kind === 'destinations' ? { readDetails: destinationDetails(deps) } : {};
    router.use(`/${kind}`, recordsRouter(kind, { ...deps, ...details, check }));
  }
  router.use('/destinations', destinationsRouter({ ...deps, check }));
  for (const kind of ['sources', 'destinations'] as const)
    router.use(`/${kind}`, compareRouter(kind, { ...deps, check }));
  router.use('/accounts', accountsRouter({ check, records: deps.records }));
  router.use('/events', eventsRouter({ ...deps, check }));
  router.use('/deliveries', deliveriesRouter({ ...deps, check }));
  router.use('/audit', auditRouter({ ...deps, check }));
  router.use('/rejections', rejectionsRouter({ ...deps, check }));
  router.use('/replays', replaysRouter({ ...deps, check }));
  router.use('/api-keys', apiKeysRouter({ ...deps, check }));
  router.use(upkeepRouter({ ...deps, check }));
  return router;
}

interface TestRouterDeps {
  check: (operationId: string) => Check;
  records: Pick<Records, 'get'>;
  testDestination: TestDestination;
}

function testRouter({ check, records, testDestination }: TestRouterDeps): Router {
  const asked = check('testDestination');
  return Router().post('/:id/test', async (request, response) => {
    const { id } = await records.get('destinations', String(asked(request).params.id), scopeOf(response));
    response.json(await testDestination(id, response.locals.correlation_id));
  });
}
