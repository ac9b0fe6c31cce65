import { type Command, InvalidArgumentError } from 'commander';
import { contextOf, examples, type ProgramDeps } from '../command.ts';
import { describeNoun, type Noun, singularOf } from '../nouns.ts';
import { pauseDestination, resumeDestination, rotateSecret, testDestination } from './destinations.ts';

/** `test`, `pause` and `resume` of destinations, and of webhooks, which are such. */
export function addDestinationCommands(commands: Command, noun: Noun, deps: ProgramDeps): void {
  const [singular, { example }] = [singularOf(noun), describeNoun(noun).help];
  commands
    .command(`test <${singular}>`)
    .description('send a test event now; nothing is stored or tried again')
    .addHelpText('after', examples(`pockethook ${noun} test ${example}`))
    .action(async (name: string, _flags, command: Command) => testDestination(noun, name, contextOf(command, deps)));
  commands
    .command(`pause <${singular}>`)
    .description('hold its deliveries; nothing is lost')
    .addHelpText('after', examples(`pockethook ${noun} pause ${example}`))
    .action(async (name: string, _flags, command: Command) => pauseDestination(noun, name, contextOf(command, deps)));
  commands
    .command(`resume <${singular}>`)
    .description('let go what was held, in order')
    .option('--rate <n>', 'so many deliveries a second (default: all at once)', parseRate)
    .addHelpText(
      'after',
      examples(`pockethook ${noun} resume ${example}`, `pockethook ${noun} resume ${example} --rate 5`),
    )
    .action(async (name: string, flags, command: Command) =>
      resumeDestination(noun, name, flags, contextOf(command, deps)),
    );
}

export function addRotation(webhooks: Command, deps: ProgramDeps): void {
  webhooks
    .command('rotate-secret <webhook>')
    .description('make a new secret, shown this once; requests are signed with the old one as well for a while')
    .option('--overlap <duration>', 'for how long, 0s to 7d (default: 24h)')
    .addHelpText(
      'after',
      examples('pockethook webhooks rotate-secret alerts', 'pockethook webhooks rotate-secret alerts --overlap 0s'),
    )
    .action(async (name: string, flags, command: Command) => rotateSecret(name, flags, contextOf(command, deps)));
}

function parseRate(text: string): number {
  const rate = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (rate >= 0.01 && rate <= 1000) return rate;
  throw new InvalidArgumentError('Write a number from 0.01 to 1000.');
}
