import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { ListPath } from '../../../client/client.ts';
import type { Schemas } from '../../../client/schemas.ts';
import { credentialsFile, readCredentials } from '../../local/credentials.ts';
import { StartRefused } from '../../local/start-refused.ts';
import { MAX_HOPS } from '../../model/hops.ts';
import { type Answer, send } from '../api/http.ts';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { destinationState } from '../records/destination-state.ts';
import { destinationUrl, NO_URL_YET } from '../records/show.ts';
import { visibleLine } from '../terminal/visible.ts';
import { bad, type Finding, good } from './finding.ts';
import { findLoops, type Rules } from './loops.ts';
import { examineSites } from './sites.ts';

type DoctorContext = Pick<CommandContext, 'settings' | 'client' | 'output' | 'now' | 'json'>;

const GIBIBYTE = 1024 ** 3;
const ENOUGH_BYTES = GIBIBYTE;
/** Signed webhooks tolerate a difference of clocks of 5 minutes. */
const CLOCK_AT_MOST_MS = 60_000;

const READINESS_FIXES: Record<string, string> = {
  store: 'See the log of the PocketBase service. Meanwhile producers get 503 and send again.',
  schema:
    'Run the API and the PocketBase service of the same release; the newer PocketBase applies its migrations when it starts.',
  configuration:
    'Write the secrets of what is named anew, or add the key that encrypted them to ENCRYPTION_KEYS; nothing that waits is lost.',
  dispatch: 'The API has not reached its store since it started, or is stopping: see its log.',
};

/** `doctor`: runs all checks that are possible from here. @throws CommandError `failed` when a check fails */
export async function examine(context: DoctorContext): Promise<void> {
  const { output, json } = context;
  const findings = [
    ...(await examineApi(context)),
    ...examineProxy(context),
    ...examineLogin(context),
    ...(await examineDisk(context)),
  ];
  const ok = findings.every((finding) => finding.ok);
  if (json) output.json({ ok, checks: findings }, 2);
  else {
    for (const { ok, name, detail, fix } of findings) {
      output.line(`${ok ? output.paint('green', '✓') : output.paint('red', '✗')} ${name}: ${detail}`);
      if (fix) output.line(`  ${fix}`);
    }
  }
  if (!ok)
    throw new CommandError(
      EXIT.failed,
      `${findings.filter((finding) => !finding.ok).length} of ${findings.length} checks failed.`,
    );
}

async function examineApi(context: DoctorContext): Promise<Finding[]> {
  const { url } = context.settings;
  try {
    const { status, body, headers } = await send(`${url}/readyz`, { method: 'GET' });
    const checks = (body as { checks?: Record<string, string> } | undefined)?.checks;
    if (!checks)
      return [
        bad(
          'api',
          `What answers at ${url} is not Pockethook (status ${status})`,
          'Name the right address with --url or POCKETHOOK_URL.',
        ),
      ];
    return [
      good('api', `answers at ${url}`),
      ...Object.entries(checks).map(([name, result]) => readiness(visibleLine(name), visibleLine(result))),
      clock(headers, context.now()),
      ...(await examineAsOperator(context)),
    ];
  } catch (fault) {
    return [fromFault('api', fault)];
  }
}

function readiness(name: string, result: string): Finding {
  return result === 'ok' ? good(name, 'ready') : bad(name, result, READINESS_FIXES[name] ?? 'See the log of the API.');
}

function clock(headers: Answer['headers'], now: number): Finding {
  const ahead = Date.parse(headers.date ?? '') - now;
  if (Math.abs(ahead) <= CLOCK_AT_MOST_MS) return good('clock', "the API's agrees with this machine's");
  const seconds = Math.round(Math.abs(ahead) / 1000);
  const detail = Number.isNaN(ahead)
    ? 'the API does not tell its time'
    : `the API's is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} this machine's`;
  return bad('clock', detail, 'Let both machines follow NTP: signatures more than 5 minutes old are refused.');
}

async function examineAsOperator({ settings, client, now }: DoctorContext): Promise<Finding[]> {
  try {
    const { from } = settings.authenticate();
    await client.logIn();
    return [
      good('credentials', `those of ${from} are accepted`),
      ...(await examineDestinations(client, settings, now())),
      await examineLoops(settings, client),
      ...(await examineSites(client, settings.program, now())),
    ];
  } catch (fault) {
    return [fromFault('credentials', fault)];
  }
}

async function examineDestinations(
  client: DoctorContext['client'],
  { program }: DoctorContext['settings'],
  now: number,
): Promise<Finding[]> {
  const { data } = await client.list('/api/v1/destinations', {}, Number.POSITIVE_INFINITY);
  return [disabledByPockethook(data), failing(data, program, now)];
}

function disabledByPockethook(destinations: Schemas['Destination'][]): Finding {
  const enabled = destinations.filter((destination) => destination.enabled).length;
  const stopped = destinations.filter(({ enabled, disabled_reason, url }) => !enabled && disabled_reason && url);
  const waiting = destinations.filter((destination) => destinationUrl(destination) === NO_URL_YET);
  const names = waiting.map(({ name }) => visibleLine(name)).join(', ');
  const note = waiting.length > 0 ? `; no URL yet: ${names}` : '';
  if (stopped.length === 0)
    return good(
      'destinations',
      `${enabled} of ${destinations.length} are enabled, none was disabled by Pockethook${note}`,
    );
  const list = stopped.map(({ name, disabled_reason }) => visibleLine(`${name} (${disabled_reason})`));
  return bad(
    'destinations',
    `disabled by Pockethook: ${list.join(', ')}`,
    'Correct the cause, then enable them: what they missed is held and goes out.',
  );
}

/** Checks enabled destinations that aren't paused. */
function failing(destinations: Schemas['Destination'][], program: string, now: number): Finding {
  const found = destinations.flatMap(({ id, name, ...destination }) => {
    const { kind, text } = destinationState(destination, now);
    return kind === 'failing' ? [{ id, detail: `${visibleLine(name)} (${text})` }] : [];
  });
  const [first] = found;
  if (!first) return good('sending', 'no destination is failing');
  return bad(
    'sending',
    found.map(({ detail }) => detail).join(', '),
    `What waits is kept. See why: ${program} deliveries ls --destination ${first.id}${found.length > 1 ? `, and the others: ${program} destinations ls` : ''}`,
  );
}

async function examineLoops({ url, publicUrl }: DoctorContext['settings'], client: DoctorContext['client']) {
  const all = async <P extends ListPath>(path: P) => (await client.list(path, {}, Number.POSITIVE_INFINITY)).data;
  const rules: Rules = {
    sources: await all('/api/v1/sources'),
    destinations: await all('/api/v1/destinations'),
    mappings: await all('/api/v1/mappings'),
  };
  const loops = findLoops(rules, publicUrl === undefined ? [url] : [url, publicUrl]);
  if (loops.length === 0) return good('loops', 'no mapping leads events back to where they came from');
  return bad(
    'loops',
    `every event comes back: ${visibleLine(loops.join(', '))}`,
    `After ${MAX_HOPS} rounds it is not sent again. Send it elsewhere, or give a mapping a filter that ends the round.`,
  );
}

/** Says where deliveries leave, where this machine's environment says so. */
function examineProxy({ settings: { deliveryProxy } }: DoctorContext): Finding[] {
  if (deliveryProxy === undefined) return [];
  return [good('proxy', `deliveries to public addresses go through ${deliveryProxy} (DELIVERY_PROXY)`)];
}

/** Checks the file with login and encryption key, only on the machine of a local start. */
function examineLogin({ settings: { dataDir } }: DoctorContext): Finding[] {
  try {
    return readCredentials(dataDir)
      ? [good('login', `kept in ${credentialsFile(dataDir)}, with the encryption keys`)]
      : [];
  } catch (fault) {
    if (!(fault instanceof StartRefused)) throw fault;
    return [bad('login', fault.message, '')];
  }
}

/** Checks the disk, only on the machine that holds the data. */
async function examineDisk({ settings: { dataDir } }: DoctorContext): Promise<Finding[]> {
  if (!existsSync(dataDir)) return [];
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  const detail = `${(free / GIBIBYTE).toFixed(1)} GiB free at ${dataDir}`;
  return [
    free >= ENOUGH_BYTES
      ? good('disk', detail)
      : bad('disk', detail, 'Make room: with a full disk nothing can be accepted.'),
  ];
}

/** CommandErrors already say what to do. */
function fromFault(name: string, fault: unknown): Finding {
  if (!(fault instanceof CommandError)) throw fault;
  return bad(name, fault.message, '');
}
