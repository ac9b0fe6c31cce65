import { connect } from 'node:net';
import { createStarter } from '../../api/src/configuration/starter.ts';
import { createMetrics } from '../../api/src/ops/metrics.ts';
import { createRecords } from '../../api/src/store/pocketbase/records.ts';
import { createStarterMark } from '../../api/src/store/pocketbase/starter-mark.ts';
import { BY_ITSELF } from '../../api/src/store/write.ts';
import { describeWithServices, startPocketBase, superuser } from '../support/services.ts';
import { openWorkspace } from './workspace.ts';

describeWithServices('what goes wrong around a request', () => {
  test('a superuser whose tokens were revoked costs nobody an event', async () => {
    const workspace = await openWorkspace();
    try {
      const { source } = await workspace.route({ destination: { type: 'inbox' } });
      expect((await workspace.ingest(source, '{"n":1}')).status).toBe(202);
      const { pb, pocketbase } = workspace;
      const { id } = await pb.collection('_superusers').getFirstListItem(pb.filter('email = {:email}', pocketbase));
      // Saving the password anew, even the same one, ends all sessions.
      await pb
        .collection('_superusers')
        .update(id, { password: pocketbase.password, passwordConfirm: pocketbase.password });
      expect((await workspace.ingest(source, '{"n":2}')).status).toBe(202);
    } finally {
      await workspace.stop();
    }
  });

  test('a request under way when the process is told to stop gets its answer', async () => {
    const workspace = await openWorkspace();
    const { source } = await workspace.route({ destination: { type: 'inbox' } });
    const socket = connect(Number(new URL(workspace.app.url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk;
    });
    const ended = new Promise((resolve) => socket.once('close', resolve));
    const begun = `POST /ingest/${source} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n{"a"`;
    await new Promise((resolve) => socket.write(begun, resolve));
    // An answer to another request says that the server has read the first one's head by now.
    await workspace.api('GET', '/sources');
    const stopped = workspace.stop();
    socket.write(':1}');
    await stopped;
    await ended;
    expect(answer).toMatch(/^HTTP\/1\.1 202 /);
  });

  test('a first start that was cut off is finished by the next, and only then shows the secret', async () => {
    const pocketbase = await startPocketBase();
    try {
      const pb = await superuser(pocketbase);
      const records = createRecords({ pb });
      const deps = { pb, metrics: createMetrics(), onConfigVersion: () => undefined };
      const mark = createStarterMark(deps);
      const cutOff = {
        ...records,
        create: ((kind, fields, scope, write) => {
          if (kind === 'mappings') throw new Error('killed');
          return records.create(kind, fields, scope, write);
        }) as typeof records.create,
      };
      await expect(createStarter(cutOff, mark)).rejects.toThrow('killed');
      const starter = await createStarter(records, mark);
      expect(starter?.githubSecret).toMatch(/^[0-9a-f]{40}$/);
      const { data } = await records.list('mappings', undefined, { limit: 10 });
      expect(data.map(({ name }) => name)).toContain('github → inbox');
      const github = (await records.list('sources', undefined, { limit: 10 })).data.find(
        ({ name }) => name === 'github',
      );
      expect(github?.secrets).toEqual([`••••${starter?.githubSecret.slice(-4)}`]);
      for (const { id } of data) await records.remove('mappings', id, undefined, BY_ITSELF);
      // What somebody has deleted since stays deleted.
      expect(await createStarter(records, mark)).toBeUndefined();
    } finally {
      await pocketbase.stop();
    }
  });
});
