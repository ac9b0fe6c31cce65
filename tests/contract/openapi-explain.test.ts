import { randomUUID } from 'node:crypto';
import { describeWithServices } from '../support/pocketbase.ts';
import { type Services, startServices } from './openapi-services.ts';

let services: Services;

describeWithServices('decisions explained, and tried on other rules', () => {
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.stop());

  const explain = (id: string, token = services.operator) =>
    services.call('GET', '/api/v1/events/{id}/explain', { token, params: { id } });
  const backtest = (body: object, token = services.operator) =>
    services.call('POST', '/api/v1/mappings/backtest', { token, body });

  async function create(kind: string, body: object): Promise<{ id: string; name: string }> {
    const answer = await services.call('POST', `/api/v1/${kind}`, { token: services.operator, body });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body;
  }

  async function change(kind: string, id: string, body: object): Promise<void> {
    const answer = await services.call('PATCH', `/api/v1/${kind}/{id}`, {
      token: services.operator,
      params: { id },
      body,
    });
    if (answer.status !== 200) throw new Error(answer.text);
  }

  /** A source with a mapping to an inbox. */
  async function path(mapping: object = {}, source: object = {}) {
    const name = `s-${randomUUID()}`;
    const from = await create('sources', { name, event_type: 'body.action', ...source });
    const to = await create('destinations', { name, type: 'inbox' });
    const rule = await create('mappings', { name, source: from.id, destination: to.id, ...mapping });
    return { source: from, destination: to, mapping: rule };
  }

  async function ingest(source: { name: string }, body: object | string, headers = {}): Promise<string> {
    const answer = await services.call('POST', '/ingest/{source}', { params: { source: source.name }, body, headers });
    if (answer.status !== 202) throw new Error(answer.text);
    return answer.body.id;
  }

  describe('explain', () => {
    it('says what was decided at accept and what would be now, each with the values that were read', async () => {
      const { source, destination, mapping } = await path(
        { filter: 'data.n > 10 && body.action == "opened"' },
        { extract: { n: 'body.n' } },
      );
      const event = await ingest(source, { action: 'opened', n: 5, m: 50 });
      await change('sources', source.id, { extract: { n: 'body.m' }, event_type: 'body.m' });
      await change('mappings', mapping.id, { filter: 'data.n > 10 && body.action == "closed" && body.gone == 1' });

      const { body } = await explain(event);
      expect(body).toEqual({
        event,
        source: source.id,
        trigger: '',
        event_type: { at_accept: 'opened', now: '50' },
        mappings: [
          {
            mapping: mapping.id,
            destination: destination.id,
            at_accept: {
              mapping: mapping.id,
              destination: destination.id,
              outcome: 'filtered',
              clause: 'data.n > 10',
              values: [{ path: 'data.n', value: '5' }],
            },
            now: {
              outcome: 'filtered',
              clause: 'body.action == "closed"',
              clauses: [
                { clause: 'data.n > 10', result: 'true', values: [{ path: 'data.n', value: '50' }] },
                {
                  clause: 'body.action == "closed"',
                  result: 'false',
                  values: [{ path: 'body.action', value: '"opened"' }],
                },
                { clause: 'body.gone == 1', result: 'missing', values: [{ path: 'body.gone', value: null }] },
              ],
            },
          },
        ],
      });
    });

    it('says it of a mapping that is new, and of one that is gone', async () => {
      const { source, destination, mapping } = await path();
      const event = await ingest(source, { a: 1 });
      const deleted = await services.call('DELETE', '/api/v1/mappings/{id}', {
        token: services.operator,
        params: { id: mapping.id },
      });
      expect(deleted.status).toBe(204);
      const { id } = await create('mappings', { name: 'n', source: source.id, destination: destination.id });
      expect((await explain(event)).body.mappings).toMatchObject([
        { mapping: mapping.id, at_accept: { outcome: 'delivery' }, now: null },
        { mapping: id, at_accept: null, now: { outcome: 'delivery', clauses: [] } },
      ]);
    });

    it.each<[string, object, object, object]>([
      [
        'a disabled mapping',
        { enabled: false, filter: 'body.a == 2' },
        {},
        { outcome: 'disabled', clauses: [{ result: 'false' }] },
      ],
      ['a rule that fails', { template: '{{ body.z }}' }, {}, { outcome: 'error', where: 'template' }],
      [
        'a filter that fails',
        { filter: 'body.a > "x"' },
        {},
        { outcome: 'error', where: 'filter', clauses: [{ result: 'error' }] },
      ],
      ["a source's rule that fails", {}, { extract: { t: '1 / 0' } }, { outcome: 'error', where: 'source.extract.t' }],
    ])('of %s', async (_what, mapping, source, now) => {
      const { source: from } = await path(mapping, source);
      const [explained] = (await explain(await ingest(from, { a: 1 }))).body.mappings;
      expect(explained.now).toMatchObject(now);
      expect(explained.at_accept).toMatchObject({ outcome: (now as { outcome: string }).outcome });
      expect(explained.now).not.toHaveProperty('delivery');
    });

    it('makes no delivery', async () => {
      const { source } = await path();
      const event = await ingest(source, {});
      await explain(event);
      const deliveries = await services.call('GET', '/api/v1/deliveries', {
        token: services.operator,
        query: { event },
      });
      expect(deliveries.body.data).toHaveLength(1);
    });

    it('never shows a credential', async () => {
      const { source } = await path({ filter: 'headers.?authorization.orValue("") == "x"' });
      const event = await ingest(source, {}, { authorization: 'Bearer secret-of-theirs' });
      const { text, body } = await explain(event);
      expect(body.mappings[0].at_accept.outcome).toBe('filtered');
      expect(text).not.toContain('secret-of-theirs');
    });

    it('the event itself shows the values as well, a list of events does not', async () => {
      const { source } = await path({ filter: 'body.n == 9007199254740992' });
      const event = await ingest(source, '{"n":9007199254740993}', { 'content-type': 'application/json' });
      const token = services.operator;
      const shown = await services.call('GET', '/api/v1/events/{id}', { token, params: { id: event } });
      expect(shown.body.decisions[0].values).toEqual([{ path: 'body.n', value: '9007199254740993' }]);
      const list = await services.call('GET', '/api/v1/events', { token, query: { source: source.id } });
      expect(list.body.data[0].decisions[0]).not.toHaveProperty('values');
    });

    it('is not for other accounts', async () => {
      const { source } = await path();
      const { token } = await services.user('admin');
      expect((await explain(await ingest(source, {}), token)).status).toBe(404);
      expect((await explain('aaaaaaaaaaaaaaa')).status).toBe(404);
    });
  });

  describe('backtest', () => {
    it('shows for each of the last events what edited rules would change', async () => {
      const { source, mapping } = await path({ filter: 'body.n < 3', template: { text: 'n is {{ body.n }}' } });
      const ids: string[] = [];
      for (const n of [1, 2, 3, 4]) ids.unshift(await ingest(source, { action: `a${n}`, n }));
      const { body } = await backtest({
        mapping: mapping.id,
        filter: 'body.n > 1 && body.n < 4',
        template: { text: 'N is {{ body.n }}' },
      });
      expect(body).toMatchObject({
        complete: true,
        totals: { events: 4, newly_delivered: 1, newly_dropped: 1, changed_body: 1, error: 0, unchanged: 1 },
      });
      const filtered = (clause: string, value: string) => ({
        outcome: 'filtered',
        clause,
        values: [{ path: 'body.n', value }],
      });
      const delivery = { outcome: 'delivery', content_type: 'application/json' };
      expect(body.events).toEqual([
        expect.objectContaining({
          event: ids[0],
          type: 'a4',
          change: 'unchanged',
          before: filtered('body.n < 3', '4'),
          after: filtered('body.n < 4', '4'),
        }),
        expect.objectContaining({ event: ids[1], change: 'newly_delivered', after: delivery }),
        expect.objectContaining({
          event: ids[2],
          change: 'changed_body',
          before: delivery,
          after: delivery,
          body_changes: [{ path: 'text', before: '"n is 2"', after: '"N is 2"' }],
        }),
        expect.objectContaining({ event: ids[3], change: 'newly_dropped', after: filtered('body.n > 1', '1') }),
      ]);
      expect(body.events.filter((one: { body_changes: [] }) => one.body_changes.length > 0)).toHaveLength(1);
    });

    it('without edits changes nothing, whether the mapping is switched on or off', async () => {
      const { source, mapping } = await path({ enabled: false, filter: 'body.n > 1' });
      for (const n of [1, 2]) await ingest(source, { n });
      const { body } = await backtest({ mapping: mapping.id });
      expect(body.totals).toEqual({
        events: 2,
        newly_delivered: 0,
        newly_dropped: 0,
        changed_body: 0,
        error: 0,
        unchanged: 2,
      });
      expect(body.events.map(({ before }: { before: { outcome: string } }) => before.outcome)).toEqual([
        'delivery',
        'filtered',
      ]);
    });

    it('tries a mapping that is not there yet, extraction included, on the events that are named', async () => {
      const { source } = await path();
      const events = [await ingest(source, { n: 1 }), await ingest(source, { n: 2 }), await ingest(source, { n: 3 })];
      const { body } = await backtest({
        source: source.id,
        events: [events[2], events[0]],
        extract: { n: 'body.n' },
        filter: 'data.n > 1',
      });
      expect(body.events).toMatchObject([
        { event: events[2], change: 'newly_delivered', before: null, after: { outcome: 'delivery' } },
        { event: events[0], change: 'unchanged', before: null, after: { outcome: 'filtered', clause: 'data.n > 1' } },
      ]);
    });

    it.each<[string, object, object]>([
      ['a broken filter', { filter: 'body.' }, { outcome: 'error', where: 'filter' }],
      ['a template that misses a key', { template: { a: '{{ body.z }}' } }, { outcome: 'error', where: 'template.a' }],
      ['a broken extraction', { extract: { t: '1 / 0' } }, { outcome: 'error', where: 'source.extract.t' }],
    ])('counts %s as an error', async (_what, rules, after) => {
      const { source, mapping } = await path();
      await ingest(source, {});
      const { body } = await backtest({ mapping: mapping.id, ...rules });
      expect(body).toMatchObject({ totals: { error: 1 }, events: [{ change: 'error', after }] });
    });

    it('another type of destination changes the body', async () => {
      const { source, mapping } = await path({ template: { content: 'x'.repeat(3_000) } });
      await ingest(source, {});
      const { body } = await backtest({ mapping: mapping.id, type: 'discord' });
      expect(body.events[0]).toMatchObject({ change: 'changed_body', body_changes: [{ path: 'content' }, {}] });
    });

    it('pages through the events and stops at the number asked for', async () => {
      const { source } = await path();
      for (let n = 0; n < 30; n++) await ingest(source, { n });
      const { body } = await backtest({ source: source.id, last: 28 });
      const ids = new Set(body.events.map(({ event }: { event: string }) => event));
      expect(ids.size).toBe(28);
      expect(body.totals.events).toBe(28);
    });

    it('makes what ingest then makes', async () => {
      const { source, mapping } = await path({ template: { text: 'old {{ body.n }}' } });
      const template = { text: 'new {{ body.n }}' };
      const before = await ingest(source, { n: 1 });
      const tried = await backtest({ mapping: mapping.id, template, events: [before] });
      await change('mappings', mapping.id, { template });
      const event = await ingest(source, { n: 1 });
      const list = await services.call('GET', '/api/v1/deliveries', { token: services.operator, query: { event } });
      const delivery = await services.call('GET', '/api/v1/deliveries/{id}', {
        token: services.operator,
        params: { id: list.body.data[0].id },
      });
      const [{ after }] = tried.body.events[0].body_changes;
      expect(JSON.parse(delivery.body.request_body).text).toBe(JSON.parse(after));
    });

    it.each<[string, (made: Awaited<ReturnType<typeof path>>) => object, number, string]>([
      ['nothing', () => ({}), 400, 'source'],
      [
        'another source than the mapping has',
        ({ mapping }) => ({ mapping: mapping.id, source: 'aaaaaaaaaaaaaaa' }),
        400,
        'source',
      ],
      [
        'both last and events',
        ({ source }) => ({ source: source.id, last: 1, events: ['aaaaaaaaaaaaaaa'] }),
        400,
        'last',
      ],
      ['too many', ({ source }) => ({ source: source.id, last: 501 }), 400, 'last'],
      ['an unknown mapping', () => ({ mapping: 'aaaaaaaaaaaaaaa' }), 404, 'mapping'],
      ['an unknown source', () => ({ source: 'aaaaaaaaaaaaaaa' }), 404, 'source'],
      ['an unknown event', ({ source }) => ({ source: source.id, events: ['aaaaaaaaaaaaaaa'] }), 404, 'event'],
    ])('refuses %s', async (_what, request, status, words) => {
      const answer = await backtest(request(await path()));
      expect(answer.status).toBe(status);
      expect(answer.body.detail).toContain(words);
    });

    it('refuses events of another source', async () => {
      const [one, other] = [await path(), await path()];
      const answer = await backtest({ mapping: one.mapping.id, events: [await ingest(other.source, {})] });
      expect(answer.body).toMatchObject({
        code: 'validation_failed',
        detail: expect.stringContaining('another source'),
      });
    });

    it('is not for other accounts, and not for viewers', async () => {
      const { source, mapping } = await path();
      await ingest(source, {});
      const { token } = await services.user('admin');
      expect((await backtest({ mapping: mapping.id }, token)).status).toBe(404);
      expect((await backtest({ source: source.id }, token)).status).toBe(404);
      expect((await backtest({ source: source.id }, (await services.user('viewer')).token)).status).toBe(403);
    });
  });
});
