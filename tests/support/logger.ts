import { createLogger, type Logger, type LogLevel } from '../../api/src/ops/logger.ts';

/** A log line as the product would print it, without its time. */
export type LogLine = { level: string; message: string } & Record<string, unknown>;

export interface CollectingLogger {
  logger: Logger;
  /** Everything logged so far, oldest first. */
  lines: LogLine[];
}

/** The product's own logger, whose lines a test can read. */
export function collectingLogger(level: LogLevel = 'debug'): CollectingLogger {
  const lines: LogLine[] = [];
  const write = (line: string) => {
    const { timestamp, ...rest } = JSON.parse(line);
    lines.push(rest);
  };
  return { logger: createLogger(level, { write, flush: () => undefined }), lines };
}
