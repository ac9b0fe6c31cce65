import type { Command } from 'commander';
import type { Schemas } from '../../../client/schemas.ts';
import { contextOf, examples, type ProgramDeps } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { timesOf } from '../lists/list.ts';
import { addTimeOptions, type TimeFlags } from '../lists/options.ts';
import { sparkline } from '../terminal/sparkline.ts';
import { shortTime } from '../terminal/times.ts';
import { padded } from '../terminal/width.ts';

export interface VisitorsFlags extends TimeFlags {
  window?: string;
}

type Point = Schemas['SiteVisitors']['points'][number];

const NAMES_WIDTH = 10;
const WIDTH_WITHOUT_TERMINAL = 82;

/** `sites visitors`: how many there were, as a line of bars. */
export function addSiteVisitors(sites: Command, deps: ProgramDeps): void {
  addTimeOptions(sites.command('visitors <site>').description('its visitors over time, and what is usual'), 'those')
    .option('--window <duration>', 'visitors of so long a time: 5m, or one that a trigger watches', '5m')
    .addHelpText(
      'after',
      examples(
        'pockethook sites visitors example.com',
        'pockethook sites visitors example.com --from 7d',
        'pockethook sites visitors example.com --from 30d --window 12h --json',
      ),
    )
    .action(async (name: string, flags, command: Command) => showVisitors(name, flags, contextOf(command, deps)));
}

async function showVisitors(nameOrId: string, flags: VisitorsFlags, context: CommandContext): Promise<void> {
  const { client, names, output, json, now } = context;
  const id = await names.idOf('sites', nameOrId);
  const { from, to } = timesOf({ from: '24h', ...flags }, now());
  const query = { ...(from && { from }), ...(to && { to }), ...(flags.window && { window: flags.window }) };
  const visitors = await client.get('/api/v1/sites/{id}/visitors', { params: { path: { id }, query } });
  if (json) return output.json(visitors, 2);
  const { points, window } = visitors;
  const counted = points.flatMap((point) => (point.visitors === null ? [] : [{ ...point, visitors: point.visitors }]));
  const newest = counted.at(-1);
  if (!newest) return output.note(`Nothing was counted then in windows of ${window}.`);
  const most = counted.reduce((high, one) => (one.visitors > high.visitors ? one : high));
  output.line(`${await names.of('sites', id)}: visitors in ${window}`);
  draw(points, context);
  const usual = newest.usual === null ? '' : `, ${newest.usual} usual`;
  output.line(`most ${most.visitors} at ${shortTime(most.at, now())}, last ${newest.visitors}${usual}`);
}

/** Two lines of one scale, and below them where they begin and end. */
function draw(points: readonly Point[], { output, now }: CommandContext): void {
  const width = Math.max(1, (output.width ?? WIDTH_WITHOUT_TERMINAL) - NAMES_WIDTH);
  const top = Math.max(...points.flatMap(({ visitors, usual }) => [visitors ?? 0, usual ?? 0]));
  const row = (name: string, value: (point: Point) => number | null) =>
    output.line(`${output.paint('dim', padded(name, NAMES_WIDTH))}${sparkline(points.map(value), width, top)}`);
  row('visitors', ({ visitors }) => visitors);
  if (points.some(({ usual }) => usual !== null)) row('usual', ({ usual }) => usual);
  const [first, last] = [points.at(0), points.at(-1)].map((point) => (point ? shortTime(point.at, now()) : ''));
  const room = Math.min(width, points.length) - (last ?? '').length;
  output.line(output.paint('dim', `${' '.repeat(NAMES_WIDTH)}${padded(`${first} `, room)}${last}`));
}
