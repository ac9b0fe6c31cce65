import type { Schemas } from '../../../client/schemas.ts';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Output } from '../terminal/output.ts';
import { visibleLine } from '../terminal/visible.ts';
import { explain, seen, valuesRead } from './decisions.ts';
import { originOf, ruleOf } from './origin.ts';

/** `explain`: for all destinations, or for one by name or id. */
export async function explainEvent(id: string, destination: string | undefined, context: CommandContext) {
  const { client, names, output, json } = context;
  const answer = await client.get('/api/v1/events/{id}/explain', { params: { path: { id } } });
  const only = destination === undefined ? undefined : await names.idOf('destinations', destination);
  const mappings = answer.mappings.filter((one) => only === undefined || one.destination === only);
  if (destination !== undefined && mappings.length === 0) {
    throw new CommandError(
      EXIT.notFound,
      `No mapping of the event's source leads to destination "${visibleLine(destination)}", and none did when the event was accepted.`,
    );
  }
  if (json) return output.json({ ...answer, mappings }, 2);
  output.fields([
    [answer.trigger === '' ? 'Source' : 'Raised by', await originOf(answer, names)],
    ['Type', visibleLine(answer.event_type.at_accept)],
    ['Type now', typeOfNow(answer.event_type)],
    ['Event', answer.event],
  ]);
  if (mappings.length === 0) output.line('\nThe source has no mapping, and had none when the event was accepted.');
  for (const mapping of mappings) await explainMapping(mapping, context);
}

function typeOfNow({ at_accept, now }: Schemas['Explanation']['event_type']): string {
  if (now === null) return 'none: the source is gone';
  return now === at_accept ? '' : visibleLine(now) || '(empty)';
}

async function explainMapping(
  { mapping, destination, at_accept, now }: Schemas['Explanation']['mappings'][number],
  context: CommandContext,
) {
  const { names, output } = context;
  output.heading(await ruleOf({ mapping, destination }, names));
  output.line(`At accept: ${at_accept ? explain(at_accept) : 'the mapping was not there, or led elsewhere'}`);
  if (at_accept) showValues(valuesRead(at_accept), '  ', output);
  output.line(`Now:       ${now ? explainNow(now) : 'the mapping is gone, or leads elsewhere'}`);
  for (const clause of now?.clauses ?? []) showClause(clause, output);
}

function explainNow(decision: Schemas['CurrentDecision']): string {
  switch (decision.outcome) {
    case 'delivery':
      return 'would be delivered';
    case 'held':
      return `would be held: ${visibleLine(decision.reason)}`;
    case 'filtered':
      return `would be filtered out by ${visibleLine(decision.clause)}`;
    case 'disabled':
      return 'the mapping is disabled';
    case 'error':
      return `would be an error in ${visibleLine(decision.where)}: ${visibleLine(decision.message)}`;
  }
}

function showClause(
  { clause, result, message, values }: Schemas['CurrentDecision']['clauses'][number],
  output: Output,
): void {
  const mark = result === 'true' ? output.paint('green', '✓') : output.paint('red', '✗');
  const why = message === undefined ? '' : `: ${visibleLine(message)}`;
  output.line(`  ${mark} ${visibleLine(clause)}${why}`);
  showValues(values, '      ', output);
}

function showValues(values: Schemas['SeenValues'], indent: string, output: Output): void {
  for (const value of values) output.line(`${indent}${output.paint('dim', seen(value))}`);
}
