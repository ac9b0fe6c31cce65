import type { NotificationsConfiguration, Trigger } from '../../../../api/src/model/notifications.ts';
import { createNotificationsView } from '../../../../api/src/notifications/sites/view.ts';
import { createEvaluator, type Evaluator } from '../../../../api/src/notifications/triggers/evaluator.ts';
import { createFire } from '../../../../api/src/notifications/triggers/fire.ts';
import type { Payload } from '../../../../api/src/notifications/triggers/payload.ts';
import { createReadDetails } from '../../../../api/src/notifications/triggers/read-details.ts';
import { createMetrics } from '../../../../api/src/ops/metrics.ts';
import type { Counting } from '../../../../api/src/store/counting.ts';
import type { Queue } from '../../../../api/src/store/queue.ts';
import type { Submission } from '../../../../api/src/store/submission.ts';
import type { TriggerStore } from '../../../../api/src/store/triggers.ts';
import { collectingLogger } from '../../../support/logger.ts';
import { createMemoryCounting } from '../../../support/memory-counting.ts';
import { createMemoryQueue } from '../../../support/memory-queue.ts';
import { createMemoryStore } from '../../../support/memory-store.ts';
import { createMemoryTriggers } from '../../../support/memory-triggers.ts';
import { aGoal, aSite, aTrigger } from '../../../support/notifications.ts';
import { aDestination } from '../../../support/records.ts';

export const SITE = aSite({ account: 'account00000001', timezone: 'UTC' });
export const GOAL = aGoal({ account: SITE.account, event_name: 'Signup' });
export const DESTINATION = 'destination0001';
export const NOON = Date.parse('2026-03-10T12:00:00Z');
export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export const spike = (fields: Partial<Trigger> = {}): Trigger =>
  aTrigger({ account: SITE.account, readings: 1, threshold: 3, destinations: [DESTINATION], ...fields });
export const onGoal = (fields: Partial<Trigger> = {}): Trigger =>
  spike({ id: 'trig00000000002', type: 'goal_completion', goal: GOAL.id, ...fields });

/** Several processes over one store, whose clock the test moves. */
export function makeWorld(triggers: Trigger[], configuration: Partial<NotificationsConfiguration> = {}) {
  const world = {
    now: NOON,
    view: createNotificationsView({ version: 1, sites: [SITE], goals: [GOAL], triggers, ...configuration }),
  };
  const store = createMemoryStore(() => world.now);
  store.accounts.add(SITE.account);
  store.destinations.set(DESTINATION, aDestination({ id: DESTINATION }));
  const counting = createMemoryCounting(() => world.now);
  const metrics = createMetrics();

  function process(
    owner: string,
    parts: Partial<{ counting: Counting; triggers: TriggerStore; accept: Queue['accept'] }> = {},
  ) {
    const queue = createMemoryQueue(store, { owner, leaseMs: 30_000 });
    const accept = parts.accept ?? queue.accept;
    const counted = parts.counting ?? counting;
    const submit = async ({ event, planned, firing }: Extract<Submission, { replay?: undefined }>) => {
      const deliveries = planned.map(({ delivery }) => ({ ...delivery, lease: false }));
      const [result] = await accept([{ event, deliveries, ...(firing && { firing }) }]);
      if (!result) throw new Error('no result');
      return result;
    };
    const destinations = new Map([[DESTINATION, aDestination({ id: DESTINATION })]]);
    const current = { destination: (id: string) => destinations.get(id), unreadableRecord: () => undefined };
    return createEvaluator({
      notifications: {
        get current() {
          return world.view;
        },
      },
      counting: counted,
      triggers: parts.triggers ?? createMemoryTriggers(store, owner),
      fire: createFire({
        configuration: { current } as never,
        readDetails: createReadDetails({ counting: counted }),
        submit: submit as never,
        expiresInMs: 7 * 24 * HOUR,
        makeCorrelationId: () => 'correlation',
        now: () => world.now,
      }),
      elapsed: () => world.now,
      sleep: async () => undefined,
      logger: collectingLogger().logger,
      metrics,
    });
  }

  return {
    store,
    /** Another configuration, in force at once. */
    use(view: typeof world.view) {
      world.view = view;
    },
    counting,
    metrics,
    process,
    edit(triggersNow: Trigger[]) {
      world.view = createNotificationsView({ version: 2, sites: [SITE], goals: [GOAL], triggers: triggersNow });
    },
    get now() {
      return world.now;
    },
    pass(ms: number) {
      world.now += ms;
    },
    /** Second by second. */
    async steps(evaluator: Evaluator, ms: number) {
      for (let left = ms; left > 0; left -= SECOND) {
        world.now += SECOND;
        await evaluator.step();
      }
    },
    hits(...visitors: string[]) {
      for (const visitor of visitors) counting.hit(SITE.id, visitor, { page: '/launch', source: 'news.example' });
    },
    told: (): Payload[] => [...store.events.values()].map(({ body }) => JSON.parse(body)),
    types: () => [...store.events.values()].map(({ type }) => type),
  };
}
