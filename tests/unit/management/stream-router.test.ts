import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { loadContract } from '../../../api/src/http/openapi.ts';
import { problemHandler } from '../../../api/src/http/problem.ts';
import { createValidator } from '../../../api/src/http/validate.ts';
import { streamRouter } from '../../../api/src/management/stream-router.ts';
import { Problem } from '../../../api/src/model/problems.ts';
import type { Actor } from '../../../api/src/store/records.ts';
import { CONTRACT_FILE } from '../../support/contract.ts';
import { readStream } from '../../support/event-stream.ts';
import { collectingLogger } from '../../support/logger.ts';
import { until } from '../../support/until.ts';

const VIEWER: Actor = {
  kind: 'user',
  id: 'user00000000001',
  email: 'a@example.com',
  account: 'account00000001',
  role: 'viewer',
};

describe('heartbeats of a stream', () => {
  let server: Server;
  let identified: () => Promise<Actor | undefined>;
  /** Ends the waits that are under way. */
  let beat: () => void = () => undefined;

  beforeEach(async () => {
    identified = async () => VIEWER;
    const waiting: (() => void)[] = [];
    beat = () => {
      for (const resume of waiting.splice(0)) resume();
    };
    const app = express();
    app.use((_request, response, next) => {
      Object.assign(response.locals, { actor: VIEWER, identify: () => identified(), correlation_id: 'c-1' });
      next();
    });
    app.use(
      streamRouter({
        check: createValidator(loadContract(CONTRACT_FILE)),
        async follow({ begin }, signal) {
          begin('epoch-7');
          await once(signal, 'abort');
        },
        sleep: (_ms, signal) =>
          new Promise((resolve) => {
            waiting.push(resolve);
            signal.addEventListener('abort', () => resolve());
          }),
        stopping: new AbortController().signal,
      }),
    );
    app.use(problemHandler(collectingLogger()));
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const open = () => readStream(`http://127.0.0.1:${(server.address() as AddressInfo).port}/stream`, {});

  it('say where to go on from, so that a client that is told nothing does not fall behind', async () => {
    const stream = await open();
    await stream.next(({ event }) => event === 'ready');
    beat();
    expect(await until('a heartbeat', () => stream.messages[2])).toMatchObject({ id: 'epoch-7' });
    stream.leave();
  });

  it.each<[string, Actor | undefined]>([
    ['has ended', undefined],
    ['has another role', { ...VIEWER, role: 'admin' } as Actor],
    ['is of another account', { ...VIEWER, account: 'account00000002' } as Actor],
  ])('end the stream when the session %s', async (_what, actor) => {
    const stream = await open();
    await stream.next(({ event }) => event === 'ready');
    identified = async () => actor;
    beat();
    await stream.closed;
    expect(stream.messages.at(-1)).toEqual({ event: 'end', data: { reason: 'session' } });
  });

  it('go on while the store is away', async () => {
    const stream = await open();
    await stream.next(({ event }) => event === 'ready');
    identified = async () => {
      throw new Problem('store_unavailable', 'away');
    };
    beat();
    await until('a heartbeat', () => stream.messages[2]);
    beat();
    await until('another', () => stream.messages[3]);
    stream.leave();
  });
});
