import type { ServerResponse } from 'node:http';
import type { Explanation } from '../../../api/src/model/explanation.ts';
import { type Answerer, answeredNames, json, problem, runCli, startAnswerer } from './support.ts';

const NAMES: Record<string, string> = { m1: 'to discord', m2: 'to billing', d1: 'discord', d2: 'billing', s1: 'shop' };

const EXPLANATION: Explanation = {
  event: 'e1',
  source: 's1',
  trigger: '',
  event_type: { at_accept: 'opened', now: 'issue\u001b[31m' },
  mappings: [
    {
      mapping: 'm1',
      destination: 'd1',
      at_accept: {
        mapping: 'm1',
        destination: 'd1',
        outcome: 'filtered',
        clause: 'body.n > 10',
        values: [{ path: 'body.n', value: '5' }],
      },
      now: {
        outcome: 'filtered',
        clause: 'has(body.z)',
        clauses: [
          { clause: 'body.a == "x"', result: 'true', values: [{ path: 'body.a', value: '"x"' }] },
          { clause: 'has(body.z)', result: 'false', values: [{ path: 'body.z', value: null }] },
          { clause: 'body.a > 1', result: 'error', message: 'Not these values.', values: [] },
        ],
      },
    },
    { mapping: 'm2', destination: 'd2', at_accept: null, now: { outcome: 'delivery', clauses: [] } },
    {
      mapping: 'm9',
      destination: 'd2',
      at_accept: { mapping: 'm9', destination: 'd2', outcome: 'delivery', delivery: 'x1' },
      now: null,
    },
  ],
};

describe('explain', () => {
  let api: Answerer;
  beforeAll(async () => {
    api = await startAnswerer((request, response) => {
      if (!answeredNames(request, response, NAMES)) answer(request.url ?? '', response);
    });
  });
  afterAll(() => api.close());

  function answer(url: string, response: ServerResponse) {
    if (url === '/api/v1/events/e1/explain') return json(response, 200, EXPLANATION);
    if (url.startsWith('/api/v1/destinations?')) {
      const data = ['d1', 'd2', 'd3'].map((id) => ({ id, name: NAMES[id] ?? id }));
      return json(response, 200, { data, next_cursor: null });
    }
    problem(response, 404, 'not_found', `There is no ${url}.`);
  }

  const cli = (...args: string[]) => runCli(['explain', ...args, '--url', api.url]);

  it('says what was decided at accept and would be now, clause by clause', async () => {
    const { exitCode, out, err } = await cli('e1');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toBe(`Source    shop
Type      opened
Type now  issue\\u001b[31m
Event     e1

to discord (to discord)
At accept: filtered out by body.n > 10
  body.n is 5
Now:       would be filtered out by has(body.z)
  ✓ body.a == "x"
      body.a is "x"
  ✗ has(body.z)
      body.z is not there
  ✗ body.a > 1: Not these values.

to billing (to billing)
At accept: the mapping was not there, or led elsewhere
Now:       would be delivered

m9 (to billing)
At accept: delivery x1
Now:       the mapping is gone, or leads elsewhere
`);
  });

  it('of one destination, by name', async () => {
    const { out } = await cli('e1', 'billing');
    expect(out).toContain('m9 (to billing)');
    expect(out).not.toContain('to discord');
  });

  it('as JSON', async () => {
    const { out } = await cli('e1', 'discord', '--json');
    expect(JSON.parse(out)).toEqual({ ...EXPLANATION, mappings: [EXPLANATION.mappings[0]] });
  });

  it.each([
    [[], 2, /missing required argument 'event'/],
    [['e1', 'nope'], 3, /There is no destination "nope"\. There are: discord, billing/],
    [['e1', 'd3'], 3, /No mapping of the event's source leads to destination "d3"/],
    [['e2'], 3, /There is no/],
  ])('%j exits %d', async (args, exitCode, text) => {
    const run = await cli(...args);
    expect(run).toMatchObject({ exitCode, out: '' });
    expect(run.err).toMatch(text);
  });
});
