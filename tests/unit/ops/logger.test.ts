import { createLogger } from '../../../api/src/ops/logger.ts';

function recording(level: 'info' | 'warn') {
  const written: string[] = [];
  const logger = createLogger(level, { write: (line) => written.push(line), flush: () => written.push('flush') });
  return { logger, written };
}

it('writes one line of JSON: time, level and message first, no undefined fields', () => {
  const { logger, written } = recording('info');
  logger.info('delivery', { status: 200, text: 'two\nlines', error: undefined });
  expect(written).toEqual([
    expect.stringMatching(
      /^\{"timestamp":"\d{4}-[\d-]+T[\d:.]+Z","level":"info","message":"delivery","status":200,"text":"two\\nlines"\}\n$/,
    ),
  ]);
});

it('writes its level and graver ones, and errors at once', () => {
  const { logger, written } = recording('warn');
  expect([logger.isLevelEnabled('info'), logger.isLevelEnabled('warn'), logger.isLevelEnabled('error')]).toEqual([
    false,
    true,
    true,
  ]);
  logger.debug('a');
  logger.log('info', 'b');
  logger.warn('c');
  logger.error('d');
  expect(written.map((line) => (line === 'flush' ? line : JSON.parse(line).message))).toEqual(['c', 'd', 'flush']);
});
