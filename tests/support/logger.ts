import { Writable } from 'node:stream';
import winston from 'winston';
import type { Logger } from '../../api/src/ops/logger.ts';

/** A log line as the product would print it. */
export type LogLine = { level: string; message: string } & Record<string, unknown>;

export interface CollectingLogger {
  logger: Logger;
  /** Everything logged so far, oldest first. */
  lines: LogLine[];
}

/** The product's own kind of logger, whose lines a test can read. */
export function collectingLogger(level = 'debug'): CollectingLogger {
  const lines: LogLine[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const logger = winston.createLogger({
    level,
    format: winston.format.json(),
    transports: [new winston.transports.Stream({ stream })],
  });
  return { logger, lines };
}
