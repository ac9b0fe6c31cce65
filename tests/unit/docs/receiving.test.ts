import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sign } from '../../../api/src/delivery/sign.ts';

const FILE = fileURLToPath(new URL('../../../docs/examples/receiver.mjs', import.meta.url));
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;

let receiver: ChildProcess;
let url: string;
let lines: string[];

beforeEach(async () => {
  receiver = spawn(process.execPath, [FILE], { env: { SECRET, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] });
  lines = [];
  const output = createInterface({ input: receiver.stdout as NodeJS.ReadableStream });
  const [first] = await once(output, 'line');
  url = `http://127.0.0.1:${/port (\d+)$/.exec(first)?.[1]}`;
  output.on('line', (line) => lines.push(line));
});

afterEach(async () => {
  const ended = once(receiver, 'exit');
  receiver.kill();
  await ended;
});

async function post(secrets: string[], id: string, body: string, now = Date.now(), sent = body): Promise<number> {
  const headers = { ...sign(secrets, id, now, Buffer.from(body)), 'content-type': 'text/plain' };
  return (await fetch(url, { method: 'POST', headers, body: sent })).status;
}

test('the page shows the example as it is', () => {
  const page = readFileSync(new URL('../../../docs/receiving.md', import.meta.url), 'utf8');
  expect(page).toContain(`\`\`\`js\n${readFileSync(FILE, 'utf8')}\`\`\`\n`);
});

test.each([
  ['JSON', [SECRET], '{"n":1}'],
  ['a text', [SECRET], 'not JSON'],
  ['signed with both secrets while one is rotated', [OTHER, SECRET], '{"n":1}'],
])('takes what Pockethook signed: %s', async (_, secrets, body) => {
  expect(await post(secrets, 'id', body)).toBe(204);
});

test.each([
  ['another secret', () => post([OTHER], 'id', '{}')],
  ['a changed body', () => post([SECRET], 'id', '{"n":1}', Date.now(), '{"n":2}')],
  ['an old timestamp', () => post([SECRET], 'id', '{}', Date.now() - 6 * 60_000)],
  ['no signature', async () => (await fetch(url, { method: 'POST', body: '{}' })).status],
])('refuses %s', async (_, send) => {
  expect(await send()).toBe(401);
});

test('does its work once for one webhook-id', async () => {
  expect(await post([SECRET], 'first', '1')).toBe(204);
  expect(await post([SECRET], 'first', '1')).toBe(204);
  expect(await post([SECRET], 'second', '2')).toBe(204);
  while (lines.length < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(lines).toEqual(['first 1', 'second 2']);
});
