import { type Context, makeContext } from '../../../api/src/expressions/index.ts';

/** The context of an event with this body. */
export function contextOf(body: unknown, parts: Partial<Context> = {}): Context {
  return makeContext({
    body,
    headers: { 'x-github-event': 'issues' },
    query: {},
    method: 'POST',
    source: 'github',
    event: {
      id: 'mabcdefgh123456',
      type: 'issues.opened',
      received_at: '2026-01-31T12:00:00.000Z',
      correlation_id: 'c-1',
    },
    data: {},
    ...parts,
  });
}
