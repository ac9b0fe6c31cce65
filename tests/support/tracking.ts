import type { AddressInfo } from 'node:net';
import express from 'express';
import type PocketBase from 'pocketbase';
import { assembleHits } from '../../api/src/app/hits.ts';
import { assembleStore } from '../../api/src/app/store.ts';
import { closeServer } from '../../api/src/http/close-server.ts';
import { loadContract } from '../../api/src/http/openapi.ts';
import { createByteBudget } from '../../api/src/ingest/read-body.ts';
import { makeId } from '../../api/src/model/ids.ts';
import type { NotificationsConfiguration } from '../../api/src/model/notifications.ts';
import { createNotificationsView } from '../../api/src/notifications/sites/view.ts';
import { createMetrics } from '../../api/src/ops/metrics.ts';
import { createHttpServer } from '../../api/src/server.ts';
import type { StoredHit } from '../../api/src/store/hits.ts';
import { CONTRACT_FILE, createAnswerCheck } from './contract.ts';
import { collectingLogger, type LogLine } from './logger.ts';
import { superuser, type TestPocketBase } from './pocketbase.ts';
import { CHROME } from './user-agent.ts';

/** `POST /api/event` of the real server, over the real store, with sites of the test's own. */
export interface Tracking {
  /** Of `/api/event`. */
  url: string;
  lines: LogLine[];
  /** What was stored. */
  recorded: StoredHit[];
  /** Posts an event as a browser does; the answer is one of the contract. */
  post(event: unknown, headers?: Record<string, string>): Promise<Response>;
  /** What the store says of a site; windows are of an hour. */
  read(site: string): Promise<Reading>;
  /** What was dropped reaches the store. */
  flush(): Promise<void>;
  metric(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

export interface Reading {
  visitors: number;
  pages: Record<string, number>;
  sources: Record<string, number>;
  dropped: Record<string, number>;
}

const MEBIBYTE = 1024 * 1024;

export async function startTracking(
  pocketbase: TestPocketBase,
  configuration: Partial<NotificationsConfiguration>,
): Promise<Tracking> {
  const { logger, lines } = collectingLogger();
  const metrics = createMetrics();
  const { url, encryptionKeys } = pocketbase;
  const id = () => makeId(Date.now, Math.random);
  const store = assembleStore({
    url,
    encryptionKeys,
    waitingCharacters: MEBIBYTE,
    makeId: id,
    now: Date.now,
    logger,
    metrics,
  });
  const recorded: StoredHit[] = [];
  const hits = assembleHits({
    hits: {
      ...store.hits,
      async record(batch) {
        const answer = await store.hits.record(batch);
        if (answer === 'recorded') recorded.push(...batch.items);
        return answer;
      },
    },
    notifications: {
      current: createNotificationsView({ version: 1, sites: [], goals: [], triggers: [], ...configuration }),
    },
    budget: createByteBudget(8 * MEBIBYTE),
    waitingCharacters: MEBIBYTE,
    logger,
    metrics,
  });
  const none = express.Router();
  const contract = loadContract(CONTRACT_FILE);
  const checkAnswer = createAnswerCheck(contract);
  const ingest = { router: none, post: async () => undefined };
  const others = { ingest, health: none, management: none, docs: none, console: none };
  const server = createHttpServer({ contract, logger, trustProxy: 'loopback', hits: hits.handle, ...others });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const event = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/event`;
  const pb = await superuser(pocketbase);
  return {
    url: event,
    lines,
    recorded,
    async post(body, headers = {}) {
      const response = await fetch(event, {
        method: 'POST',
        headers: { 'content-type': 'text/plain', 'user-agent': CHROME, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const { status } = response;
      const text = await response.clone().text();
      const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
      checkAnswer('POST', '/api/event', {
        status,
        type,
        text,
        body: text,
        headers: Object.fromEntries(response.headers),
      });
      return response;
    },
    read: (site) => readSite(pb, site),
    flush: hits.flush,
    metric: async () => {
      const { values } = await metrics.hits.get();
      return Object.fromEntries(values.map(({ labels, value }) => [labels.result, value]));
    },
    close: () => closeServer(server, 0),
  };
}

async function readSite(pb: PocketBase, site: string): Promise<Reading> {
  const ask = (route: string, body: object) => pb.send(`/api/pockethook/hits/${route}`, { method: 'POST', body });
  const { values } = await ask('readings', { windows: [{ site, window_s: 3600 }] });
  const top = await ask('top', { site, window_s: 3600, limit: 50 });
  const { reasons } = await ask('dropped', { site, since: Date.now() - 3_600_000 });
  return {
    visitors: values[0],
    pages: Object.fromEntries(top.pages.map(({ page, pageviews }: Record<string, never>) => [page, pageviews])),
    sources: Object.fromEntries(top.sources.map(({ source, visitors }: Record<string, never>) => [source, visitors])),
    dropped: reasons,
  };
}
