import type { Schemas } from '../../client/schemas.ts';

/** Exit codes of the command line; docs/cli.md documents them for scripts. 69 and 78 are from sysexits.h. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  notAuthenticated: 4,
  unavailable: 69,
  config: 78,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

interface CommandErrorExtras {
  cause?: unknown;
  mayHaveArrived?: boolean;
  problem?: Schemas['Problem'];
}

/** Ends a command with an exit code; `message` is for people and says what to do. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly exitCode: ExitCode;
  /** Whether the request may have been carried out all the same. */
  readonly mayHaveArrived: boolean;
  /** The API's response, if it refused the request. */
  readonly problem: Schemas['Problem'] | undefined;

  constructor(exitCode: ExitCode, message: string, extras: CommandErrorExtras = {}) {
    super(message, { cause: extras.cause });
    this.exitCode = exitCode;
    this.mayHaveArrived = extras.mayHaveArrived ?? false;
    this.problem = extras.problem;
  }
}
