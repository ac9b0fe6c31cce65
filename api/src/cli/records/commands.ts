import type { Command } from 'commander';
import { contextOf, examples, type ProgramDeps } from '../command.ts';
import { addListOptions, addTimeOptions } from '../lists/options.ts';
import { describeNoun, kindBehind, NOUNS, type Noun, singularOf } from '../nouns.ts';
import { addTriggerBacktest } from './backtest-trigger.ts';
import { addDestinationCommands, addRotation } from './destination-commands.ts';
import { addEditing } from './edit-commands.ts';
import { listPresets } from './presets.ts';
import { listRecords, switchRecord } from './records.ts';
import { revealSecret } from './reveal.ts';
import { showRecord } from './show.ts';
import { testSite } from './site-hits.ts';
import { addSiteVisitors } from './site-visitors.ts';
import { addGoalTest } from './test-goal.ts';
import { addTriggerTest } from './test-trigger.ts';

/** `sources` and the other kinds, each with `ls`, `show`, `create`, `set`, `delete`, `pause` and `resume`. */
export function addRecords(program: Command, deps: ProgramDeps): void {
  for (const kind of NOUNS) {
    const { about, example, pause } = describeNoun(kind).help;
    const commands = program.command(kind).description(about);
    const list = commands.command('ls').description(`list ${kind}, oldest first`);
    if (describeNoun(kind).within === 'site') list.option('--site <name|domain|id>', 'only those of one site');
    addListOptions(addTimeOptions(list, 'those made'), 100)
      .addHelpText(
        'after',
        examples(
          `pockethook ${kind} ls`,
          `pockethook ${kind} ls --search example --csv`,
          `pockethook ${kind} ls --jsonl | jq -r .name`,
        ),
      )
      .action(async (flags, command: Command) => listRecords(kind, flags, contextOf(command, deps)));
    commands
      .command(`show <${singularOf(kind)}>`)
      .description('every field that is set; secrets are masked')
      .addHelpText('after', examples(`pockethook ${kind} show ${example}`))
      .action(async (name: string, _flags, command: Command) => showRecord(kind, name, contextOf(command, deps)));
    addEditing(commands, kind, deps);
    if (kind === 'sources') {
      addPresets(commands, deps);
      addReveal(commands, deps);
    }
    if (kindBehind(kind) === 'destinations') addDestinationCommands(commands, kind, deps);
    if (kind === 'webhooks') addRotation(commands, deps);
    if (kind === 'triggers') {
      addTriggerBacktest(commands, deps);
      addTriggerTest(commands, deps);
    }
    if (kind === 'goals') addGoalTest(commands, deps);
    if (kind === 'sites') {
      addSiteTest(commands, deps);
      addSiteVisitors(commands, deps);
    }
    if (pause) addSwitches(commands, kind, pause, deps);
  }
}

function addSiteTest(sites: Command, deps: ProgramDeps): void {
  sites
    .command('test <site>')
    .description('whether its hits arrive, and why some are dropped; exits with 1 when none do')
    .addHelpText('after', examples('pockethook sites test example.com'))
    .action(async (name: string, _flags, command: Command) => testSite(name, contextOf(command, deps)));
}

/** Pausing a destination holds its deliveries (destination-commands.ts); records of other kinds are ignored while they are paused. */
function addSwitches(commands: Command, kind: Noun, means: [string, string], deps: ProgramDeps): void {
  for (const [index, verb] of (['pause', 'resume'] as const).entries()) {
    commands
      .command(`${verb} <${singularOf(kind)}>`)
      .description(means[index] as string)
      .addHelpText('after', examples(`pockethook ${kind} ${verb} ${describeNoun(kind).help.example}`))
      .action(async (name: string, _flags, command: Command) =>
        switchRecord(kind, name, verb === 'resume', contextOf(command, deps)),
      );
  }
}

function addPresets(sources: Command, deps: ProgramDeps): void {
  sources
    .command('presets [name]')
    .description("list the vendors whose webhooks are known, or show what is known of one's")
    .addHelpText('after', examples('pockethook sources presets', 'pockethook sources presets zoom'))
    .action(async (name: string | undefined, _flags, command: Command) => listPresets(name, contextOf(command, deps)));
}

function addReveal(sources: Command, deps: ProgramDeps): void {
  sources
    .command('reveal <source>')
    .description('show the secret that a handshake brought, this once, to enter it at the vendor')
    .addHelpText('after', examples('pockethook sources reveal notion'))
    .action(async (name: string, _flags, command: Command) => revealSecret(name, contextOf(command, deps)));
}
