import { findLoops, type Rules } from '../../../api/src/cli/doctor/loops.ts';

const OWN = ['http://127.0.0.1:8080', 'https://hooks.example.com/pockethook'];

/** Sources a, b, c; `a: url` makes a destination `to-<n>` there and a mapping to it. */
function rules(routes: [source: string, url: string, fields?: object][]): Rules {
  return {
    sources: ['a', 'b', 'c'].map((name) => ({ id: name, name, enabled: true })),
    destinations: routes.map(([, url], n) => ({ id: `d${n}`, name: `to-${n}`, url, enabled: true })),
    mappings: routes.map(([source, , fields], n) => ({
      source,
      destination: `d${n}`,
      enabled: true,
      filter: '',
      ...fields,
    })),
  };
}

test.each<[string, Parameters<typeof rules>[0], string[]]>([
  ['itself', [['a', 'http://127.0.0.1:8080/ingest/a']], ['a → to-0 → a']],
  ['itself by another name of this machine', [['a', 'http://localhost:8080/ingest/a?x=1']], ['a → to-0 → a']],
  ['itself by PUBLIC_URL', [['a', 'https://hooks.example.com/pockethook/ingest/a']], ['a → to-0 → a']],
  [
    'itself over another',
    [
      ['a', 'http://127.0.0.1:8080/ingest/b'],
      ['b', 'https://hooks.example.com/pockethook/ingest/a'],
    ],
    ['a → to-0 → b', 'b → to-1 → a'],
  ],
  [
    'a loop that it is not part of',
    [
      ['a', 'http://127.0.0.1:8080/ingest/b'],
      ['b', 'http://127.0.0.1:8080/ingest/b'],
    ],
    ['b → to-1 → b'],
  ],
  ['another', [['a', 'http://127.0.0.1:8080/ingest/b']], []],
  ['another installation', [['a', 'https://central.example.com/ingest/a']], []],
  ['another port', [['a', 'http://127.0.0.1:9090/ingest/a']], []],
  ['a source that is none', [['a', 'http://127.0.0.1:8080/ingest/nobody']], []],
  ['itself behind a filter', [['a', 'http://127.0.0.1:8080/ingest/a', { filter: 'body.again' }]], []],
  ['itself by a disabled mapping', [['a', 'http://127.0.0.1:8080/ingest/a', { enabled: false }]], []],
  ['a masked URL', [['a', '••••abcd']], []],
])('a source that leads to %s', (_name, routes, loops) => {
  expect(findLoops(rules(routes), OWN)).toEqual(loops);
});
