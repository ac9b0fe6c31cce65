import type { Schemas } from '../../../client/schemas.ts';
import type { DeliveryState } from '../../model/delivery.ts';
import type { CommandContext } from '../context.ts';
import type { TailContext } from '../events/tail.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

import { printList, timesOf } from '../lists/list.ts';
import type { ListFlags, TimeFlags } from '../lists/options.ts';
import { createProgress, progressBar } from '../terminal/progress.ts';
import type { Column } from '../terminal/table.ts';
import { parseSince, relativeTime } from '../terminal/times.ts';
import { visibleLine } from '../terminal/visible.ts';
import { showSkips } from './skips.ts';

const REPLAYS = '/api/v1/replays';
const REPLAY = '/api/v1/replays/{id}';
const POLL_MS = 500;

export interface ReplayManyFlags {
  mode: 'original' | 'current';
  source?: string;
  destination?: string;
  status?: DeliveryState;
  from: string;
  to?: string;
  onlyMissing?: true;
  rate?: number;
  dryRun?: true;
}

type ReplayJob = Schemas['ReplayJob'];

/** `replay` without an event: creates a replay job and follows it until it ends or Ctrl-C. */
export async function replayMany(flags: ReplayManyFlags, context: TailContext): Promise<void> {
  const { settings, client, names, output, now, json } = context;
  const request = {
    mode: flags.mode,
    from: parseSince(flags.from, now()),
    to: flags.to === undefined ? new Date(now()).toISOString() : parseSince(flags.to, now()),
    ...(flags.source !== undefined && { source: await names.idOf('sources', flags.source) }),
    ...(flags.destination !== undefined && { destination: await names.idOf('destinations', flags.destination) }),
    ...(flags.status !== undefined && { status: flags.status }),
    ...(flags.onlyMissing && { only_missing: true }),
    ...(flags.rate !== undefined && { rate: flags.rate }),
  };
  const estimate = async () =>
    (await client.post(REPLAYS, { body: { ...request, dry_run: true } })) as Schemas['ReplayEstimate'];
  if (flags.dryRun) return json ? output.json(await estimate(), 2) : showEstimate(await estimate(), context);
  const job = await follow((await client.post(REPLAYS, { body: request })) as ReplayJob, context);
  if (json) output.json(job, 2);
  if (isOpen(job)) {
    if (job.state === 'paused')
      return output.note(`The replay is paused. Let it go on: ${settings.program} replays resume ${job.id}`);
    return output.note(
      `The replay goes on. Follow it: ${settings.program} replays show ${job.id}; end it: ${settings.program} replays cancel ${job.id}`,
    );
  }
  if (!json) output.line(`${job.state}: ${madeOf(job)}`);
  if (!json && job.state === 'completed' && job.deliveries === 0) await showSkips(await estimate(), context);
  if (job.state === 'failed') throw new CommandError(EXIT.failed, visibleLine(job.error));
  if (job.state === 'cancelled') throw new CommandError(EXIT.failed, `The replay ${job.id} was cancelled.`);
}

async function showEstimate(estimate: Schemas['ReplayEstimate'], context: CommandContext): Promise<void> {
  const { names, output } = context;
  const about = estimate.exact ? '' : 'about ';
  output.line(`${estimate.events} events, ${about}${estimate.deliveries} deliveries would be made.`);
  if (estimate.failed > 0)
    output.line(`${about}${estimate.failed} could not be made: an expression fails on the event.`);
  for (const { event, destination } of estimate.sample) {
    output.line(`  ${event} → ${await names.of('destinations', destination)}`);
  }
  if (estimate.deliveries > estimate.sample.length) output.line('  …');
  await showSkips(estimate, context);
}

/** Shows the progress until the replay has ended or the signal is aborted. */
async function follow(job: ReplayJob, { client, output, json, signal, sleep }: TailContext): Promise<ReplayJob> {
  let current = job;
  const progress = createProgress(output);
  while (isOpen(current) && !signal.aborted) {
    const paused = current.state === 'paused' ? ', paused' : '';
    if (!json) progress.show(shareOf(current), seenOf(current), `${seenOf(current)}, ${madeOf(current)}${paused}`);
    await sleep(POLL_MS, signal);
    current = await client.get(REPLAY, { params: { path: { id: job.id } } });
  }
  if (!json) progress.end();
  return current;
}

const isOpen = ({ state }: ReplayJob) => state === 'pending' || state === 'running' || state === 'paused';
const shareOf = ({ events_seen, events_total }: ReplayJob) => (events_total === 0 ? 0 : events_seen / events_total);
const seenOf = ({ events_seen, events_total }: ReplayJob) => `${events_seen} of ${events_total} events`;

function madeOf({ deliveries, failed }: ReplayJob): string {
  return `${deliveries} deliveries made${failed > 0 ? `, ${failed} could not be made` : ''}`;
}

const COLUMNS: Column[] = [
  { heading: 'CREATED' },
  { heading: 'STATE' },
  { heading: 'MODE', optional: 1 },
  { heading: 'EVENTS' },
  { heading: 'DELIVERIES' },
  { heading: 'FAILED', optional: 2 },
  { heading: 'ACTOR', cutTo: 10 },
  { heading: 'REPLAY' },
];

/** `replays ls` */
export async function listReplays(flags: ListFlags & TimeFlags, context: CommandContext): Promise<void> {
  const query = timesOf(flags, context.now());
  const table = (jobs: ReplayJob[]) => replaysTable(jobs, context);
  await printList(
    { path: REPLAYS, query, nothing: 'There are no such replays of many events.', table },
    flags,
    context,
  );
}

function replaysTable(jobs: ReplayJob[], { output, now }: CommandContext): void {
  const rows = jobs.map((job) => [
    relativeTime(job.created, now()),
    job.state,
    job.mode,
    `${job.events_seen}/${job.events_total}`,
    String(job.deliveries),
    String(job.failed),
    visibleLine(job.actor),
    job.id,
  ]);
  output.table(COLUMNS, rows);
}

/** `replays show` */
export async function showReplay(id: string, { client, names, output, now, json }: CommandContext): Promise<void> {
  const job = await client.get(REPLAY, { params: { path: { id } } });
  if (json) return output.json(job, 2);
  output.fields([
    ['State', job.state],
    ['Progress', `${progressBar(shareOf(job))} ${seenOf(job)}`],
    ['Deliveries', madeOf(job)],
    ['Error', visibleLine(job.error)],
    ['Mode', job.mode],
    ['Source', job.source && (await names.of('sources', job.source))],
    ['Destination', job.destination && (await names.of('destinations', job.destination))],
    ['In state', visibleLine(job.status)],
    ['Only missing', job.only_missing ? 'yes' : ''],
    ['Rate', `${job.rate} a second`],
    ['From', job.from],
    ['To', job.to],
    ['Asked for by', visibleLine(job.actor)],
    ['Created', `${job.created} (${relativeTime(job.created, now())})`],
    ['Finished', job.finished_at ? `${job.finished_at} (${relativeTime(job.finished_at, now())})` : ''],
    ['Replay', job.id],
  ]);
}

/** `replays cancel`, `pause` and `resume` */
export async function commandReplay(
  id: string,
  command: 'cancel' | 'pause' | 'resume',
  { settings, client, output, json }: CommandContext,
): Promise<void> {
  const job = await client.post(`${REPLAY}/${command}`, { params: { path: { id } } });
  if (json) return output.json(job, 2);
  const lines = {
    cancel: `is cancelled: ${madeOf(job)}; those go out.`,
    pause: `is paused: ${madeOf(job)}; those go out. Let it go on: ${settings.program} replays resume ${job.id}`,
    resume: `goes on: ${seenOf(job)} so far. See how far it is: ${settings.program} replays show ${job.id}`,
  };
  output.line(`Replay ${job.id} ${lines[command]}`);
}
