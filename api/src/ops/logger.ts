import winston from 'winston';

export type Logger = winston.Logger;

/** Where winston's transports look for the line to write (triple-beam's MESSAGE). */
const LINE = Symbol.for('message');

/**
 * One JSON line a record: time, level and message first, then the fields. Written out in one step: winston's own
 * `timestamp()` and `json()` cost twice as much, and two lines are written for each event.
 */
const jsonLine = winston.format((info) => {
  const { level, message, ...fields } = info;
  info[LINE as unknown as string] = JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...fields });
  return info;
});

/** JSON lines on standard output, one wide line per stage; no secret and no payload ever goes in. */
export function createLogger(level: string): Logger {
  return winston.createLogger({ level, format: jsonLine(), transports: [new winston.transports.Console()] });
}

/** What of an unknown fault may be logged: its kind and its words. */
export function faultFields(fault: unknown): { error: string; code?: string } {
  if (!(fault instanceof Error)) return { error: String(fault) };
  const code = (fault as NodeJS.ErrnoException).code;
  const cause = fault.cause instanceof Error ? `: ${fault.cause.message}` : '';
  return { error: `${fault.message}${cause}`, ...(code === undefined ? {} : { code }) };
}

export interface FaultLog {
  failed(fault: unknown, fields?: object): void;
  /** From here on the same fault is news again. */
  worked(): void;
}

/** For what is tried again and again: one line for each reason that it fails, not one for each try. */
export function createFaultLog(logger: Pick<Logger, 'warn'>, message: string): FaultLog {
  let last: string | undefined;
  return {
    failed(fault, fields) {
      const described = faultFields(fault);
      if (described.error !== last) logger.warn(message, { ...described, ...fields });
      last = described.error;
    },
    worked() {
      last = undefined;
    },
  };
}
