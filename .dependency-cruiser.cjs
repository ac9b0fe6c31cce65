/** Imports go one way (docs/architecture.md); a folder may import only what stands before it. */
const order = (from, allowed) => ({
  name: `${from}-imports`,
  comment: `api/src/${from} may import only: ${allowed.join(', ')}`,
  severity: 'error',
  from: { path: `^api/src/${from}/` },
  to: { path: '^api/src/', pathNot: [from, ...allowed].map((folder) => `^api/src/${folder}/`) },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^api/src/', pathNot: ['main\\.ts$', 'openapi-types\\.ts$', 'bundle\\.ts$'] },
      to: {},
    },
    order('model', []),
    order('expressions', ['model']),
    order('ops', ['model']),
    order('local', ['model', 'ops']),
    order('http', ['model', 'ops']),
    order('store', ['model', 'expressions', 'ops']),
    order('destinations', ['model', 'expressions']),
    order('ingest', ['model', 'expressions', 'store', 'destinations', 'http', 'ops']),
    order('dispatch', ['model', 'store', 'ops']),
    order('retention', ['model', 'store', 'ops']),
    order('delivery', ['model', 'store', 'destinations', 'ops']),
    order('replay', ['model', 'store', 'dispatch', 'ops']),
    order('rules', ['model', 'expressions', 'store', 'destinations', 'ingest']),
    order('management', [
      'model',
      'expressions',
      'store',
      'destinations',
      'ingest',
      'dispatch',
      'delivery',
      'replay',
      'rules',
      'http',
      'ops',
    ]),
    order('cli', ['model', 'expressions', 'http', 'local']),
    {
      name: 'only-the-composition-root-sees-implementations',
      severity: 'error',
      from: { path: '^api/src/', pathNot: ['^api/src/app/', '^api/src/store/pocketbase/'] },
      to: { path: '^api/src/store/pocketbase/' },
    },
    {
      name: 'nothing-imports-the-root',
      severity: 'error',
      from: { path: '^api/src/.+/', pathNot: '^api/src/app/' },
      to: { path: '^api/src/(app/|(main|server|config)\\.ts$)' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
