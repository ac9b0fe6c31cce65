/**
 * What tests see of the environment of whoever runs them: how to find and build programs, and nothing that the product, Node or
 * a library reads as a setting. Imported first by jest.config.mjs, so that workers and the processes of tests inherit it.
 */
const KEPT = new Set(
  [
    ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'LD_LIBRARY_PATH', 'XDG_CACHE_HOME'],
    [
      'GOPATH',
      'GOROOT',
      'GOCACHE',
      'GOMODCACHE',
      'GOPROXY',
      'GONOPROXY',
      'GOPRIVATE',
      'GOSUMDB',
      'GONOSUMDB',
      'GOFLAGS',
    ],
    ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'],
    // A PocketBase service built elsewhere; whether missing tools are a failure (.ci/run).
    ['POCKETHOOK_TEST_POCKETBASE', 'POCKETHOOK_TEST_ALL'],
  ].flat(),
);
/** Tests speak to this machine only; a proxy is for what a build fetches. */
const LOOPBACK = 'localhost,127.0.0.1,::1';

/** @param {Record<string, string | undefined>} env changed in place */
export function cleanEnvironment(env) {
  for (const name of Object.keys(env)) if (!KEPT.has(name)) delete env[name];
  Object.assign(env, { NODE_ENV: 'test', TZ: 'UTC', LANG: 'C.UTF-8', NO_PROXY: LOOPBACK, no_proxy: LOOPBACK });
}
