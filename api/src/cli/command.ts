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

/** The process around a command. */
export interface ProgramDeps {
  version: string;
  env: Environment;
  terminal: Terminal;
  now: Clock;
  /** The contract of this release, read when it is needed. */
  contract: () => OpenApiDocument;
  sleep: TailContext['sleep'];
  /** Called by a command that runs until it is interrupted: the signal of the interruption. */
  onInterrupt: () => AbortSignal;
  /** Asks a person; undefined: there is nobody to ask. */
  confirm: (question: string) => Promise<boolean | undefined>;
}

interface GlobalFlags {
  url?: string;
  json?: true;
}

/** What a command works with, from its flags and the process around it. */
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

/** For the end of a command's help. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

/**
 * For what can't be undone: goes on with `--yes`, or if the person says so.
 * @throws CommandError `failed` when they don't, `usage` when there is nobody to ask
 */
export async function confirmed(question: string, yes: boolean, { confirm }: Pick<ProgramDeps, 'confirm'>) {
  if (yes) return;
  const answer = await confirm(question);
  if (answer === undefined) throw new CommandError(EXIT.usage, `${question} There is nobody to ask: add --yes.`);
  if (!answer) throw new CommandError(EXIT.failed, 'Nothing was done.');
}
