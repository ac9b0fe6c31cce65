import { readFileSync } from 'node:fs';
import { createGuard } from '../../../api/src/delivery/guard.ts';

interface Shared {
  settings: Record<string, { allow_http: boolean; networks: string[]; ports: string[] }>;
  cases: ({ url: string } & Record<string, string[]>)[];
}

/** PocketBase's check at save runs the same cases: pocketbase/internal/rules/url_check_test.go. */
const shared = JSON.parse(readFileSync(new URL('../../shared/urls.json', import.meta.url), 'utf8')) as Shared;

describe.each(Object.entries(shared.settings))('with the settings %s', (name, { allow_http, networks, ports }) => {
  const guard = createGuard({ allowedNetworks: networks, allowedPorts: ports, allowHttp: allow_http });
  const cases = shared.cases.filter((one) => one[name] !== undefined);

  test.each(cases)('$url', ({ url, [name]: kinds }) => {
    expect(guard.checkUrl(url).map(({ kind }) => kind)).toEqual(kinds);
  });

  test('what is taken leads to the host and port that were checked', () => {
    const taken = cases.filter((one) => one[name]?.length === 0);
    expect(taken).not.toEqual([]);
    for (const { url } of taken) {
      const { hostname, port, protocol, username } = new URL(url);
      expect(guard.refuseHost(hostname.replace(/^\[|\]$/g, ''))).toBeUndefined();
      expect(guard.refusePort(Number(port || (protocol === 'https:' ? 443 : 80)))).toBeUndefined();
      expect(username).toBe('');
    }
  });
});

test('where there is no URL yet, the error says so', () => {
  const guard = createGuard({ allowedNetworks: [], allowedPorts: ['443'], allowHttp: false });
  expect(guard.checkUrl('').map(({ message }) => message)).toEqual([expect.stringContaining('There is no URL yet')]);
});
