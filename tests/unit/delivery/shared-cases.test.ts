import { readFileSync } from 'node:fs';
import { createGuard } from '../../../api/src/delivery/guard.ts';
import { formsOfSecrets } from '../../../api/src/delivery/known-secrets.ts';
import { buildRequest } from '../../../api/src/delivery/request.ts';
import { createTransport, type Transport } from '../../../api/src/delivery/transport/transport.ts';
import { parseDuration } from '../../../api/src/model/duration.ts';
import { standardWebhooksKey } from '../../../api/src/model/standard-webhooks.ts';
import { aDestination, aLeasedDelivery } from '../../support/records.ts';
import { type Sink, startSink } from '../../support/sink.ts';

/** The tests of the PocketBase service run the same cases: what it saves is what is sent. */
const shared = JSON.parse(readFileSync(new URL('../../shared/destinations.json', import.meta.url), 'utf8')) as Record<
  string,
  never[]
>;

test.each(shared.durations as { text: string; ms: number | null }[])('duration "$text"', ({ text, ms }) => {
  expect(parseDuration(text) ?? null).toBe(ms);
});

test.each(shared.headers as { name: string; reserved: boolean }[])('header $name', ({ name, reserved }) => {
  const destination = aDestination({ headers: { [name]: 'custom' } });
  const { headers } = buildRequest(aLeasedDelivery(), destination, { userAgent: 'Pockethook', now: () => 0 });
  expect(headers[name.toLowerCase()] === 'custom').toBe(!reserved);
});

describe('header values, beyond ASCII as UTF-8', () => {
  let sink: Sink;
  let transport: Transport;
  beforeAll(async () => {
    sink = await startSink();
    transport = createTransport(
      createGuard({ allowedNetworks: ['127.0.0.0/8'], allowedPorts: ['1-65535'], allowHttp: true }),
    );
  });
  afterAll(async () => {
    transport.close();
    await sink.close();
  });

  // What is none is refused at save, so it is never sent.
  const sendable = (shared.header_values as { value: string; sent: string | null }[]).filter(
    ({ sent }) => sent !== null,
  );
  test.each(sendable)('$value', async ({ value, sent }) => {
    const destination = aDestination({ url: sink.url, headers: { 'x-a': value } });
    const request = buildRequest(aLeasedDelivery(), destination, { userAgent: 'Pockethook', now: () => 0 });
    await transport.send(request, new AbortController().signal);
    // Node reads a byte as a character.
    expect(Buffer.from(String(sink.requests.at(-1)?.headers['x-a']), 'latin1').toString('hex')).toBe(sent);
  });
});

test.each(shared.signing_secrets as { secret: string; key: string | null }[])('$secret', ({ secret, key }) => {
  // What is no signing secret is refused at save, so it is never signed with.
  if (key !== null) expect(standardWebhooksKey(secret).toString('hex')).toBe(key);
});

test.each(shared.chat_urls as { type: 'discord'; url: string; secrets: string[] }[])(
  '$url',
  ({ type, url, secrets }) => {
    expect(formsOfSecrets(aDestination({ type, url }))).toEqual(expect.arrayContaining(secrets));
  },
);
