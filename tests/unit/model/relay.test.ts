import { readFileSync } from 'node:fs';
import { mayRelay, relayedValues } from '../../../api/src/model/relay.ts';

/** The PocketBase service, which refuses names in a list, runs the same cases. */
const { never, may } = JSON.parse(readFileSync(new URL('../../shared/relay.json', import.meta.url), 'utf8'));

test.each<string>(never)('%s never goes on', (name) => {
  expect(mayRelay(name)).toBe(false);
  for (const headers of ['all' as const, [name.toUpperCase()]]) {
    expect(relayedValues({ headers }, { headers: { [name]: 'x' }, signatures: {}, query: '' })).toEqual({});
  }
});

test.each<string>(may)('%s goes on', (name) => {
  expect(mayRelay(name)).toBe(true);
});

test('what Connection names stays, whoever it is', () => {
  const headers = { connection: 'close,  X-Hop , x-hub-signature-256', 'x-hop': '1', 'x-kept': '2' };
  const signatures = { 'x-hub-signature-256': 'sha256=00' };
  expect(relayedValues({ headers: 'all' }, { headers, signatures, query: '' })).toEqual({ 'header: x-kept': '2' });
});
