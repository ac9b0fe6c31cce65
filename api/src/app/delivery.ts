import type { Config } from '../config.ts';
import { deliver } from '../delivery/deliver.ts';
import { createMaskEcho } from '../delivery/echo.ts';
import { createGet } from '../delivery/get.ts';
import { createGuard } from '../delivery/guard.ts';
import { DEFAULT_SCHEDULE, parseSchedule } from '../delivery/schedule.ts';
import { createJudgeSuccess } from '../delivery/success.ts';
import { createConnect } from '../delivery/transport/connect.ts';
import { createTransport } from '../delivery/transport/transport.ts';
import { createDispatcher, type DispatcherDeps } from '../dispatch/dispatcher.ts';
import { createSlots } from '../dispatch/slots.ts';
import { createSubmit } from '../dispatch/submit.ts';
import type { Clock, Random } from '../model/ids.ts';
import type { Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { Store } from './store.ts';

export interface DeliveryDeps {
  config: Pick<
    Config,
    | 'deliveryProxy'
    | 'allowedPrivateNetworks'
    | 'allowHttpDestinations'
    | 'allowedPorts'
    | 'retrySchedule'
    | 'workerConcurrency'
  >;
  store: Pick<Store, 'configuration' | 'queue' | 'accept' | 'settle'>;
  /** Characters of the bodies of deliveries under way. */
  bodyCharacters: number;
  userAgent: string;
  makeId: () => string;
  now: Clock;
  random: Random;
  logger: Logger;
  metrics: Metrics;
}

export type Delivery = ReturnType<typeof assembleDelivery>;

/** From an event that was planned to the answers of its destinations: submit, dispatch, one attempt. */
export function assembleDelivery(deps: DeliveryDeps) {
  const { config, store, makeId, now, random, logger, metrics } = deps;
  const guard = createGuard({
    allowedNetworks: config.allowedPrivateNetworks,
    allowedPorts: config.allowedPorts,
    allowHttp: config.allowHttpDestinations,
    onRefusedAddress: (refused) => logger.warn('address refused', refused),
  });
  const transport = createTransport(guard, createConnect(guard, { proxy: config.deliveryProxy }));
  const attemptDeps = {
    transport,
    maskEcho: createMaskEcho(),
    judgeSuccess: createJudgeSuccess(),
    now,
    random,
    makeId,
    userAgent: deps.userAgent,
    defaultSchedule: config.retrySchedule ?? parseSchedule(DEFAULT_SCHEDULE) ?? [],
  };
  const attempt: DispatcherDeps['deliver'] = (delivery, destination, signal) =>
    deliver(delivery, destination, signal, attemptDeps);

  const dispatcher = createDispatcher({
    slots: createSlots(config.workerConcurrency, deps.bodyCharacters),
    configuration: store.configuration,
    claim: store.queue.claim,
    settle: store.settle,
    deliver: attempt,
    logger,
    metrics,
  });
  return {
    submit: createSubmit({ accept: store.accept, dispatcher, now }),
    dispatcher,
    /** What may be reached, for all requests to addresses that people name. */
    guard,
    /** One attempt, outside of the queue as well. */
    attempt,
    get: createGet({ transport, userAgent: deps.userAgent }),
    closeConnections: transport.close,
  };
}
