import type { Schemas } from '../../client/schemas.ts';

/** What the command line exits with; docs/cli.md lists them for scripts. 69 and 78 are those of sysexits.h. */
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

/** Why a command can't go on; `message` is for people and says what to do. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly exitCode: ExitCode;
  /** Whether what was asked for may have been done all the same. */
  readonly mayHaveArrived: boolean;
  /** What the API answered, if it refused. */
  readonly problem: Schemas['Problem'] | undefined;

  constructor(exitCode: ExitCode, message: string, extras: CommandErrorExtras = {}) {
    super(message, { cause: extras.cause });
    this.exitCode = exitCode;
    this.mayHaveArrived = extras.mayHaveArrived ?? false;
    this.problem = extras.problem;
  }
}
