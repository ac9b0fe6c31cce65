export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

type LogLine = (message: string, fields?: object) => void;

/** Writes one wide line of JSON per stage. Never pass secrets or payloads. */
export interface Logger extends Readonly<Record<LogLevel, LogLine>> {
  log(level: LogLevel, message: string, fields?: object): void;
  isLevelEnabled(level: LogLevel): boolean;
}

/** Where lines go. `flush` writes at once what waits: for lines after which the process may be gone. */
export interface LogDestination {
  write(line: string): void;
  flush(): void;
}

/** From the gravest on: a logger writes its own level and those before it. */
const LEVELS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug'];

/** A record as one line: time, level and message first, then the fields; those that are undefined are left out. */
export function createLogger(level: LogLevel, destination: LogDestination): Logger {
  const enabled = new Set(LEVELS.slice(0, LEVELS.indexOf(level) + 1));

  function log(level: LogLevel, message: string, fields?: object): void {
    if (!enabled.has(level)) return;
    destination.write(`${JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...fields })}\n`);
    if (level === 'error') destination.flush();
  }

  return {
    log,
    error: (message, fields) => log('error', message, fields),
    warn: (message, fields) => log('warn', message, fields),
    info: (message, fields) => log('info', message, fields),
    debug: (message, fields) => log('debug', message, fields),
    isLevelEnabled: (asked) => enabled.has(asked),
  };
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
