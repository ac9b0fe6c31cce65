import winston from 'winston';

export type Logger = winston.Logger;

/** JSON lines on standard output, one wide line per stage; no secret and no payload ever goes in. */
export function createLogger(level: string): Logger {
  return winston.createLogger({
    level,
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    transports: [new winston.transports.Console({ stderrLevels: [] })],
  });
}

/** What of an unknown fault may be logged: its kind and its words, the stack only at debug level. */
export function faultFields(fault: unknown): { error: string; code?: string } {
  if (!(fault instanceof Error)) return { error: String(fault) };
  const code = (fault as NodeJS.ErrnoException).code;
  const cause = fault.cause instanceof Error ? `: ${fault.cause.message}` : '';
  return { error: `${fault.message}${cause}`, ...(code === undefined ? {} : { code }) };
}
