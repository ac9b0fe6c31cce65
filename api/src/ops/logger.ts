import winston from 'winston';
import Transport from 'winston-transport';

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

/** The property from which winston's transports take the line to write (triple-beam's MESSAGE). */
const LINE = Symbol.for('message');

/** Fields are handed over as they are: winston and its formats would copy them one by one, three times. */
interface Info extends winston.LogEntry {
  fields?: object | undefined;
  [LINE]?: string;
}

/** Formats a record as one line of JSON: time, level and message first, then the fields; those that are undefined are left out. */
const jsonLine = winston.format((given) => {
  const info = given as Info;
  const { level, message, fields } = info;
  const head = JSON.stringify({ timestamp: new Date().toISOString(), level, message });
  const rest = fields ? JSON.stringify(fields) : '{}';
  info[LINE] = rest === '{}' ? `${head}\n` : `${head.slice(0, -1)},${rest.slice(1)}\n`;
  return given;
});

/** Hands lines to a destination; winston's Console transport writes each by itself while the event loop waits. */
class DestinationTransport extends Transport {
  readonly #destination: LogDestination;

  constructor(destination: LogDestination) {
    super();
    this.#destination = destination;
  }

  override log(info: Info, next: () => void): void {
    this.#destination.write(info[LINE] ?? '');
    if (info.level === 'error') this.#destination.flush();
    next();
  }
}

/** A logger that writes its own level and those that are graver. */
export function createLogger(level: LogLevel, destination: LogDestination): Logger {
  const logger = winston.createLogger({
    level,
    format: jsonLine(),
    transports: [new DestinationTransport(destination)],
  });
  const log: Logger['log'] = (level, message, fields) => {
    logger.log({ level, message, fields } satisfies Info);
  };
  return {
    log,
    isLevelEnabled: (level) => logger.isLevelEnabled(level),
    error: (message, fields) => log('error', message, fields),
    warn: (message, fields) => log('warn', message, fields),
    info: (message, fields) => log('info', message, fields),
    debug: (message, fields) => log('debug', message, fields),
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
