import { createRequire } from 'node:module';
import { sign } from '@octokit/webhooks-methods';
import type { RecordModel } from 'pocketbase';
import { createStarter } from '../../api/src/configuration/starter.ts';
import { describeWithServices } from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';
import { type Json, openWorkspace, type Workspace } from './workspace.ts';

type Payload = { action?: string; sender?: { login: string }; repository?: { full_name: string } };
const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as {
  name: string;
  examples: Payload[];
}[];
const requests = examples.flatMap(({ name, examples: payloads }) =>
  payloads.map((payload, n) => ({
    id: `${name}-${n}`,
    name,
    payload,
    type: payload.action ? `${name}.${payload.action}` : name,
  })),
);
type Example = (typeof requests)[number];

/** What GitHub itself has under way at once is far less. */
const AT_ONCE = 16;

describeWithServices("GitHub's own examples through the starter's source", () => {
  let workspace: Workspace;
  let sink: Sink;
  let secret: string;

  beforeAll(async () => {
    sink = await startSink();
    workspace = await openWorkspace({
      onConnected: async ({ records, starterMark }) => {
        secret = (await createStarter(records, starterMark))?.githubSecret ?? '';
      },
    });
    const { body: mapping } = await workspace.api('GET', '/mappings/startergh2inbox');
    const { id } = await workspace.create('destinations', { name: 'sink', type: 'http', url: `${sink.url}/github` });
    await workspace.create('mappings', {
      name: 'sink',
      source: mapping.source,
      destination: id,
      template: mapping.template,
    });
  });
  afterAll(async () => {
    await workspace?.stop();
    await sink?.close();
  });

  async function post(example: Example, body: string, contentType: string): Promise<Response> {
    return workspace.ingest('github', body, {
      'content-type': contentType,
      'user-agent': 'GitHub-Hookshot/1234567',
      'x-github-event': example.name,
      'x-github-delivery': example.id,
      'x-hub-signature-256': await sign(secret, body),
    });
  }

  const all = <T extends RecordModel>(collection: string) =>
    workspace.pb.collection<T>(collection).getFullList({ batch: 1000 });

  test(`all ${requests.length} are accepted, typed, extracted, rendered and delivered`, async () => {
    expect(requests.length).toBeGreaterThanOrEqual(329);
    const waiting = [...requests];
    const ids = new Map<string, Example>();
    async function worker(): Promise<void> {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const response = await post(next, JSON.stringify(next.payload), 'application/json');
        expect([next.id, response.status]).toEqual([next.id, 202]);
        ids.set(((await response.json()) as { id: string }).id, next);
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(ids.size).toBe(requests.length);
    const events = await all('events');
    expect(events).toHaveLength(requests.length);
    for (const event of events) {
      const example = ids.get(event.id) as Example;
      const outcomes = event.decisions.map(({ outcome }: Json) => outcome).sort();
      expect([example.id, event.type, outcomes]).toEqual([
        example.id,
        example.type,
        ['delivery', 'delivery', 'disabled'],
      ]);
      expect([event.dedupe_key, event.extracted.sender, event.extracted.repository]).toEqual([
        example.id,
        example.payload.sender?.login,
        example.payload.repository?.full_name,
      ]);
    }
    await until('all deliveries', async () => {
      const { totalItems } = await workspace.pb
        .collection('deliveries')
        .getList(1, 1, { filter: 'state = "delivered"' });
      return totalItems === 2 * requests.length ? true : undefined;
    });
    const texts = new Map<string, string>();
    for (const { event, request_body } of await all('deliveries')) {
      const { text } = JSON.parse(request_body) as { text: string };
      const { type, payload } = ids.get(event) as Example;
      expect(text).toContain(type);
      expect(text).not.toMatch(/undefined|null|\{\{|^\s|\s{2}|\s$/);
      if (payload.sender) expect(text.startsWith(payload.sender.login)).toBe(true);
      if (payload.repository) expect(text).toContain(payload.repository.full_name);
      texts.set(event, request_body);
    }
    expect(sink.requests.map(({ body }) => body.toString()).sort()).toEqual([...texts.values()].sort());
  });

  test.each(requests.filter((_, n) => n % 60 === 0).map((example) => [example.type, example] as const))(
    'as a form: %s',
    async (type, example) => {
      const id = `form-${example.id}`;
      const form = new URLSearchParams({ payload: JSON.stringify(example.payload) }).toString();
      const response = await post({ ...example, id }, form, 'application/x-www-form-urlencoded');
      const event = (await response.json()) as { id: string };
      const deliveries = await workspace.deliveries(event.id, 'delivered');
      expect(deliveries).toHaveLength(2);
      expect((await workspace.api('GET', `/events/${event.id}`)).body).toMatchObject({
        type,
        body: form,
        dedupe_key: id,
      });
      expect(JSON.parse(deliveries[0]?.request_body).text).toContain(type);
    },
  );
});
