import { type Command, InvalidArgumentError } from 'commander';
import { contextOf, examples, type ProgramDeps } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { visibleLine } from '../terminal/visible.ts';

export interface GoalTestFlags {
  event?: string;
  prop?: string[];
  revenue?: { amount: string; currency: string };
  hash?: true;
}

/** `goals test`: whether a hit would complete a goal, and if not, why. */
export function addGoalTest(goals: Command, deps: ProgramDeps): void {
  goals
    .command('test <goal> [page]')
    .description('say whether a pageview or event would complete it, and if not, why; exits with 1 then')
    .option('--event <name>', 'a custom event of this name (default: a pageview)')
    .option('--prop <name=text...>', 'with these custom properties')
    .option('--revenue <amount>', 'with an amount and its currency, such as "12.30 EUR"', revenue)
    .option('--hash', 'in hash mode: the fragment belongs to the path')
    .addHelpText(
      'after',
      examples(
        'pockethook goals test example.com/Thanks /shop/42/thanks',
        'pockethook goals test example.com/Signup --event Signup --prop plan=pro --revenue "12.30 EUR"',
      ),
    )
    .action(async (name: string, page: string | undefined, flags, command: Command) =>
      testGoal(name, page, flags, contextOf(command, deps)),
    );
}

async function testGoal(
  nameOrId: string,
  url = '/',
  flags: GoalTestFlags,
  { client, names, output, json }: CommandContext,
): Promise<void> {
  const id = await names.idOf('goals', nameOrId);
  const result = await client.post('/api/v1/goals/{id}/test', {
    params: { path: { id } },
    body: {
      url,
      ...(flags.event !== undefined && { event_name: flags.event }),
      ...(flags.prop && { props: Object.fromEntries(flags.prop.map(property)) }),
      ...(flags.revenue && { revenue: flags.revenue }),
      ...(flags.hash && { hash_mode: true }),
    },
  });
  if (json) output.json(result, 2);
  else if (result.completed) output.line(visibleLine(result.explanation));
  if (!result.completed) throw new CommandError(EXIT.failed, visibleLine(result.explanation));
}

/** @throws CommandError `usage` */
function property(text: string): [string, string] {
  const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name !== undefined) return [name, value];
  throw new CommandError(EXIT.usage, `--prop takes name=text, and "${visibleLine(text)}" has no name before a "=".`);
}

function revenue(text: string): { amount: string; currency: string } {
  const [, amount, currency] = /^(-?\d+(?:\.\d+)?) ?([A-Z]{3})$/.exec(text) ?? [];
  if (amount !== undefined && currency !== undefined) return { amount, currency };
  throw new InvalidArgumentError('Write an amount and a currency, such as "12.30 EUR".');
}
