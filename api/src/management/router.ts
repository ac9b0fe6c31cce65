import { Router } from 'express';
import type { Contract } from '../http/openapi.ts';
import { createValidator } from '../http/validate.ts';
import type { ByteBudget } from '../ingest/read-body.ts';
import { KIND_NAMES, KINDS, type KindName } from '../kinds/index.ts';
import type { TestDestination } from '../rules/test-destination.ts';
import type { BrowserSessions, History, Records, Sessions } from '../store/records.ts';
import { type AccountsRouterDeps, accountsRouter } from './accounts-router.ts';
import { type ApiKeysRouterDeps, apiKeysRouter } from './api-keys-router.ts';
import { type AuditRouterDeps, auditRouter } from './audit-router.ts';
import { authenticate, scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import { type CompareRouterDeps, compareRouter } from './compare-router.ts';
import { type DeliveriesRouterDeps, deliveriesRouter } from './deliveries-router.ts';
import { type DestinationsRouterDeps, destinationDetails, destinationsRouter } from './destinations-router.ts';
import { type EventsRouterDeps, eventsRouter } from './events-router.ts';
import { type GoalsRouterDeps, goalsRouter } from './goals-router.ts';
import { type HitsRouterDeps, hitsRouter } from './hits-router.ts';
import { createJsonBody } from './json-body.ts';
import { type NamesRouterDeps, namesRouter } from './names-router.ts';
import { type OverviewRouterDeps, overviewRouter } from './overview-router.ts';
import { type PasswordDeps, passwordRouter } from './password.ts';
import { type PreviewRouterDeps, previewRouter } from './preview-router.ts';
import { type ReadDetails, type RecordsRouterDeps, recordsRouter, together } from './records-router.ts';
import { type RejectionsRouterDeps, rejectionsRouter } from './rejections-router.ts';
import { type ReplaysRouterDeps, replaysRouter } from './replays-router.ts';
import { requestLimit } from './request-limit.ts';
import { type SearchRouterDeps, searchRouter } from './search-router.ts';
import { sendJson } from './send-json.ts';
import { type SessionDeps, sessionRouter } from './session.ts';
import { type SiteHitsDeps, siteHits } from './site-hits.ts';
import { type SiteStatisticsDeps, siteStatistics } from './site-statistics.ts';
import { type SiteVisitorsRouterDeps, siteVisitorsRouter } from './site-visitors-router.ts';
import { sourcePresetsRouter } from './source-presets-router.ts';
import { type SourcesRouterDeps, sourcesRouter } from './sources-router.ts';
import { type StreamRouterDeps, streamRouter } from './stream-router.ts';
import { type TriggerDetailsDeps, triggerDetails } from './trigger-details.ts';
import { type TriggersRouterDeps, triggersRouter } from './triggers-router.ts';
import { type UpkeepRouterDeps, upkeepRouter } from './upkeep-router.ts';
import { type UsersRouterDeps, usersRouter } from './users-router.ts';
import { type WebhooksRouterDeps, webhooksRouter } from './webhooks-router.ts';

export type ManagementDeps = {
  contract: Contract;
  sessions: Sessions;
  browserSessions: BrowserSessions;
  budget: ByteBudget;
  records: Records;
  history: History;
} & Omit<
  RecordsRouterDeps &
    DestinationsRouterDeps &
    SourcesRouterDeps &
    EventsRouterDeps &
    DeliveriesRouterDeps &
    ReplaysRouterDeps &
    AccountsRouterDeps &
    ApiKeysRouterDeps &
    UpkeepRouterDeps &
    RejectionsRouterDeps &
    AuditRouterDeps &
    NamesRouterDeps &
    OverviewRouterDeps &
    SearchRouterDeps &
    PreviewRouterDeps &
    TriggersRouterDeps &
    GoalsRouterDeps &
    TriggerDetailsDeps &
    SiteHitsDeps &
    HitsRouterDeps &
    SiteStatisticsDeps &
    SiteVisitorsRouterDeps &
    CompareRouterDeps &
    TestRouterDeps &
    SessionDeps &
    StreamRouterDeps &
    PasswordDeps &
    UsersRouterDeps &
    WebhooksRouterDeps,
  'check' | 'jsonBody'
>;

/** Everything under `/api/v1`. Unknown paths and methods fall through to the handler of 404 and 405. */
export function managementRouter(deps: ManagementDeps): Router {
  const shared = { ...deps, check: createValidator(deps.contract), jsonBody: createJsonBody(deps.budget) };
  const router = Router();
  router.use((request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    // An ETag is the version of a record; answers tell more than that, so none is ever "not modified".
    delete request.headers['if-none-match'];
    next();
  });
  router.use(authenticate(deps));
  router.use(requestLimit(deps));
  router.use(sessionRouter(shared));
  router.use(passwordRouter(shared));
  router.use('/mappings', previewRouter(shared));
  router.use('/destinations', testRouter(shared));
  router.use('/triggers', triggersRouter(shared));
  router.use('/goals', goalsRouter(shared));
  const details: Partial<Record<KindName, ReadDetails>> = {
    destinations: destinationDetails(deps),
    triggers: triggerDetails(deps),
    sites: together(siteHits(deps), siteStatistics(deps)),
  };
  for (const kind of KIND_NAMES) {
    const readDetails = details[kind];
    router.use(`/${kind}`, recordsRouter(kind, { ...shared, ...(readDetails && { readDetails }) }));
  }
  router.use('/destinations', destinationsRouter(shared));
  router.use('/sources', sourcesRouter(shared));
  for (const kind of KIND_NAMES)
    if (Object.keys(KINDS[kind].secrets).length > 0) router.use(`/${kind}`, compareRouter(kind, shared));
  router.use('/source-presets', sourcePresetsRouter(shared));
  router.use('/webhooks', webhooksRouter(shared, destinationDetails(deps)));
  router.use('/sites', siteVisitorsRouter(shared));
  router.use('/hits', hitsRouter(shared));
  router.use('/accounts', accountsRouter(shared));
  router.use('/users', usersRouter(shared));
  router.use('/events', eventsRouter(shared));
  router.use('/deliveries', deliveriesRouter(shared));
  router.use(streamRouter(shared));
  router.use('/audit', auditRouter(shared));
  router.use('/search', searchRouter(shared));
  router.use('/overview', overviewRouter(shared));
  router.use('/names', namesRouter(shared));
  router.use('/rejections', rejectionsRouter(shared));
  router.use('/replays', replaysRouter(shared));
  router.use('/api-keys', apiKeysRouter(shared));
  router.use(upkeepRouter(shared));
  return router;
}

interface TestRouterDeps {
  check: CheckOperation;
  records: Pick<Records, 'get'>;
  testDestination: TestDestination;
}

function testRouter({ check, records, testDestination }: TestRouterDeps): Router {
  const asked = check('testDestination');
  return Router().post('/:id/test', async (request, response) => {
    const { id } = await records.get('destinations', asked(request).params.id, scopeOf(response));
    sendJson(response, await testDestination(id, response.locals.correlation_id));
  });
}
