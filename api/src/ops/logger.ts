import winston from 'winston';

export type Logger = winston.Logger;

/** The property from which winston's transports take the line to write (triple-beam's MESSAGE). */
const LINE = Symbol.for('message');

/**
 * Formats a record as one line of JSON: time, level and message first, then the fields. In one step, since winston's own
 * `timestamp()` and `json()` take twice as long, and two lines are written for each event.
 */
const jsonLine = winston.format((info) => {
  const { level, message, ...fields } = info;
  info[LINE as unknown as string] = JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...fields });
  return info;
});

/** Logs JSON lines to standard output, one wide line per stage. Never pass secrets or payloads. */
export function createLogger(level: string): Logger {
  return winston.createLogger({ level, format: jsonLine(), transports: [new winston.transports.Console()] });
}

/** The loggable fields of an unknown error: its name and message. */
export function faultFields(fault: unknown): { error: string; code?: string } {
  if (!(fault instanceof Error)) return { error: String(fault) };
  const code = (fault as NodeJS.ErrnoException).code;
  const cause = fault.cause instanceof Error ? `: ${fault.cause.message}` : '';
  return { error: `${fault.message}${cause}`, ...(code === undefined ? {} : { code }) };
}

export interface FaultLog {
  failed(fault: unknown, fields?: object): void;
  /** Call on success: the same error is logged again when it comes back. */
  worked(): void;
}

/** For work that is retried: logs one line when the reason of the failure changes, not one per try. */
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
