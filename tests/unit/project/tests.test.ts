import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PATH } from '../../support/environment.ts';

const TESTS = fileURLToPath(new URL('../../', import.meta.url));
const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.startsWith('bench') && !file.endsWith('project/tests.test.ts'),
);

function matches(pattern: RegExp, among = files): string[] {
  return among.flatMap((file) =>
    readFileSync(join(TESTS, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? `${file}:${index + 1}: ${line.trim()}` : [])),
  );
}

test('no test compares seconds of the wall: own-time.ts has what a busy machine leaves as it is', () => {
  expect(matches(/expect\((?:performance|Date)\.now\(\) - \w+\)\s*\.toBeLess/)).toEqual([]);
});

test('no test has a time of its own: jest.config.mjs ends what hangs', () => {
  expect(matches(/^\s*\}, \d[\d_]*\);$|jest\.setTimeout/)).toEqual([]);
});

test('no test reads the environment of whoever runs it', () => {
  const outside = files.filter((file) => !file.startsWith('support'));
  expect(matches(/process\.env\b(?! is not)/, outside)).toEqual([]);
});

test('nothing that the product reads reaches the tests', () => {
  const hostile = {
    ...{
      PORT: '1',
      HOST: '203.0.113.1',
      DATA_DIR: '/dev/null',
      LOG_LEVEL: 'shout',
      POCKETBASE_URL: 'http://127.0.0.1:1',
    },
    ...{
      NO_COLOR: '1',
      FORCE_COLOR: '3',
      TZ: 'Pacific/Apia',
      LANG: 'tr_TR',
      NODE_ENV: 'production',
      NODE_USE_ENV_PROXY: '1',
    },
    ...{ ENCRYPTION_KEYS: 'x', npm_config_loglevel: 'silly', CI: 'true', DEBUG: '*' },
  };
  const script = `
    import { cleanEnvironment } from ${JSON.stringify(join(TESTS, 'support/clean-environment.mjs'))};
    cleanEnvironment(process.env);
    console.log(JSON.stringify(process.env));`;
  const seen = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...hostile, PATH },
      encoding: 'utf8',
    }),
  );
  expect(seen).toEqual({
    PATH,
    NODE_ENV: 'test',
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    NO_PROXY: 'localhost,127.0.0.1,::1',
    no_proxy: 'localhost,127.0.0.1,::1',
  });
});
