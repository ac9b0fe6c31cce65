import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];

/** The queue's numbers, read at each scrape of `/metrics`. */
export interface QueueReading {
  depth: Record<string, number>;
  oldest_due_ms: number;
  destinations: Record<string, number>;
}

export type Metrics = ReturnType<typeof createMetrics>;

/** All metrics of the process. Labels are types and outcomes, never ids, to keep their cardinality low. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const common = { registers: [registry] };
  const queueRegistry = new Registry();
  const ofQueue = { registers: [queueRegistry] };
  const queueDepth = new Gauge({
    ...ofQueue,
    name: 'pockethook_queue_deliveries',
    help: 'Deliveries that are not final, by state',
    labelNames: ['state'],
  });
  const oldestDue = new Gauge({
    ...ofQueue,
    name: 'pockethook_queue_oldest_due_seconds',
    help: 'How long the oldest due delivery has waited',
  });
  const destinations = new Gauge({
    ...ofQueue,
    name: 'pockethook_destinations',
    help: 'Destinations that do not take deliveries as they come: breaker open or half_open, paused, disabled by themselves',
    labelNames: ['state'],
  });
  return {
    registry,
    /** What all processes read of the same store, so that it must not be added up. */
    queueRegistry,
    ingested: new Counter({
      ...common,
      name: 'pockethook_ingest_requests_total',
      help: 'Requests to /ingest by result: accepted, duplicate, handshake, or the code of the refusal',
      labelNames: ['verification', 'result'],
    }),
    ingestDuration: new Histogram({
      ...common,
      name: 'pockethook_ingest_duration_seconds',
      help: 'From the request to its answer',
      buckets: SECONDS,
    }),
    hits: new Counter({
      ...common,
      name: 'pockethook_hits_total',
      help: 'Hits of trackers by result: recorded, why they were dropped (unknown_site, site_disabled, counted_elsewhere, bot, rate_limited), invalid, or the code of the refusal',
      labelNames: ['result'],
    }),
    hitDuration: new Histogram({
      ...common,
      name: 'pockethook_hit_duration_seconds',
      help: 'From a hit to its answer',
      buckets: SECONDS,
    }),
    attempts: new Counter({
      ...common,
      name: 'pockethook_delivery_attempts_total',
      help: 'Attempts by destination type and outcome',
      labelNames: ['type', 'outcome'],
    }),
    attemptDuration: new Histogram({
      ...common,
      name: 'pockethook_delivery_attempt_duration_seconds',
      help: 'One attempt, from request to answer',
      labelNames: ['type'],
      buckets: SECONDS,
    }),
    decisions: new Counter({
      ...common,
      name: 'pockethook_decisions_total',
      help: 'Decisions by outcome: delivery, held, filtered, disabled, error',
      labelNames: ['outcome'],
    }),
    replayDeliveries: new Counter({
      ...common,
      name: 'pockethook_replay_deliveries_total',
      help: 'Deliveries made by replays of many events',
      labelNames: ['mode'],
    }),
    triggerEvaluation: new Histogram({
      ...common,
      name: 'pockethook_trigger_evaluation_seconds',
      help: 'One evaluation of all triggers, or of those of the sites that had hits',
      labelNames: ['triggers'],
      buckets: SECONDS,
    }),
    triggerFirings: new Counter({
      ...common,
      name: 'pockethook_trigger_firings_total',
      help: 'Events raised by triggers, by type',
      labelNames: ['type'],
    }),
    triggerLag: new Histogram({
      ...common,
      name: 'pockethook_trigger_lag_seconds',
      help: 'From the reading or completion that is told until its event was stored',
      buckets: SECONDS,
    }),
    triggerFaults: new Counter({
      ...common,
      name: 'pockethook_trigger_faults_total',
      help: 'Evaluations of single triggers that failed',
    }),
    evaluating: new Gauge({
      ...common,
      name: 'pockethook_evaluating',
      help: '1 in the process that evaluates the triggers',
    }),
    groupCommitSize: new Histogram({
      ...common,
      name: 'pockethook_group_commit_items',
      help: 'Items in one durable commit',
      labelNames: ['call'],
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    }),
    storeErrors: new Counter({
      ...common,
      name: 'pockethook_store_errors_total',
      help: 'Calls to the store that failed or ran out of time',
      labelNames: ['call'],
    }),
    storeRequests: new Counter({
      ...common,
      name: 'pockethook_store_requests_total',
      help: 'Calls to the store',
      labelNames: ['call'],
    }),
    destinationChanges: new Counter({
      ...common,
      name: 'pockethook_destination_changes_total',
      help: 'What attempts changed about destinations: their breaker opened or closed, or they were disabled',
      labelNames: ['type', 'change'],
    }),
    retentionRuns: new Counter({
      ...common,
      name: 'pockethook_retention_runs_total',
      help: 'Runs that delete old history: done, failed',
      labelNames: ['result'],
    }),
    retentionDeleted: new Counter({
      ...common,
      name: 'pockethook_retention_deleted_total',
      help: 'What such runs deleted, and pages given back to the file system',
      labelNames: ['kind'],
    }),
    retentionLastSuccess: new Gauge({
      ...common,
      name: 'pockethook_retention_last_success_timestamp_seconds',
      help: 'When the last such run ended well; 0: none yet in this process',
      aggregator: 'max',
    }),
    slotsBusy: new Gauge({ ...common, name: 'pockethook_worker_slots_busy', help: 'Deliveries under way' }),
    /** Sets the queue's gauges. */
    observeQueue(reading: QueueReading): void {
      for (const [state, count] of Object.entries(reading.depth)) queueDepth.set({ state }, count);
      oldestDue.set(reading.oldest_due_ms / 1000);
      for (const [state, count] of Object.entries(reading.destinations)) destinations.set({ state }, count);
    },
  };
}
