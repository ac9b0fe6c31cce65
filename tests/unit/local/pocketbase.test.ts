import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPocketBase } from '../../../api/src/local/pocketbase.ts';
import { StartRefused } from '../../../api/src/local/start-refused.ts';
import { collectingLogger } from '../../support/logger.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pockethook-supervisor-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const LISTEN = 'echo pocketbase listening on http://127.0.0.1:1234';
const WAIT = 'read -r _';

/** A stand-in for the service that behaves differently each time it is started. */
function service(...starts: string[]) {
  const { logger, lines } = collectingLogger();
  const binary = join(dir, 'pocketbase');
  const cases = starts.map((script, index) => `${index + 1}) ${script} ;;`).join('\n');
  const script = `#!/bin/sh\ncd "$HOME"; echo >> starts; n=0; while read -r _; do n=$((n+1)); done < starts\ncase $n in\n${cases}\nesac\n`;
  writeFileSync(binary, script);
  chmodSync(binary, 0o755);
  const started = startPocketBase({
    binary,
    port: 0,
    dataDir: dir,
    migrationsDir: dir,
    hooksDir: dir,
    env: {},
    logger,
  });
  return { started, lines, countStarts: () => readFileSync(join(dir, 'starts'), 'utf8').length };
}

test.each([
  ['a refusal', 78, StartRefused],
  ['what may pass by itself', 75, StartRefused],
  ['another fault', 1, Error],
])('%s at the first start is told in its own words, all of them, and not logged', async (_name, code, kind) => {
  const { started, lines } = service(
    `echo before >&2; echo "pocketbase: no key" >&2; echo "do this" >&2; exit ${code}`,
  );
  const fault = await started.catch((error) => error);
  expect(fault).toBeInstanceOf(kind);
  expect(fault instanceof StartRefused).toBe(kind === StartRefused);
  expect(fault.message).toBe('no key\ndo this');
  expect(lines.map(({ line }) => line)).toEqual(['before']);
});

test('one that dies without a word is pointed at the log', async () => {
  const { started } = service('echo "panic: something" >&2; kill -9 $$');
  await expect(started).rejects.toThrow('ended before it listened (SIGKILL); the lines above say why');
});

test('it is started again after what may pass by itself, and not after a refusal', async () => {
  const { started, lines, countStarts } = service(
    `${LISTEN}; exit 2`,
    'echo "pocketbase: port busy" >&2; exit 75',
    `${LISTEN}; exit 0`,
    'echo "pocketbase: no key" >&2; exit 78',
    `${LISTEN}; ${WAIT}`,
  );
  const supervised = await started;
  expect(await supervised.refused).toBe('no key');
  expect(countStarts()).toBe(4);
  expect(
    lines.filter(({ message }) => message === 'pocketbase ended').map(({ code, reason }) => [code, reason]),
  ).toEqual([
    [2, undefined],
    [75, 'port busy'],
    [0, undefined],
    [78, 'no key'],
  ]);
  await supervised.stop();
});

test('it is stopped for good', async () => {
  const { started, countStarts } = service(`${LISTEN}; ${WAIT}`, `${LISTEN}; ${WAIT}`);
  const supervised = await started;
  await supervised.stop();
  expect(countStarts()).toBe(1);
});
