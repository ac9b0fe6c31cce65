import type { Command } from 'commander';
import type { OpenApiDocument } from '../http/openapi.ts';
import type { Clock } from '../model/ids.ts';
import { createClient } from './api/client.ts';
import { createNames } from './api/names.ts';
import { createWording } from './api/wording.ts';
import type { CommandContext } from './context.ts';
import type { TailContext } from './events/tail.ts';
import { CommandError, EXIT } from './exit-codes.ts';
import { type Environment, readSettings } from './settings.ts';
import { createOutput, type Terminal } from './terminal/output.ts';

/** What a command uses of its process. */
export interface ProgramDeps {
  version: string;
  env: Environment;
  terminal: Terminal;
  now: Clock;
  /** Reads the contract of this release, when it is first needed. */
  contract: () => OpenApiDocument;
  sleep: TailContext['sleep'];
  /** Called by commands that run until Ctrl-C; returns a signal that it aborts. */
  onInterrupt: () => AbortSignal;
  /** Asks the user a question; undefined if standard input is no terminal. */
  confirm: (question: string) => Promise<boolean | undefined>;
}

interface GlobalFlags {
  url?: string;
  json?: true;
}

/** Makes the context of a command from its flags and the process. */
export function contextOf(command: Command, deps: ProgramDeps, signal?: AbortSignal): CommandContext {
  const { url, json } = command.optsWithGlobals<GlobalFlags>();
  const settings = readSettings(url, deps.env);
  const client = createClient({
    ...settings,
    ...(signal ? { signal } : {}),
    command: command.name(),
    wording: createWording({
      program: settings.program,
      flags: command.options.flatMap(({ long }) => long ?? []),
      args: command.registeredArguments.map((argument) => argument.name()),
    }),
    sleep: (milliseconds) => deps.sleep(milliseconds, signal ?? new AbortController().signal),
  });
  return {
    settings,
    client,
    names: createNames(client),
    output: createOutput(deps.terminal),
    now: deps.now,
    contract: deps.contract,
    json: json === true,
  };
}

/** Adds examples to the end of a command's help. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

/**
 * Asks for confirmation before a change that can't be undone, unless `--yes` is given.
 * @throws CommandError `failed` when the user declines, `usage` when there is no terminal
 */
export async function confirmed(question: string, yes: boolean, { confirm }: Pick<ProgramDeps, 'confirm'>) {
  if (yes) return;
  const answer = await confirm(question);
  if (answer === undefined) throw new CommandError(EXIT.usage, `${question} There is nobody to ask: add --yes.`);
  if (!answer) throw new CommandError(EXIT.failed, 'Nothing was done.');
}
