import { createIngest, type IngestRequest } from '../../../api/src/ingest/ingest.ts';
import { createAnswerProducer } from '../../../api/src/ingest/producer-answer.ts';
import { createRateLimit } from '../../../api/src/ingest/rate-limit.ts';
import { createReplan } from '../../../api/src/ingest/replan.ts';
import { createVerify, type Get } from '../../../api/src/ingest/verification/index.ts';
import type { PlannedDelivery } from '../../../api/src/model/delivery.ts';
import type { Decision, Event, StoredEvent } from '../../../api/src/model/event.ts';
import type { AcceptResult } from '../../../api/src/store/queue.ts';
import type { Drafted } from '../../../api/src/store/submission.ts';
import { openRules, type Rules } from './open-rules.ts';

export const NOW = Date.UTC(2026, 0, 31, 12);

export function aRequest(body: string | Buffer, headers: Record<string, string> = {}, query = ''): IngestRequest {
  const all = { 'content-type': 'application/json', ...headers };
  return {
    method: 'POST',
    url: `/ingest/shop${query && `?${query}`}`,
    publicUrl: `http://localhost/ingest/shop${query && `?${query}`}`,
    query,
    headers: all,
    rawHeaders: Object.entries(all).flat(),
    rawBody: Buffer.from(body),
    at: 0,
    correlation_id: 'correlation-1',
    traceparent: '',
  };
}

export type Submitted = { event: Event; deliveries: PlannedDelivery[] };

/** Ingest over these rules, with a store that answers as told. */
export async function openIngest(rules: Rules, answer: AcceptResult = ACCEPTED, get: Get = noNetwork) {
  const opened = await openRules(rules);
  const submitted: Submitted[] = [];
  const ingest = createIngest({
    ...opened,
    verify: createVerify(get),
    keepSecret: () => Promise.reject(new Error('no handshake brings a secret here')),
    answerProducer: createAnswerProducer(),
    get,
    rateLimit: createRateLimit({ now: () => NOW }),
    submit: async (submission) => {
      const drafted = 'batch' in submission ? submission.batch : [submission as Drafted];
      for (const { event, planned } of drafted)
        submitted.push(structuredClone({ event, deliveries: planned.map(({ delivery }) => delivery) }));
      if (!('batch' in submission)) return answer;
      const results = drafted.map((_, seq) => ({ status: 'accepted' as const, seq, leased: [] }));
      return { status: 'batch', results, lease_expires_at: 0 };
    },
    now: () => NOW,
  });
  const replan = createReplan(opened);
  return {
    submitted,
    send: (request: IngestRequest) => ingest(opened.source, request),
    /** What the rules make of an event as first seen, and as stored. */
    async decide(request: IngestRequest): Promise<[Decision[], Decision[]]> {
      await ingest(opened.source, request);
      const { event } = submitted.at(-1) as Submitted;
      const stored: StoredEvent = { ...event, seq: 1, duplicates: 0 };
      return [event.decisions, (await replan(stored)).map(({ decision }) => decision)];
    },
  };
}

export const noNetwork: Get = async () => ({ failure: 'there is no network in this test' });

export const ACCEPTED: AcceptResult = { status: 'accepted', seq: 1, leased: [], lease_expires_at: 0 };
